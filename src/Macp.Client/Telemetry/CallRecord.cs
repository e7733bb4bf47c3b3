using System.Diagnostics;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>One attempt of a unary call, from its beginning to its answer.</summary>
readonly struct CallRecord(ClientTelemetry telemetry, string method, CallSubject subject, Activity? span)
{
    readonly long _began = ClientMetrics.Calls.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Adds to the call's metadata where in a trace it stands.</summary>
    public void Propagate(GrpcMetadata metadata) => CallSpans.Propagate(span, metadata);

    /// <summary>The call was answered, be it by a negative ack.</summary>
    public void Answered(object response)
    {
        string? nack = CallSubject.NackIn(response);
        bool duplicate = CallSubject.AckIn(response) is { Duplicate: true };
        if (nack is not null)
        {
            telemetry.Log.Refused(method, nack, subject.MessageType, subject.MessageId, subject.SessionId);
            if (ClientMetrics.Nacks.Enabled)
                ClientMetrics.Nacks.Add(1, new(ClientMetrics.CodeTag, ClientTelemetry.Known(nack)), new KeyValuePair<string, object?>(ClientMetrics.MethodTag, method));
        }
        else
        {
            telemetry.Log.Answered(method, duplicate ? "duplicate" : "ok", subject.MessageType, subject.MessageId, subject.SessionId);
        }
        Measure(GrpcStatusCode.Ok);
        span?.End(GrpcStatusCode.Ok, nack, duplicate);
    }

    /// <summary>The call failed, or was cancelled.</summary>
    public void Failed(GrpcStatusCode status)
    {
        if (status is not GrpcStatusCode.Cancelled) telemetry.Log.Failed(method, status.Name());
        Measure(status);
        span?.End(status, null, false);
    }

    void Measure(GrpcStatusCode status)
    {
        if (_began != 0)
            ClientMetrics.Calls.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, new(ClientMetrics.MethodTag, method), new KeyValuePair<string, object?>(ClientMetrics.StatusTag, status.Name()));
    }
}
