using System.Diagnostics.Metrics;
using Macp.Grpc;
using Macp.Runtime;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Macp.Server.Telemetry;

/// <summary>
/// Collects what the runtime measures and traces, for a server of its own: metrics as text for whoever asks, and both for a collector by OTLP. Without either
/// nobody listens, and nothing is measured.
/// </summary>
sealed class HostTelemetry : IDisposable
{
    /// <summary>Of .NET's own: what the process and its connections cost.</summary>
    static readonly string[] Others = ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    const int LongestFlushMs = 2000;

    readonly Lock _gate = new();
    readonly PrometheusText _text = new();
    readonly BaseExportingMetricReader? _reader;
    readonly MeterProvider? _meters;
    readonly TracerProvider? _traces;

    public HostTelemetry(MacpServerOptions options, IMeterFactory meters)
    {
        if (options.MetricsListen is null && options.OtlpEndpoint is null) return;

        var builder = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter([MacpTelemetry.MeterName, ServerMetrics.MeterName, GrpcTelemetry.MeterName, .. Others])
            // Another runtime of this process has meters of the same names.
            .AddView(instrument => instrument.Meter.Scope is null || instrument.Meter.Scope == meters ? null : MetricStreamConfiguration.Drop);
        if (options.MetricsListen is not null) builder.AddReader(_reader = new(_text));
        if (options.OtlpEndpoint is { } endpoint)
        {
            builder.AddOtlpExporter(otlp => Send(otlp, endpoint, "v1/metrics"));
            _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddSource(MacpTelemetry.ActivitySourceName)
                .AddOtlpExporter(otlp => Send(otlp, endpoint, "v1/traces")).Build();
        }
        _meters = builder.Build();
    }

    /// <summary>The metrics as they are now, as text.</summary>
    public string Metrics()
    {
        lock (_gate)
        {
            _reader?.Collect();
            return _text.ToString();
        }
    }

    public void Dispose()
    {
        // What is not sent yet is sent now, by both at a time, and to a collector that does not answer not for long: a stop has a time of its own.
        Parallel.Invoke(() => _meters?.Shutdown(LongestFlushMs), () => _traces?.Shutdown(LongestFlushMs));
        _meters?.Dispose();
        _traces?.Dispose();
    }

    static void Describe(ResourceBuilder resource) => resource.Clear().AddService("macp-runtime").AddTelemetrySdk().AddEnvironmentVariableDetector();

    /// <summary>By HTTP the address is that of the collector, below which each signal has a path; by gRPC, which is the default, it is all there is.</summary>
    static void Send(OtlpExporterOptions otlp, Uri endpoint, string path) =>
        otlp.Endpoint = otlp.Protocol is OtlpExportProtocol.HttpProtobuf ? new(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path) : endpoint;
}
