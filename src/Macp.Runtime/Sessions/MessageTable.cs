namespace Macp.Runtime;

/// <summary>
/// The records of a session by message id: the duplicate table, annotations included. It grows by one bucket a record (linear hashing), so that
/// no message pays for the session's length, and its chains run through the records, so that an entry costs no object of its own.
/// </summary>
sealed class MessageTable
{
    const int SmallestSegment = 4, SegmentSize = 512;

    HistoryRecord?[][] _segments = [new HistoryRecord?[SmallestSegment]];
    int _count;

    // Buckets below _split have been split in this round already; a round begins with _low buckets and ends with twice as many.
    int _low = SmallestSegment, _split;

    public HistoryRecord? Find(string messageId)
    {
        int hash = messageId.GetHashCode();
        for (var record = Bucket(IndexOf(hash)); record is not null; record = record.NextInBucket)
            if (record.IdHash == hash && record.MessageId == messageId) return record;
        return null;
    }

    /// <summary>Adds a record whose id is not in the table.</summary>
    public void Add(HistoryRecord record)
    {
        if (++_count > _low + _split) SplitNext();
        record.IdHash = record.MessageId.GetHashCode();
        Push(ref Bucket(IndexOf(record.IdHash)), record);
    }

    int IndexOf(int hash)
    {
        int index = hash & (_low - 1);
        return index < _split ? hash & (2 * _low - 1) : index;
    }

    ref HistoryRecord? Bucket(int index) => ref _segments[index / SegmentSize][index % SegmentSize];

    void SplitNext()
    {
        int from = _split, into = _low + _split;
        MakeRoomFor(into);
        var chain = Bucket(from);
        Bucket(from) = null;
        while (chain is not null)
        {
            var record = chain;
            chain = record.NextInBucket;
            Push(ref Bucket(record.IdHash & (2 * _low - 1)), record);
        }
        if (++_split == _low) (_low, _split) = (_low * 2, 0);
    }

    /// <summary>The first segment doubles until it is full, since most sessions are small; after it come whole ones.</summary>
    void MakeRoomFor(int index)
    {
        int segment = index / SegmentSize;
        if (segment == 0 && index == _segments[0].Length) Array.Resize(ref _segments[0], index * 2);
        if (segment == _segments.Length) Array.Resize(ref _segments, segment * 2);
        _segments[segment] ??= new HistoryRecord?[SegmentSize];
    }

    static void Push(ref HistoryRecord? chain, HistoryRecord record)
    {
        record.NextInBucket = chain;
        chain = record;
    }
}
