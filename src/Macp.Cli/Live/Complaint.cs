using Macp.Client;
using Macp.Grpc;

namespace Macp.Cli.Live;

/// <summary>What went wrong with a runtime, for people.</summary>
static class Complaint
{
    public static string Of(MacpException failure, Uri endpoint) => failure switch
    {
        MacpRetryException { InnerException: MacpException last } => Of(last, endpoint),
        MacpTransportException transport => $"{Of(transport.StatusCode, endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped))}: {failure.Message}",
        MacpNackException => $"refused: {failure.Message}",
        _ => failure.Message,
    };

    static string Of(GrpcStatusCode status, string runtime) => status switch
    {
        GrpcStatusCode.Unavailable => $"the runtime at {runtime} cannot be reached, or has stopped",
        GrpcStatusCode.Unauthenticated => $"the runtime at {runtime} does not take this credential",
        GrpcStatusCode.PermissionDenied => "this credential is not enough",
        GrpcStatusCode.NotFound => "not found",
        GrpcStatusCode.ResourceExhausted => $"more than the runtime at {runtime} takes",
        _ => $"the runtime at {runtime} failed",
    };
}
