using System.Diagnostics;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>A stream, from its opening to its end.</summary>
sealed class StreamRecord
{
    readonly ClientTelemetry _telemetry;
    readonly string _method;
    readonly long _began = Stopwatch.GetTimestamp();
    readonly Activity? _span;
    bool _ended;

    public StreamRecord(ClientTelemetry telemetry, string method, in CallSubject subject, Uri address)
    {
        (_telemetry, _method) = (telemetry, method);
        var caller = Activity.Current;
        _span = CallSpans.Begin(method, subject, address);
        Activity.Current = caller;
        ClientMetrics.Streams.Add(1, new KeyValuePair<string, object?>(ClientMetrics.MethodTag, method));
        telemetry.Log.StreamOpened(method);
    }

    /// <inheritdoc cref="CallRecord.Propagate"/>
    public void Propagate(GrpcMetadata metadata) => CallSpans.Propagate(_span, metadata);

    /// <summary>The stream has ended; only the first end counts.</summary>
    public void End(GrpcStatusCode status)
    {
        if (Interlocked.Exchange(ref _ended, true)) return;
        _telemetry.Log.StreamEnded(_method, status.Name());
        ClientMetrics.Streams.Add(-1, new KeyValuePair<string, object?>(ClientMetrics.MethodTag, _method));
        ClientMetrics.Calls.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, new(ClientMetrics.MethodTag, _method), new KeyValuePair<string, object?>(ClientMetrics.StatusTag, status.Name()));
        _span?.End(status, null, false);
    }
}
