using Macp.Grpc;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>How the kernel's outcomes are told as gRPC statuses.</summary>
static class Statuses
{
    /// <summary>The value, or the failure as a status.</summary>
    public static T ValueOf<T>(Outcome<T> outcome)
        where T : class => outcome.Succeeded(out var value, out var failure) ? value : throw Exception(CodeOf(failure.Kind), failure.Message);

    public static GrpcException Exception(GrpcStatusCode code, string message) => new(new GrpcStatus(code, message));

    public static GrpcStatusCode CodeOf(FailureKind kind) => kind switch
    {
        FailureKind.Unauthenticated => GrpcStatusCode.Unauthenticated,
        FailureKind.NotFound => GrpcStatusCode.NotFound,
        FailureKind.PermissionDenied => GrpcStatusCode.PermissionDenied,
        FailureKind.InvalidArgument => GrpcStatusCode.InvalidArgument,
        FailureKind.FailedPrecondition => GrpcStatusCode.FailedPrecondition,
        FailureKind.HistoryUnavailable => GrpcStatusCode.OutOfRange,
        _ => GrpcStatusCode.Internal,
    };

    /// <summary>The status that ends a stream after this refusal; null for one that is told inline and leaves the stream open.</summary>
    public static GrpcStatusCode? EndsStream(MACPError error) => new ErrorCode(error.Code) switch
    {
        var code when code == ErrorCode.Unauthenticated => GrpcStatusCode.Unauthenticated,
        var code when code == ErrorCode.SessionAlreadyExists => GrpcStatusCode.AlreadyExists,
        var code when code == ErrorCode.SessionNotOpen || code == ErrorCode.InvalidSessionId || code == ErrorCode.InvalidPolicyDefinition => GrpcStatusCode.InvalidArgument,
        var code when code == ErrorCode.RateLimited || code == ErrorCode.PayloadTooLarge => GrpcStatusCode.ResourceExhausted,
        var code when code == ErrorCode.InternalError => GrpcStatusCode.Internal,
        _ => null,
    };
}
