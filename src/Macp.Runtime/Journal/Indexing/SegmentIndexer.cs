using System.Buffers;
using Macp.Modes;
using Macp.Wire.Journal.V1;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Makes the index of a segment from its batches.</summary>
/// <param name="segment">The segment's number.</param>
/// <param name="startOf">The place of a session's start in an earlier segment, by the session's number; null when it is not there any more.</param>
sealed class SegmentIndexer(long segment, Func<ulong, Place?> startOf)
{
    readonly Dictionary<ulong, Draft> _sessions = [];
    readonly Dictionary<PolicyDescriptor, IReadOnlyList<string>> _designated = [];
    readonly List<Entry> _others = [];
    long _firstBatch, _lastBatch;

    /// <summary>The index of a closed segment; null when the segment is damaged.</summary>
    public static byte[]? TryMake(IJournalFolder folder, long segment, Func<ulong, Place?> startOf)
    {
        using var file = folder.Open(SegmentWriter.NameOf(segment));
        byte[] bytes = new byte[file.Length];
        if (file.Read(0, bytes) < bytes.Length || !SegmentFormat.TryReadHeader(bytes, out var header) || header.Number != segment) return null;
        var indexer = new SegmentIndexer(segment, startOf);
        foreach (var part in new SegmentScan(bytes).Read(1))
        {
            if (part.Batch is null) return null;
            indexer.Add(part);
        }
        return indexer.Build(header.Salt, bytes.Length);
    }

    /// <summary>Takes in a batch, in the order of the segment.</summary>
    /// <exception cref="InvalidDataException">It holds what no journal writes.</exception>
    public void Add(in SegmentPart batch)
    {
        if (_firstBatch == 0) _firstBatch = batch.Header.Number;
        _lastBatch = batch.Header.Number;
        foreach (var entry in JournalCodec.Split(batch.Records)) Add(entry.Span, batch.Offset);
    }

    /// <summary>The index of everything that was taken in.</summary>
    /// <param name="salt">The segment's salt.</param>
    /// <param name="bytes">The segment's size.</param>
    public byte[] Build(uint salt, long bytes)
    {
        var head = new IndexHead
        {
            Segment = (ulong)segment,
            Salt = salt,
            SegmentBytes = (ulong)bytes,
            FirstBatch = (ulong)_firstBatch,
            LastBatch = (ulong)_lastBatch,
            Entries = { _others },
        };
        foreach (var draft in _sessions.Values.Where(draft => draft.HasEnded)) Identify(draft);
        var places = new ArrayBufferWriter<byte>();
        foreach (var draft in _sessions.Values.Where(draft => !draft.HasEnded).OrderBy(draft => draft.Place.Session))
        {
            head.Unfinished.Add(draft.Place.Session);
            head.UnfinishedAt.Add(Write(places, draft));
        }
        foreach (var draft in _sessions.Values.Where(draft => draft.HasEnded).OrderBy(draft => draft.Fingerprint))
        {
            head.FinishedIds.Add(draft.Fingerprint);
            head.Finished.Add(draft.Place.Session);
            head.LastEndedAtUnixMs = Math.Max(head.LastEndedAtUnixMs, draft.Place.EndedAtUnixMs);
            head.FinishedAt.Add(Write(places, draft));
        }
        if (_sessions.Count > 0) head.LastSession = _sessions.Keys.Max();
        return SegmentIndexFormat.Write(head, places.WrittenSpan);
    }

    void Add(ReadOnlySpan<byte> entry, int batch)
    {
        var peek = new EntryPeek(entry);
        if (peek.Session == 0)
        {
            _others.Add(JournalCodec.Parse(entry));
            return;
        }
        if (!_sessions.TryGetValue(peek.Session, out var draft))
            _sessions.Add(peek.Session, draft = new(new() { Session = peek.Session, Position = peek.Position }));
        draft.Add(batch);
        if (peek.Position == 0) Start(draft.Place, JournalCodec.Parse(entry).Session);
        if (!peek.EndsSession) return;
        draft.HasEnded = true;
        draft.Place.EndedAtUnixMs = JournalCodec.Parse(entry).Session.AcceptedAtUnixMs;
    }

    void Start(Place place, SessionRecord start)
    {
        place.SessionId = start.Start.SessionId;
        if (!_designated.TryGetValue(start.Start.Policy, out var designated))
            _designated.Add(start.Start.Policy, designated = [.. PolicyDefinition.Recall(start.Start.Policy).Commitment.DesignatedRoles]);
        var participants = SessionStartPayload.Parser.ParseFrom(start.Payload).Participants;
        place.Readers.AddRange(SessionReaders.Of(start.Sender, participants, designated).Distinct());
    }

    /// <summary>Whose session that is, whose start was lost or removed with its segment, nobody can say: it has ended, and is found by no id.</summary>
    void Identify(Draft draft)
    {
        if (draft.Place.SessionId.Length == 0 && startOf(draft.Place.Session) is { } start)
        {
            draft.Place.SessionId = start.SessionId;
            draft.Place.Readers.AddRange(start.Readers);
        }
        draft.Fingerprint = draft.Place.SessionId.Length == 0 ? 0 : SegmentIndexFormat.FingerprintOf(draft.Place.SessionId);
    }

    static uint Write(ArrayBufferWriter<byte> places, Draft draft)
    {
        uint at = (uint)places.WrittenCount;
        SegmentIndexFormat.WritePlace(places, draft.Place);
        return at;
    }

    /// <summary>What is known of a session so far.</summary>
    sealed class Draft(Place place)
    {
        long _lastBatch;

        public Place Place => place;

        public bool HasEnded { get; set; }

        public ulong Fingerprint { get; set; }

        public void Add(long batch)
        {
            if (batch == _lastBatch) return;
            place.Batches.Add((ulong)(batch - _lastBatch));
            _lastBatch = batch;
        }
    }
}
