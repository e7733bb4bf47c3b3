using System.Diagnostics.Metrics;

namespace Macp.Runtime.Tests.Telemetry;

/// <summary>What one runtime's meter has told since this listens. A series is a metric's name and its tags, such as <c>macp.messages.rejected mode=a code=B</c>.</summary>
sealed class Measured : IDisposable
{
    readonly MeterListener _listener = new();
    readonly Dictionary<string, double> _values = [];
    readonly Dictionary<string, int> _measurements = [];

    public Measured(MacpRuntime runtime)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != runtime.Meter) return;
            Instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    /// <summary>The sum of what was told of a series, or what a gauge says now; 0 when nothing was told.</summary>
    public double this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            lock (_values) return _values.GetValueOrDefault(series);
        }
    }

    /// <summary>How often something was told of a series.</summary>
    public int Times(string series)
    {
        lock (_values) return _measurements.GetValueOrDefault(series);
    }

    /// <summary>What was counted, by series.</summary>
    public Dictionary<string, double> Counted
    {
        get
        {
            var counters = Metrics.All.Where(metric => metric.Kind is MetricKind.Counter).Select(metric => metric.Name).ToHashSet();
            lock (_values) return _values.Where(value => counters.Contains(value.Key.Split(' ')[0])).ToDictionary();
        }
    }

    public void Dispose() => _listener.Dispose();

    void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string series = instrument.Name;
        foreach (var tag in tags) series += $" {tag.Key}={tag.Value}";
        lock (_values)
        {
            _values[series] = instrument.IsObservable ? value : _values.GetValueOrDefault(series) + value;
            _measurements[series] = _measurements.GetValueOrDefault(series) + 1;
        }
    }
}

/// <summary>Who listens to spans hears those of the whole process: these tests run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "telemetry";
}
