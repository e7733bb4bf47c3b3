using Macp.Grpc;

namespace Macp.Client;

/// <summary>Turns what the transport throws into this library's exceptions.</summary>
static class Failures
{
    const string DetailsTrailer = "macp-error-details-bin";

    public static MacpTransportException Of(GrpcException failure, string operation)
    {
        string message = $"{operation}: {failure.Status}";
        return failure.Status.Code is GrpcStatusCode.DeadlineExceeded
            ? new MacpTimeoutException(message, failure)
            : new MacpTransportException(failure.Status.Code, message, failure) { Reasons = ErrorDetails.Reasons(failure.Trailers.GetBytes(DetailsTrailer)) };
    }

    public static MacpException Closed(string what) => new($"The {what} is closed; open another one.");
}
