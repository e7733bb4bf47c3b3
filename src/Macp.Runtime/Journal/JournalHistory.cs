namespace Macp.Runtime;

/// <summary>
/// Histories in a folder on a disk: what was acknowledged is there after a crash, once and in order. One process owns the folder. Many sessions' records
/// share one write and one sync. Changes of the registries stand among them.
/// </summary>
public sealed class JournalHistory : IHistory, IDisposable
{
    const long SegmentBytes = 64 * 1024 * 1024;

    readonly Journal _journal;
    readonly IDisposable? _ownership;
    long _sessions;

    JournalHistory(IJournalFolder folder, JournalRecovery recovery, IDisposable? ownership, Action<Exception>? fault, long segmentBytes)
    {
        _ownership = ownership;
        _sessions = recovery.LastSession;
        Faults = recovery.Faults;
        _journal = new(new SegmentWriter(folder, recovery.NextSegment, recovery.NextBatch, segmentBytes), fault ?? (_ => { }));
        StoredChanges = recovery.Changes;
        Stored = [.. recovery.Sessions.Select(stored => SessionLog.Recall(stored, _journal))];
    }

    /// <summary>What of the journal could not be read when it was opened.</summary>
    public IReadOnlyList<JournalFault> Faults { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ISessionHistory> Stored { get; }

    /// <inheritdoc/>
    public IReadOnlyList<RegistryChange> StoredChanges { get; }

    /// <summary>Opens the journal in a folder, which is made where there is none, and reads what it holds.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="fault">Told when the disk fails; everybody who waited for it is told too. It is tried again with whatever comes next.</param>
    /// <exception cref="IOException">The folder cannot be used, or another process owns it.</exception>
    /// <exception cref="InvalidDataException">A segment was written by another version of the format.</exception>
    public static JournalHistory Open(string folder, Action<Exception>? fault = null)
    {
        FolderSync.Create(folder);
        var ownership = FolderOwnership.Take(folder);
        try
        {
            return Open(new DiskFolder(folder), fault, SegmentBytes, ownership);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    internal static JournalHistory Open(IJournalFolder folder, Action<Exception>? fault = null, long segmentBytes = SegmentBytes, IDisposable? ownership = null) =>
        new(folder, JournalRecovery.Of(folder), ownership, fault, segmentBytes);

    /// <inheritdoc/>
    public ISessionHistory Create(string sessionId) => new SessionLog(Interlocked.Increment(ref _sessions), _journal);

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
        _ownership?.Dispose();
    }
}
