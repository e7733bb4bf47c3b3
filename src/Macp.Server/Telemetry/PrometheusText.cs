using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Macp.Server.Telemetry;

/// <summary>Writes the metrics that it is given as text in Prometheus' format, version 0.0.4.</summary>
sealed class PrometheusText : BaseExporter<Metric>
{
    readonly StringBuilder _text = new();

    /// <summary>The metrics as they were exported last.</summary>
    public override string ToString() => _text.ToString();

    public override ExportResult Export(in Batch<Metric> batch)
    {
        _text.Clear();
        // Several meters may have an instrument of one name; the format wants the lines of a name together, under one head.
        var metrics = new List<Metric>();
        foreach (var metric in batch) metrics.Add(metric);
        foreach (var sameName in metrics.GroupBy(NameOf).OrderBy(group => group.Key, StringComparer.Ordinal)) Write(sameName.Key, [.. sameName]);
        return ExportResult.Success;
    }

    void Write(string name, Metric[] metrics)
    {
        if (metrics[0].Description is { Length: > 0 } description) _text.Append($"# HELP {name} {Escape(description)}\n");
        _text.Append($"# TYPE {name} {KindOf(metrics[0].MetricType)}\n");
        foreach (var metric in metrics)
            foreach (ref readonly var point in metric.GetMetricPoints())
                Write(name, metric.MetricType, point);
    }

    void Write(string name, MetricType type, in MetricPoint point)
    {
        if (type is MetricType.Histogram) WriteHistogram(name, point);
        else Line(name, point, ValueOf(type, point));
    }

    void WriteHistogram(string name, in MetricPoint point)
    {
        long count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            Line($"{name}_bucket", point, Number(count), $"le=\"{Number(bucket.ExplicitBound)}\"");
        }
        Line($"{name}_sum", point, Number(point.GetHistogramSum()));
        Line($"{name}_count", point, Number(point.GetHistogramCount()));
    }

    void Line(string name, in MetricPoint point, string value, string? bound = null)
    {
        _text.Append(name);
        char next = '{';
        foreach (var tag in point.Tags) Label($"{Legal(tag.Key)}=\"{Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        if (bound is not null) Label(bound);
        if (next == ',') _text.Append('}');
        _text.Append(' ').Append(value).Append('\n');

        void Label(string label)
        {
            _text.Append(next).Append(label);
            next = ',';
        }
    }

    static string ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => Number(point.GetSumLong()),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
        MetricType.LongGauge => Number(point.GetGaugeLastValueLong()),
        _ => Number(point.GetGaugeLastValueDouble()),
    };

    static string KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };

    /// <summary><c>macp_messages_accepted_total</c> for the counter <c>macp.messages.accepted</c>; a unit that is no more than a word of what is counted is left out.</summary>
    internal static string NameOf(Metric metric)
    {
        string name = Legal(metric.Name) + metric.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
        return metric.MetricType is MetricType.LongSum or MetricType.DoubleSum ? $"{name}_total" : name;
    }

    static string Legal(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString(CultureInfo.InvariantCulture);
}
