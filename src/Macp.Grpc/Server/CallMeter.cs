using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Macp.Grpc.Server;

/// <summary>How long calls take, by OpenTelemetry's conventions for RPC. Nothing is measured while nobody listens.</summary>
sealed class CallMeter
{
    // OpenTelemetry's: what is usual of a call is far below a second.
    static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    // For applications that have not asked for metrics, so that listeners of the process hear their calls too.
    static readonly Meter OfTheProcess = new(GrpcTelemetry.MeterName);

    readonly Histogram<double> _duration;

    public CallMeter(IMeterFactory? meters)
    {
        var meter = meters?.Create(GrpcTelemetry.MeterName) ?? OfTheProcess;
        _duration = meter.CreateHistogram("rpc.server.call.duration", "s", "How long calls took, of streams until they ended.", tags: null, Buckets);
    }

    /// <summary>When a call begins; 0 while nobody listens.</summary>
    public long Begin() => _duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>The call that began then has ended.</summary>
    public void End(long begun, string method, GrpcStatusCode code) => _duration.Record(
        Stopwatch.GetElapsedTime(begun).TotalSeconds, new("rpc.method", method), new("rpc.response.status_code", code.Name()));
}
