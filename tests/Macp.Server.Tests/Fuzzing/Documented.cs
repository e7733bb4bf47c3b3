using Macp.Grpc;
using Macp.Protocol;
using Macp.Wire.V1;
using static Macp.Grpc.GrpcStatusCode;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>The answers that clients are told to expect. UNKNOWN is that of a handler that failed, and never one of them.</summary>
static class Documented
{
    /// <summary>The one method of another service.</summary>
    public const string Health = "/grpc.health.v1.Health/Check";

    // Of what is no call of gRPC: a page, a path, a verb or a type that there is none of, and what Kestrel says of requests that are none.
    static readonly HashSet<int> NotACall = [200, 400, 404, 405, 411, 413, 414, 415, 426, 431];

    // Of the registry, what nothing here may lead to: the runtime's own failure, a limit that is not set, and what is never sent.
    static readonly HashSet<string> Codes =
        [.. ErrorCode.All.Except([ErrorCode.InternalError, ErrorCode.RateLimited, ErrorCode.DuplicateMessage, ErrorCode.HistoryUnavailable]).Select(code => code.Value)];

    // It is asked with what is for other methods: text, a message of another's or none at all.
    static readonly GrpcStatusCode[] HealthStatuses = [Ok, NotFound, Internal, ResourceExhausted, Unimplemented, DeadlineExceeded];

    static readonly Dictionary<string, GrpcStatusCode[]> Statuses = new()
    {
        ["Initialize"] = [Ok, InvalidArgument, FailedPrecondition],
        ["Send"] = [Ok, InvalidArgument],
        ["StreamSession"] = [Ok, InvalidArgument, Unauthenticated, NotFound, AlreadyExists, ResourceExhausted],
        ["GetSession"] = [Ok, Unauthenticated, NotFound, PermissionDenied],
        ["CancelSession"] = [Ok, Unauthenticated, NotFound, PermissionDenied],
        ["SuspendSession"] = [Ok, Unauthenticated, NotFound, PermissionDenied],
        ["ResumeSession"] = [Ok, Unauthenticated, NotFound, PermissionDenied],
        ["GetManifest"] = [Ok, NotFound],
        ["ListModes"] = [Ok],
        ["ListExtModes"] = [Ok],
        ["ListRoots"] = [Ok],
        ["ListSessions"] = [Ok, Unauthenticated, InvalidArgument],
        ["RegisterExtMode"] = [Ok, Unauthenticated, PermissionDenied, InvalidArgument],
        ["UnregisterExtMode"] = [Ok, Unauthenticated, PermissionDenied],
        ["PromoteMode"] = [Ok, Unauthenticated, PermissionDenied],
        ["RegisterPolicy"] = [Ok, Unauthenticated, PermissionDenied, InvalidArgument],
        ["UnregisterPolicy"] = [Ok, Unauthenticated, PermissionDenied],
        ["GetPolicy"] = [Ok, Unauthenticated, NotFound],
        ["ListPolicies"] = [Ok, Unauthenticated],
        ["WatchModeRegistry"] = [Unauthenticated],
        ["WatchRoots"] = [Unauthenticated],
        ["WatchPolicies"] = [Unauthenticated],
        ["WatchSignals"] = [Unauthenticated, ResourceExhausted],
        ["WatchSessions"] = [Unauthenticated, ResourceExhausted],
    };

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    public static string? Fault(Shot shot, Answer answer, int largestMessage)
    {
        // Kestrel resets a request that is none of HTTP's.
        if (answer.Http == 0) return shot.GivesUp is not null || !shot.IsCall ? null : "the call broke";
        if (!shot.IsCall && answer.Status is null) return NotACall.Contains(answer.Http) ? null : "no such answer is documented";
        if (answer.Http != 200 || answer.Status is not { } status) return "a call was not answered with a status";
        if (shot.Path == Health) return HealthStatuses.Contains(status) ? null : "the method has no such status";
        if (!shot.IsCall) return status is Unimplemented ? null : "a method that there is none of";
        if (shot.Timeout is not null && status is DeadlineExceeded or Internal) return null;

        var (_, faults) = shot.Read(largestMessage);
        // Whatever came before the fault may have ended a stream already.
        if (faults.Contains(status)) return null;
        if (faults.Length > 0 && !shot.Method.IsClientStreaming) return $"the body is no message; {faults[0]} was due";
        return Statuses[shot.Method.Name].Contains(status) ? status is Ok ? FaultOfAnswer(shot, answer) : null : "the method has no such status";
    }

    static string? FaultOfAnswer(Shot shot, Answer answer) => shot.Method.Name switch
    {
        "Send" => Fault(answer.Message(SendResponse.Parser).Ack),
        "CancelSession" => Fault(answer.Message(CancelSessionResponse.Parser).Ack),
        "SuspendSession" => Fault(answer.Message(SuspendSessionResponse.Parser).Ack),
        "ResumeSession" => Fault(answer.Message(ResumeSessionResponse.Parser).Ack),
        "StreamSession" => answer.Messages(StreamSessionResponse.Parser).Select(response => response.Error).OfType<MACPError>().Select(Fault).FirstOrDefault(fault => fault is not null),
        _ => null,
    };

    static string? Fault(Ack ack) => (ack.Ok, ack.Error) switch
    {
        (true, null) or (false, not null) => ack.Error is null ? null : Fault(ack.Error),
        _ => "an ack is positive, or it has an error",
    };

    static string? Fault(MACPError error) => Codes.Contains(error.Code) && error.Message.Length > 0 ? null : $"a nack with the code '{error.Code}'";
}
