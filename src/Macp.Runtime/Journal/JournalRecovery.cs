using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>
/// What a journal holds when it is opened, and how far it can be trusted. Segments with a sound index are not read, but for the records of sessions that
/// have not ended; the others are read, and indexed.
/// </summary>
sealed class JournalRecovery
{
    readonly IJournalFolder _folder;
    readonly JournalReader _reader;
    readonly HashSet<string> _names;
    readonly List<SegmentIndex> _indexes = [];
    readonly List<JournalFault> _faults = [];
    readonly List<RegistryChange> _changes = [];

    // The sessions that have not ended, and where batches are missing before which they may have had records.
    readonly HashSet<ulong> _unfinished = [];
    readonly Dictionary<ulong, string> _startedIds = [];
    readonly List<(long Segment, long Offset)> _gaps = [];

    JournalRecovery(IJournalFolder folder) => (_folder, _reader, _names) = (folder, new(folder), [.. folder.List()]);

    /// <summary>The sessions that have not ended, in the order of their starts.</summary>
    public IReadOnlyList<StoredSession> Sessions { get; private set; } = [];

    /// <summary>The ids of those of which not even the start can be read any more. They stay taken.</summary>
    public IReadOnlySet<string> Startless { get; private set; } = new HashSet<string>();

    /// <summary>What is known of each segment, in their order.</summary>
    public IReadOnlyList<SegmentIndex> Indexes => _indexes;

    /// <summary>The changes of the registries, in the order in which they were made.</summary>
    public IReadOnlyList<RegistryChange> Changes => _changes;

    public IReadOnlyList<JournalFault> Faults => _faults;

    public long LastSession { get; private set; }

    public long NextSegment { get; private set; }

    public long NextBatch { get; private set; }

    /// <summary>Reads a journal, and cuts from its end what was never whole.</summary>
    public static JournalRecovery Of(IJournalFolder folder)
    {
        var recovery = new JournalRecovery(folder);
        recovery.ReadSegments();
        recovery.Sessions = recovery.ReadUnfinished();
        foreach (var torn in recovery._reader.Faults.Where(fault => fault.IsTorn)) Cut(folder, torn);
        return recovery;
    }

    void ReadSegments()
    {
        var segments = _reader.List();
        int unfollowed = 0;
        foreach (var segment in segments)
        {
            if (segment.IsRemoved) PassRemoved(segment.Number);
            else if (TryOpenIndex(segment.Number) is { } known) Pass(known.Index, known.Head);
            else unfollowed = Make(segment.Number, isLast: segment == segments[^1], unfollowed);
        }
        // Nothing follows that would say what of this was a batch.
        if (_reader.Faults.Skip(unfollowed).Any(fault => !fault.IsTorn)) _gaps.Add((long.MaxValue, 0));
        _faults.AddRange(_reader.Faults);
        // A segment that was only being begun is begun again: its number must not look missing afterwards.
        bool isLastBegun = !_faults.Any(fault => fault is { IsTorn: true, Offset: 0 });
        (NextSegment, NextBatch) = (_reader.LastSegment + (isLastBegun ? 1 : 0), _reader.LastBatch + 1);
    }

    /// <summary>The index of a segment, if it was made from what the segment is now.</summary>
    (SegmentIndex Index, IndexHead Head)? TryOpenIndex(long segment)
    {
        if (!_names.Contains(SegmentIndex.NameOf(segment)) || SegmentIndex.TryOpen(_folder, segment, isRemoved: false, out var head) is not { } index) return null;
        using var file = _folder.Open(SegmentWriter.NameOf(segment));
        byte[] header = new byte[SegmentFormat.HeaderSize];
        bool isSame = file.Length == (long)head.SegmentBytes && file.Read(0, header) == header.Length
            && SegmentFormat.TryReadHeader(header, out var found) && (found.Number, found.Salt) == (segment, head.Salt);
        return isSame ? (index, head) : null;
    }

    void Pass(SegmentIndex index, IndexHead head)
    {
        int gaps = _reader.Gaps;
        _reader.Pass(index);
        if (_reader.Gaps > gaps) _gaps.Add((index.Segment, 0));
        Take(index, head);
    }

