using System.Diagnostics.Metrics;
using Macp.Tests;

namespace Macp.Runtime.Tests.Telemetry;

/// <summary>docs/telemetry.md tells of every metric what it is, and of none that there is not.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class TelemetryPageTests
{
    static readonly string[] OlderRuntimes =
    [
        "macp_messages_accepted_total", "macp_messages_rejected_total", "macp_sessions_started_total", "macp_sessions_resolved_total", "macp_sessions_expired_total",
        "macp_sessions_cancelled_total", "macp_sessions_suspended_total", "macp_sessions_resumed_total", "macp_commitments_accepted_total", "macp_commitments_rejected_total",
    ];

    [Fact]
    public void The_page_lists_the_metrics() =>
        Assert.Equal(Metrics.All.Select(metric => $"| `{metric.Name}` | `{Prometheus(metric)}` | {Kind(metric)} | {Unit(metric)} | {Tags(metric)} |"), Rows("## Metrics").Select(row => FirstCells(row, 5)));

    [Fact]
    public void The_runtime_has_an_instrument_for_each_metric_and_no_other()
    {
        using var history = JournalHistory.Open(new FaultyFolder());
        var world = new World(history: history);
        using var measured = new Measured(world.Runtime);
        Assert.Equal(
            Metrics.All.Select(metric => (metric.Name, (string?)metric.Unit, (string?)metric.Description, metric.Kind)).Order(),
            measured.Instruments.Select(instrument => (instrument.Name, instrument.Unit, instrument.Description, KindOf(instrument))).Order());
    }

    [Fact]
    public void The_counters_of_the_older_runtime_keep_their_names() => Assert.Superset(OlderRuntimes.ToHashSet(), Metrics.All.Select(Prometheus).ToHashSet());

    [Fact]
    public void The_page_lists_the_spans() =>
        Assert.Equal(new[] { KernelSpans.Send, KernelSpans.Control, KernelSpans.Due, KernelSpans.Recover }.Select(name => $"| `{name}` |"), Rows("## Spans").Select(row => FirstCells(row, 1)));

    static string Prometheus(Metric metric) =>
        metric.Name.Replace('.', '_') + metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" } + (metric.Kind is MetricKind.Counter ? "_total" : "");

    static string Kind(Metric metric) => metric.Kind.ToString().ToLowerInvariant();

    static string Unit(Metric metric) => metric.Unit.Trim('{', '}');

    static string Tags(Metric metric) => string.Join(", ", metric.Tags.Select(tag => $"`{tag}`"));

    static MetricKind KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> => MetricKind.Counter,
        Histogram<int> or Histogram<double> => MetricKind.Histogram,
        ObservableGauge<long> or ObservableGauge<double> => MetricKind.Gauge,
        _ => throw new NotSupportedException(instrument.GetType().Name),
    };

    /// <summary>The rows of the first table under a heading, without its head.</summary>
    static IEnumerable<string> Rows(string heading) => File.ReadLines(Path.Combine(SharedFolder.Repository, "docs", "telemetry.md"))
        .SkipWhile(line => line != heading).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2);

    static string FirstCells(string row, int count) => string.Join('|', row.Split('|').Take(count + 1)) + "|";
}
