using System.Globalization;
using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>
/// What is known of a closed segment without reading it: which sessions have records in it, and where. In memory are the numbers to search by; the places
/// are read when they are asked for. It never changes, but for where its places are kept.
/// </summary>
sealed class SegmentIndex
{
    const string Extension = ".index", RemovedExtension = ".removed";

    readonly IJournalFolder _folder;
    readonly int _placesAt;
    readonly ulong[] _ids, _finished, _unfinished;
    readonly uint[] _finishedAt, _unfinishedAt;
    volatile byte[]? _unwritten;
    bool _isLasting;

    // Rarely asked for, and then again soon: kept as long as there is room.
    readonly WeakReference<FinishedIds> _list = new(null!);

    SegmentIndex(IJournalFolder folder, IndexHead head, int placesAt, bool isRemoved, byte[]? unwritten)
    {
        (_folder, _placesAt, IsRemoved, _unwritten) = (folder, placesAt, isRemoved, unwritten);
        (Segment, Salt, LastSession) = ((long)head.Segment, head.Salt, (long)head.LastSession);
        (FirstBatch, LastBatch, LastEndedAt) = ((long)head.FirstBatch, (long)head.LastBatch, head.LastEndedAtUnixMs);
        (_ids, _finished, _finishedAt) = ([.. head.FinishedIds], [.. head.Finished], [.. head.FinishedAt]);
        (_unfinished, _unfinishedAt) = ([.. head.Unfinished], [.. head.UnfinishedAt]);
    }

    public long Segment { get; }

    public uint Salt { get; }

    public long LastSession { get; }

    /// <summary>The number of the segment's first batch; 0 when it has none.</summary>
    public long FirstBatch { get; }

    public long LastBatch { get; }

    /// <summary>When the last of the sessions that end here ended, in Unix milliseconds; 0 when none does.</summary>
    public long LastEndedAt { get; }

    /// <summary>Whether the segment was removed on purpose, and only the ids of its sessions stayed.</summary>
    public bool IsRemoved { get; }

    /// <summary>Whether the segment is damaged, so that this is not all that stood there.</summary>
    public bool IsDamaged => _unwritten is not null && !_isLasting;

    /// <summary>The sessions that have records here and do not end here, by number.</summary>
    public IReadOnlyList<ulong> Unfinished => _unfinished;

    public static string NameOf(long segment) => string.Create(CultureInfo.InvariantCulture, $"{segment:D12}{Extension}");

    /// <summary>What is called so stands for a segment that was removed.</summary>
    public static string NameOfRemoved(long segment) => string.Create(CultureInfo.InvariantCulture, $"{segment:D12}{RemovedExtension}");

    /// <summary>The number of a segment that was removed; null of another file.</summary>
    public static long? RemovedNumberOf(string name) =>
        name.EndsWith(RemovedExtension, StringComparison.Ordinal) ? SegmentWriter.NumberOf(Path.ChangeExtension(name, Path.GetExtension(SegmentWriter.NameOf(1)))) : null;

    /// <summary>An index that was just made and is not written yet.</summary>
    /// <param name="index">Its bytes.</param>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="isLasting">Whether it may be written: not that of a segment which is damaged.</param>
    /// <param name="head">Its head.</param>
    public static SegmentIndex Of(byte[] index, IJournalFolder folder, bool isLasting, out IndexHead head)
    {
        head = SegmentIndexFormat.TryRead(index, out int placesAt)!;
        return new(folder, head, placesAt, isRemoved: false, index) { _isLasting = isLasting };
    }

    /// <summary>The index of a segment, or what was left of one that was removed; null when there is none that can be read.</summary>
    public static SegmentIndex? TryOpen(IJournalFolder folder, long segment, bool isRemoved, out IndexHead head)
    {
        head = null!;
        using var file = folder.Open(isRemoved ? NameOfRemoved(segment) : NameOf(segment));
        byte[] index = new byte[file.Length];
        if (file.Read(0, index) < index.Length || SegmentIndexFormat.TryRead(index, out int placesAt) is not { } read || (long)read.Segment != segment) return null;
        head = read;
        return new(folder, head, placesAt, isRemoved, unwritten: null);
    }

    /// <summary>Makes it durable, if it is not and may be; from then on places are read from there.</summary>
    public void Write()
    {
        if (!_isLasting || _unwritten is not { } bytes) return;
        WriteFile(_folder, NameOf(Segment), bytes);
        _unwritten = null;
    }

    /// <summary>Makes durable that the segment is removed, and what stays of it. The segment can go then.</summary>
    public SegmentIndex WriteRemoved(IndexHead head)
    {
        head = head.Clone();
        // Where a later index is made anew, this is all that knows the ids of those that started here and ended there.
        ulong[] ids = [.. head.FinishedIds.Concat(ReadUnfinished(_unfinished).Where(place => place.Position == 0).Select(place => SegmentIndexFormat.FingerprintOf(place.SessionId))).Order()];
        head.FinishedIds.Clear();
        head.FinishedIds.Add(ids);
        head.FinishedAt.Clear();
        head.UnfinishedAt.Clear();
        byte[] bytes = SegmentIndexFormat.Write(head, []);
        WriteFile(_folder, NameOfRemoved(Segment), bytes);
        return new(_folder, head, bytes.Length, isRemoved: true, unwritten: null);
    }

