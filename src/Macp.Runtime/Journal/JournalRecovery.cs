using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>What a journal holds when it is opened, and how far it can be trusted.</summary>
sealed class JournalRecovery
{
    readonly Dictionary<ulong, StoredSession> _sessions = [];

    /// <summary>The sessions, in the order of their starts.</summary>
    public IEnumerable<StoredSession> Sessions => _sessions.Values;

    public IReadOnlyList<JournalFault> Faults { get; private set; } = [];

    public long LastSession { get; private set; }

    public long NextSegment { get; private set; }

    public long NextBatch { get; private set; }

    /// <summary>Reads a journal, and cuts from its end what was never whole.</summary>
    public static JournalRecovery Of(IJournalFolder folder)
    {
        var recovery = new JournalRecovery();
        var reader = new JournalReader(folder);
        int faults = 0, gaps = 0;
        foreach (var entry in reader.ReadAll())
        {
            if (reader.Gaps > gaps) recovery.Suspect();
            (faults, gaps) = (reader.Faults.Count, reader.Gaps);
            if (entry.WhatCase is Entry.WhatOneofCase.Session) recovery.Add(entry.Session);
        }
        // Nothing follows that would say what of this was a batch.
        if (reader.Faults.Skip(faults).Any(fault => !fault.IsTorn)) recovery.Suspect();
        // A segment that was only being begun is begun again: its number must not look missing afterwards.
        bool isLastBegun = !reader.Faults.Any(fault => fault is { IsTorn: true, Offset: 0 });
        (recovery.Faults, recovery.NextSegment, recovery.NextBatch) = (reader.Faults, reader.LastSegment + (isLastBegun ? 1 : 0), reader.LastBatch + 1);
        foreach (var torn in reader.Faults.Where(fault => fault.IsTorn)) Cut(folder, torn);
        return recovery;
    }

    void Add(SessionRecord record)
    {
        LastSession = Math.Max(LastSession, (long)record.Session);
        if (record.Start is not null) _sessions[record.Session] = new((long)record.Session);
        if (_sessions.TryGetValue(record.Session, out var session)) session.Add(record);
    }

    /// <summary>Something is missing here: any session that had not ended may have had a record in it, until its next one shows that it had none.</summary>
    void Suspect()
    {
        foreach (var session in _sessions.Values) session.Suspect();
    }

    /// <summary>Cuts a torn end.</summary>
    public static void Cut(IJournalFolder folder, JournalFault torn)
    {
        string name = SegmentWriter.NameOf(torn.Segment);
        if (torn.Offset == 0)
        {
            folder.Delete(name);
            folder.Sync();
            return;
        }
        using var file = folder.Open(name);
        file.Truncate(torn.Offset);
        file.Sync();
    }
}
