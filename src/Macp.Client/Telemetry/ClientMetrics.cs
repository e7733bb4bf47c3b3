using System.Diagnostics.Metrics;

namespace Macp.Client;

/// <summary>The instruments of all clients of the process.</summary>
static class ClientMetrics
{
    public const string MethodTag = "rpc.method", StatusTag = "rpc.response.status_code", CodeTag = "code", ReasonTag = "reason";

    // OpenTelemetry's: what is usual of a call is far below a second.
    static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    static readonly Meter Meter = new(MacpClientTelemetry.MeterName);

    public static readonly Histogram<double> Calls =
        Meter.CreateHistogram("rpc.client.call.duration", "s", "How long calls took, each attempt for itself; of streams until they ended.", tags: null, Buckets);

    public static readonly Counter<long> Nacks = Meter.CreateCounter<long>("macp.client.nacks", "{nack}", "Negative acks.");

    public static readonly Counter<long> Retries = Meter.CreateCounter<long>("macp.client.retries", "{retry}", "Calls that were made again.");

    public static readonly Counter<long> Reconnects = Meter.CreateCounter<long>("macp.client.reconnects", "{reconnect}", "Streams that broke and were opened again.");

    public static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>("macp.client.streams", "{stream}", "Streams and watches that are open.");
}
