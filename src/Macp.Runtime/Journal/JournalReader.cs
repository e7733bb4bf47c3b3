using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>Reads a journal from its beginning, entry by entry, and tells what of it cannot be read.</summary>
sealed class JournalReader(IJournalFolder folder)
{
    readonly List<JournalFault> _faults = [];
    bool _isAfterRemoval;

    /// <summary>The number of the last segment; 0 when there is none.</summary>
    public long LastSegment { get; private set; }

    /// <summary>The number of the last batch; 0 when there is none.</summary>
    public long LastBatch { get; private set; }

    /// <summary>How often batches were found to be missing: damage between two batches that follow one another has taken nothing.</summary>
    public int Gaps { get; private set; }

    /// <summary>What could not be read, in the order of the segments.</summary>
    public IReadOnlyList<JournalFault> Faults => _faults;

    /// <summary>How much was read.</summary>
    public JournalExtent Extent { get; private set; }

    /// <summary>All entries in their order. What is wrong is known when they have been read.</summary>
    public IEnumerable<Entry> ReadAll()
    {
        var names = folder.List();
        long[] segments = [.. names.Select(SegmentWriter.NumberOf).OfType<long>().Order()];
        var removed = names.Select(RemovedSegment.NumberOf).OfType<long>().ToHashSet();
        foreach (long segment in segments)
        {
            while (LastSegment + 1 < segment && removed.Contains(LastSegment + 1)) (LastSegment, _isAfterRemoval) = (LastSegment + 1, true);
            if (segment != LastSegment + 1) _faults.Add(new(segment, 0, 0, IsTorn: false, $"segment {LastSegment + 1} is missing"));
            foreach (var entry in Read(segment, isLast: segment == segments[^1])) yield return entry;
            LastSegment = segment;
        }
    }

    IEnumerable<Entry> Read(long segment, bool isLast)
    {
        if (ReadWhole(segment) is not { } bytes)
        {
            _faults.Add(new(segment, 0, 0, IsTorn: false, "the segment was removed while the journal was read"));
            yield break;
        }
        Extent = Extent with { Segments = Extent.Segments + 1, Bytes = Extent.Bytes + bytes.Length };
        if (!SegmentFormat.TryReadHeader(bytes, out var header))
        {
            // A crash while a segment was begun leaves one without a header, and nothing in it. Else the batches speak for themselves.
            bool isTorn = isLast && bytes.Length <= SegmentFormat.HeaderSize;
            _faults.Add(new(segment, 0, Math.Min(bytes.Length, SegmentFormat.HeaderSize), isTorn, isTorn ? "the segment was only being begun" : "the segment's header is damaged"));
        }
        else if (header.Number != segment)
        {
            _faults.Add(new(segment, 0, bytes.Length, IsTorn: false, $"this is segment {header.Number} under another's name"));
            yield break;
        }
        foreach (var part in new SegmentScan(bytes).Read(LastBatch + 1))
        {
            if (part.Batch is not { } batch)
            {
                _faults.Add(Fault(segment, part, isTail: part.End == bytes.Length, isLast));
                continue;
            }
            if (batch.Number != LastBatch + 1 && !_isAfterRemoval) Miss(segment, part.Offset, LastBatch + 1, batch.Number - 1);
            (LastBatch, _isAfterRemoval) = (batch.Number, false);
            Extent = Extent with { Batches = Extent.Batches + 1, Records = Extent.Records + batch.Records };
            foreach (var entry in JournalCodec.Read(part.Records)) yield return entry;
        }
    }

    void Miss(long segment, int offset, long first, long last)
    {
        Gaps++;
        _faults.Add(new(segment, offset, 0, IsTorn: false, first == last ? $"batch {first} is missing" : $"batches {first} to {last} are missing"));
    }

    /// <summary>The end of the newest segment is what a crash leaves half written; it was never acknowledged. Anything else was, once.</summary>
    static JournalFault Fault(long segment, SegmentPart part, bool isTail, bool isLast) => isTail && isLast
        ? new(segment, part.Offset, part.End - part.Offset, IsTorn: true, "the last batch is incomplete: it was only being written")
        : new(segment, part.Offset, part.End - part.Offset, IsTorn: false, "a batch is damaged");

    /// <summary>The segment's bytes; null when it is not there any more, which happens to whoever does not own the folder.</summary>
    byte[]? ReadWhole(long segment)
    {
        try
        {
            using var file = folder.Open(SegmentWriter.NameOf(segment));
            byte[] bytes = new byte[file.Length];
            return bytes[..file.Read(0, bytes)];
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
