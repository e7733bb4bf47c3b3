using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Macp.Grpc.Wire;

namespace Macp.Grpc.Client;

/// <summary>Reads a call's status out of its HTTP response.</summary>
static class ResponseStatus
{
    /// <summary>Trailers-Only, or a response that is not gRPC: the status that the headers alone decide. Null when messages may follow.</summary>
    public static GrpcStatus? OfHeaders(HttpResponseMessage response)
    {
        if (Of(response.Headers) is { } status) return status;
        if (response.StatusCode != HttpStatusCode.OK) return new(OfHttp((int)response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode}.");

        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var contentType);
        if (!HeaderName.IsGrpc(contentType.ToString())) return new(GrpcStatusCode.Unknown, $"The server answered with content type '{contentType}'.");
        return null;
    }

    /// <summary>The status at the end of the body.</summary>
    public static GrpcStatus OfTrailers(HttpResponseMessage response) =>
        Of(response.TrailingHeaders) ?? new(GrpcStatusCode.Internal, "The response ended without a grpc-status.");

    // doc/http-grpc-status-mapping.md
    static GrpcStatusCode OfHttp(int status) => status switch
    {
        400 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    static GrpcStatus? Of(HttpHeaders fields)
    {
        if (!fields.NonValidated.TryGetValues(HeaderName.Status, out var text)) return null;

        var detail = fields.NonValidated.TryGetValues(HeaderName.Message, out var message) ? PercentEncoding.Decode(message.ToString()) : "";
        if (int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= (int)GrpcStatusCode.Unauthenticated)
            return code == 0 && detail.Length == 0 ? GrpcStatus.Ok : new((GrpcStatusCode)code, detail);
        return new(GrpcStatusCode.Unknown, $"The server sent the unknown grpc-status '{text}'. {detail}".TrimEnd());
    }
}