    /// <summary>A segment was removed; what a crash left of it goes too.</summary>
    void PassRemoved(long segment)
    {
        if (_reader.PassRemoved(segment, out var head) is not { } index) return;
        Take(index, head);
        SegmentRemoval.Finish(_folder, segment, _names);
    }

    /// <summary>Reads a segment that has no index. Answers how many faults there were when its last batch was read.</summary>
    int Make(long segment, bool isLast, int unfollowed)
    {
        var indexer = new SegmentIndexer(segment, session => SegmentIndex.FindStart(_indexes, session));
        int faults = _reader.Faults.Count, gaps = _reader.Gaps;
        SegmentPart? last = null;
        foreach (var batch in _reader.Read(segment, isLast))
        {
            if (_reader.Gaps > gaps) _gaps.Add((segment, batch.Offset));
            (gaps, unfollowed, last) = (_reader.Gaps, _reader.Faults.Count, batch);
            indexer.Add(batch);
        }
        if (last is not { } end) return unfollowed;
        // What is damaged is read at every start, and told.
        bool isLasting = _reader.Faults.Skip(faults).All(fault => fault.IsTorn);
        Take(SegmentIndex.Of(indexer.Build(end.Header.Salt, end.End), _folder, isLasting, out var head), head);
        return unfollowed;
    }

    void Take(SegmentIndex index, IndexHead head)
    {
        _indexes.Add(index);
        if (!index.IsRemoved) _unfinished.UnionWith(index.Unfinished);
        _unfinished.ExceptWith(head.Finished);
        _changes.AddRange(head.Entries.Select(RegistryCodec.Read).OfType<RegistryChange>());
        LastSession = Math.Max(LastSession, index.LastSession);
    }

    IReadOnlyList<StoredSession> ReadUnfinished()
    {
        var sessions = new Dictionary<ulong, StoredSession>();
        var policies = new StoredPolicies();
        var gaps = new Queue<(long, long)>(_gaps);
        foreach (var index in _indexes.Where(index => !index.IsRemoved))
        {
            ulong[] here = [.. index.Unfinished.Where(_unfinished.Contains)];
            if (here.Length == 0) continue;
            foreach (ulong number in here) sessions.TryAdd(number, new((long)number, policies));
            using var file = new BatchFile(_folder, index);
            var places = index.ReadUnfinished(here);
            foreach (var start in places.Where(place => place.Position == 0)) _startedIds[start.Session] = start.SessionId;
            foreach (long offset in places.SelectMany(place => place.Offsets).Distinct().Order())
            {
                while (gaps.TryPeek(out var gap) && gap.CompareTo((index.Segment, offset)) <= 0 && gaps.TryDequeue(out _)) Suspect(sessions.Values);
                if (file.Read(offset) is { } records) Add(sessions, records);
                else Damage(file.Fault(offset), places.Where(place => place.Offsets.Contains(offset)).Select(place => sessions[place.Session]));
            }
        }
        if (gaps.Count > 0) Suspect(sessions.Values);
        Startless = sessions.Where(session => session.Value.Records.Count == 0 && _startedIds.ContainsKey(session.Key)).Select(session => _startedIds[session.Key]).ToHashSet(StringComparer.Ordinal);
        return [.. sessions.Values.Where(session => session.Records.Count > 0).OrderBy(session => session.Number)];
    }

    static void Add(Dictionary<ulong, StoredSession> sessions, ReadOnlyMemory<byte> records)
    {
        foreach (var entry in JournalCodec.Split(records))
            if (sessions.TryGetValue(new EntryPeek(entry.Span).Session, out var session)) session.Add(JournalCodec.Parse(entry.Span).Session);
    }

    void Damage(JournalFault fault, IEnumerable<StoredSession> sessions)
    {
        _faults.Add(fault);
        foreach (var session in sessions) session.Damage();
    }

    /// <summary>Something is missing here: any session that had not ended may have had a record in it, until its next one shows that it had none.</summary>
    static void Suspect(IEnumerable<StoredSession> sessions)
    {
        foreach (var session in sessions) session.Suspect();
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
