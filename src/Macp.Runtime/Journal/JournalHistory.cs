using System.Diagnostics.Metrics;

namespace Macp.Runtime;

/// <summary>
/// Histories in a folder on a disk: what was acknowledged is there after a crash, once and in order. One process owns the folder. Many sessions' records
/// share one write and one sync. Changes of the registries stand among them.
/// </summary>
public sealed class JournalHistory : IHistory, IDisposable
{
    const long SegmentBytes = 64 * 1024 * 1024;

    readonly Journal _journal;
    readonly JournalIndexes _indexes;
    readonly IDisposable? _ownership;
    readonly JournalWatch _watch;
    JournalMeter? _meter;
    long _sessions;

    JournalHistory(IJournalFolder folder, JournalRecovery recovery, IDisposable? ownership, JournalWatch watch, long segmentBytes)
    {
        _ownership = ownership;
        _sessions = recovery.LastSession;
        Faults = recovery.Faults;
        _watch = watch;
        _indexes = new(folder, recovery, OnFailed, watch.Damaged);
        _journal = new(new SegmentWriter(folder, recovery.NextSegment, recovery.NextBatch, segmentBytes, _indexes.Close), OnFailed);
        Stored = [.. recovery.Sessions.Select(Recall)];
        StoredChanges = recovery.Changes;
    }

    /// <summary>What of the journal could not be read when it was opened.</summary>
    public IReadOnlyList<JournalFault> Faults { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ISessionHistory> Stored { get; }

    /// <inheritdoc/>
    public IReadOnlyList<RegistryChange> StoredChanges { get; }

    /// <summary>Opens the journal in a folder, which is made where there is none, and reads what it holds of sessions that have not ended.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="watch">Told when the disk fails; null for nobody.</param>
    /// <exception cref="IOException">The folder cannot be used, or another process owns it.</exception>
    /// <exception cref="InvalidDataException">A segment was written by another version of the format.</exception>
    public static JournalHistory Open(string folder, JournalWatch? watch = null)
    {
        FolderSync.Create(folder);
        var ownership = FolderOwnership.Take(folder);
        try
        {
            return Open(new DiskFolder(folder), watch, SegmentBytes, ownership);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    internal static JournalHistory Open(IJournalFolder folder, JournalWatch? watch = null, long segmentBytes = SegmentBytes, IDisposable? ownership = null) =>
        new(folder, JournalRecovery.Of(folder), ownership, watch ?? new(), segmentBytes);

    /// <inheritdoc/>
    public ISessionHistory Create(string sessionId) => new SessionLog(Interlocked.Increment(ref _sessions), _journal, _indexes.Cover);

    /// <inheritdoc/>
    public bool Knows(string sessionId) => _indexes.Know(sessionId);

    /// <inheritdoc/>
    public ValueTask<ISessionHistory?> RecallAsync(string sessionId, CancellationToken cancellationToken) =>
        new(_indexes.Recall(sessionId) is { } stored ? Recall(stored) : null);

    /// <inheritdoc/>
    public IEnumerable<string> FinishedAfter(string? reader, string afterId) => _indexes.FinishedAfter(reader, afterId);

    /// <inheritdoc/>
    public void RemoveFinishedBefore(long unixMs)
    {
        _indexes.RemoveFinishedBefore(unixMs);
        _journal.CloseBefore(unixMs);
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(RegistryChange change)
    {
        var append = new RegistryAppend(change);
        _journal.Enqueue(append);
        return new(append.Settled);
    }

    /// <summary>Writes what is waiting, closes the journal, and leaves the folder to others.</summary>
    public void Dispose()
    {
        _journal.Dispose();
        WhenIndexedAsync().GetAwaiter().GetResult();
        _ownership?.Dispose();
    }

    /// <summary>Has it measured from now on, by the meter of the runtime whose histories it keeps.</summary>
    internal void MeasureBy(Meter meter) => _journal.Meter = _meter = new(meter, () => _indexes.Kept);

    /// <summary>Waits until the segments that were closed by now are indexed, or cannot be.</summary>
    internal Task WhenIndexedAsync() => _indexes.WhenIdleAsync();

    void OnFailed(Exception failure)
    {
        _meter?.Failed();
        _watch.Failed(failure);
    }

    SessionLog Recall(StoredSession stored) => SessionLog.Recall(stored, _journal, _indexes.Cover);
}

/// <summary>Who is told when a journal's disk fails. Neither blocks nor throws.</summary>
public sealed record JournalWatch
{
    /// <summary>Something could not be written; everybody who waited for it is told too. It is tried again with whatever comes next.</summary>
    public Action<Exception> Failed { get; init; } = _ => { };

    /// <summary>Something that was stored cannot be read. What <see cref="JournalHistory.Faults"/> tells is not told again.</summary>
    public Action<JournalFault> Damaged { get; init; } = _ => { };
}
