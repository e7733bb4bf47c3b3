using System.Diagnostics;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>The spans of calls, by OpenTelemetry's conventions for RPC, and the trace context that a call carries.</summary>
static class CallSpans
{
    const string TraceParent = "traceparent", TraceState = "tracestate";

    static readonly ActivitySource Source = new(MacpClientTelemetry.ActivitySourceName);

    /// <summary>The span of a call; null when nobody listens.</summary>
    public static Activity? Begin(string method, in CallSubject subject, Uri address)
    {
        var span = Source.HasListeners() ? Source.StartActivity(method, ActivityKind.Client) : null;
        if (span is not { IsAllDataRequested: true }) return span;
        return span.SetTag("rpc.system.name", "grpc").SetTag(ClientMetrics.MethodTag, method).SetTag("server.address", address.Host).SetTag("server.port", address.Port)
            .With("macp.session_id", subject.SessionId).With("macp.mode", subject.Mode).With("macp.message_type", subject.MessageType).With("macp.message_id", subject.MessageId);
    }

    /// <summary>The call was answered; a negative ack is an error, a cancelled call is none.</summary>
    public static void End(this Activity span, GrpcStatusCode status, string? nack, bool duplicate)
    {
        span.SetTag(ClientMetrics.StatusTag, status.Name());
        if (nack is not null) span.SetTag("macp.outcome", "refused").SetTag("macp.error_code", nack).SetStatus(ActivityStatusCode.Error, nack);
        else if (duplicate) span.SetTag("macp.outcome", "duplicate");
        if (status is not (GrpcStatusCode.Ok or GrpcStatusCode.Cancelled)) span.SetTag("error.type", status.Name()).SetStatus(ActivityStatusCode.Error, status.Name());
        span.Dispose();
    }

    /// <summary>Says in a call's metadata where in a trace it stands (W3C Trace Context), unless its caller has said so.</summary>
    public static void Propagate(Activity? span, GrpcMetadata metadata)
    {
        if ((span ?? Activity.Current) is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } current || metadata.Get(TraceParent) is not null) return;
        metadata.Add(TraceParent, id);
        if (current.TraceStateString is { Length: > 0 } state && !state.AsSpan().ContainsAnyExceptInRange(' ', '~')) metadata.Add(TraceState, state);
    }

    static Activity With(this Activity span, string tag, string text) => text.Length == 0 ? span : span.SetTag(tag, text);
}