    /// <summary>Whether a session of this fingerprint ends here.</summary>
    public bool MayHold(ulong fingerprint) => Array.BinarySearch(_ids, fingerprint) >= 0;

    /// <summary>The place of the session with this id, if it ends here.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public Place? FindFinished(string sessionId, ulong fingerprint)
    {
        int at = Array.BinarySearch(_ids, fingerprint);
        while (at > 0 && _ids[at - 1] == fingerprint) at--;
        for (; at >= 0 && at < _ids.Length && _ids[at] == fingerprint; at++)
            if (!IsRemoved && ReadPlace(_finishedAt[at]) is var place && place.SessionId == sessionId) return place;
        return null;
    }

    /// <summary>Which of these sessions end here, before this time in Unix milliseconds.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public IReadOnlyList<ulong> EndedBefore(long time, HashSet<ulong> sessions)
    {
        var ended = new List<ulong>();
        for (int i = 0; i < _finished.Length; i++)
            if (sessions.Contains(_finished[i]) && (IsRemoved || ReadPlace(_finishedAt[i]).EndedAtUnixMs < time)) ended.Add(_finished[i]);
        return ended;
    }

    /// <summary>The place of a session that has records here and does not end here.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public Place? FindUnfinished(ulong session) =>
        Array.BinarySearch(_unfinished, session) is >= 0 and var at && !IsRemoved ? ReadPlace(_unfinishedAt[at]) : null;

    /// <summary>The places of these sessions, of those that have records here and do not end here.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public IReadOnlyList<Place> ReadUnfinished(ReadOnlySpan<ulong> sessions)
    {
        byte[] places = ReadPlaces();
        var found = new List<Place>(sessions.Length);
        foreach (ulong session in sessions)
            if (Array.BinarySearch(_unfinished, session) is >= 0 and var at) found.Add(PlaceIn(places, (int)_unfinishedAt[at]));
        return found;
    }

    /// <summary>The place of a session's start in one of these segments; null when it is not there any more.</summary>
    /// <exception cref="InvalidDataException">An index is damaged.</exception>
    public static Place? FindStart(IEnumerable<SegmentIndex> segments, ulong session) => segments.Reverse()
        .Select(segment => segment.FindUnfinished(session)).FirstOrDefault(place => place is { Position: 0 });

    /// <summary>The sessions that end here, for lists.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public FinishedIds Finished
    {
        get
        {
            if (_list.TryGetTarget(out var finished)) return finished;
            _list.SetTarget(finished = new(ReadFinished()));
            return finished;
        }
    }

    /// <summary>The places of all sessions that end here, in no order.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public IEnumerable<Place> ReadFinished()
    {
        if (IsRemoved) yield break;
        byte[] places = ReadPlaces();
        foreach (uint at in _finishedAt) yield return PlaceIn(places, (int)at);
    }

    byte[] ReadPlaces()
    {
        if (_unwritten is { } bytes) return bytes[_placesAt..];
        using var file = _folder.Open(NameOf(Segment));
        byte[] places = new byte[file.Length - _placesAt];
        return file.Read(_placesAt, places) == places.Length ? places : throw Damaged();
    }

    Place ReadPlace(uint at)
    {
        if (_unwritten is { } bytes) return PlaceIn(bytes, _placesAt + (int)at);
        using var file = _folder.Open(NameOf(Segment));
        byte[] header = new byte[SegmentIndexFormat.PlaceHeaderSize];
        if (file.Read(_placesAt + at, header) < header.Length) throw Damaged();
        int size = SegmentIndexFormat.PlaceSize(header);
        if (size < 0 || size > file.Length) throw Damaged();
        byte[] place = new byte[header.Length + size];
        file.Read(_placesAt + at, place);
        return PlaceIn(place, 0);
    }

    Place PlaceIn(byte[] bytes, int at)
    {
        var rest = bytes.AsSpan(at);
        if (rest.Length < SegmentIndexFormat.PlaceHeaderSize) throw Damaged();
        int size = SegmentIndexFormat.PlaceSize(rest);
        if (size < 0 || size > rest.Length - SegmentIndexFormat.PlaceHeaderSize) throw Damaged();
        return SegmentIndexFormat.TryReadPlace(rest, rest.Slice(SegmentIndexFormat.PlaceHeaderSize, size)) ?? throw Damaged();
    }

    InvalidDataException Damaged() => new($"{NameOf(Segment)} is damaged");

    static void WriteFile(IJournalFolder folder, string name, byte[] bytes)
    {
        // What an attempt that failed has left, or what was damaged.
        if (folder.List().Contains(name)) folder.Delete(name);
        using var file = folder.Create(name);
        file.Write(0, bytes);
        file.Sync();
        folder.Sync();
    }
}
