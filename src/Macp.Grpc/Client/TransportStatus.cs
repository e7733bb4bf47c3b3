using System.Net.Sockets;

namespace Macp.Grpc.Client;

/// <summary>The status of a call that HTTP/2 failed.</summary>
static class TransportStatus
{
    public static GrpcStatus Of(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException reset) return new(OfReset(reset.ErrorCode), $"The stream was reset with HTTP/2 error {reset.ErrorCode}.");
            // .NET calls a connection that is cut in the middle of its handshake an invalid response.
            if (e is SocketException) return new(GrpcStatusCode.Unavailable, exception.Message);
        }

        return exception switch
        {
            // .NET calls it an invalid response when a connection ends before HTTP/2 begins, as it does where the server refuses the client's certificate under TLS 1.3.
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } when HasEnded(exception) => new(GrpcStatusCode.Unavailable, exception.Message),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError or HttpRequestError.ConfigurationLimitExceeded } =>
                new(GrpcStatusCode.Internal, exception.Message),
            // How the handler tells that the connect timeout has passed.
            OperationCanceledException { InnerException: TimeoutException late } => new(GrpcStatusCode.Unavailable, late.Message),
            HttpRequestException or IOException => new(GrpcStatusCode.Unavailable, exception.Message),
            ObjectDisposedException => new(GrpcStatusCode.Unavailable, "The channel is closed."),
            _ => new(GrpcStatusCode.Internal, exception.Message),
        };
    }

    static bool HasEnded(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            if (e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or SocketException) return true;
        return false;
    }

    // "Errors" of the gRPC-over-HTTP2 specification, but for NO_ERROR: a server that goes away in peace (GOAWAY) ends its streams so too, .NET tells the one
    // like the other, and it is what happens.
    static GrpcStatusCode OfReset(long code) => code switch
    {
        0x0 => GrpcStatusCode.Unavailable, // NO_ERROR
        0x7 => GrpcStatusCode.Unavailable, // REFUSED_STREAM: certainly not processed
        0x8 => GrpcStatusCode.Cancelled, // CANCEL
        0xb => GrpcStatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => GrpcStatusCode.PermissionDenied, // INADEQUATE_SECURITY
        0x1 or 0x2 or 0x3 or 0x4 or 0x6 or 0x9 or 0xa => GrpcStatusCode.Internal,
        _ => GrpcStatusCode.Unknown,
    };
}
