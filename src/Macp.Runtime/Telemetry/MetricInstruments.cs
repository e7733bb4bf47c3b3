using System.Diagnostics.Metrics;

namespace Macp.Runtime;

/// <summary>Makes the instruments of metrics.</summary>
static class MetricInstruments
{
    public static Counter<long> Count(this Meter meter, Metric metric) => meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Description);

    public static Histogram<T> Measure<T>(this Meter meter, Metric metric)
        where T : struct => meter.CreateHistogram<T>(metric.Name, metric.Unit, metric.Description);

    public static void Observe(this Meter meter, Metric metric, Func<long> look) => meter.CreateObservableGauge(metric.Name, look, metric.Unit, metric.Description);

    public static void Observe(this Meter meter, Metric metric, Func<IEnumerable<Measurement<double>>> look) => meter.CreateObservableGauge(metric.Name, look, metric.Unit, metric.Description);
}
