using System.Diagnostics.Metrics;

namespace Macp.Runtime;

/// <summary>Measures a journal, by the meter of the runtime whose histories it keeps.</summary>
sealed class JournalMeter
{
    readonly Counter<long> _records, _written, _failures;
    readonly Histogram<int> _batchSize;
    readonly Histogram<double> _syncDuration;

    /// <param name="meter">The runtime's.</param>
    /// <param name="segments">Tells how many closed segments are kept.</param>
    public JournalMeter(Meter meter, Func<long> segments)
    {
        (_records, _written, _failures) = (meter.Count(Metrics.JournalRecords), meter.Count(Metrics.JournalWritten), meter.Count(Metrics.JournalFailures));
        (_batchSize, _syncDuration) = (meter.Measure<int>(Metrics.JournalBatchSize), meter.Measure<double>(Metrics.JournalSyncDuration));
        meter.Observe(Metrics.JournalSegments, segments);
    }

    /// <summary>A batch is durable.</summary>
    public void Written(int records, int bytes, TimeSpan sync)
    {
        _records.Add(records);
        _written.Add(bytes);
        _batchSize.Record(records);
        _syncDuration.Record(sync.TotalSeconds);
    }

    /// <summary>Something could not be written.</summary>
    public void Failed() => _failures.Add(1);
}
