using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>Reads a journal from its beginning, segment by segment, and tells what of it cannot be read.</summary>
sealed class JournalReader(IJournalFolder folder)
{
    readonly List<JournalFault> _faults = [];
    bool _isLastBatchUnknown;

    /// <summary>The number of the last segment that was read; 0 when there is none.</summary>
    public long LastSegment { get; private set; }

    /// <summary>The number of the last batch; 0 when there is none.</summary>
    public long LastBatch { get; private set; }

    /// <summary>How often batches were found to be missing: damage between two batches that follow one another has taken nothing.</summary>
    public int Gaps { get; private set; }

    /// <summary>What could not be read, in the order of the segments.</summary>
    public IReadOnlyList<JournalFault> Faults => _faults;

    /// <summary>How much was read.</summary>
    public JournalExtent Extent { get; private set; }

    /// <summary>The segments that there are or were, in their order.</summary>
    public IReadOnlyList<SegmentName> List()
    {
        var names = folder.List();
        var segments = names.Select(SegmentWriter.NumberOf).OfType<long>().ToHashSet();
        var removed = names.Select(SegmentIndex.RemovedNumberOf).OfType<long>().Where(number => !segments.Contains(number) || IsRemovalWhole(number)).ToHashSet();
        return [.. segments.Union(removed).Order().Select(number => new SegmentName(number, removed.Contains(number)))];
    }

    /// <summary>A crash may leave a segment with a part of what was to stay of it: then it was not removed.</summary>
    bool IsRemovalWhole(long segment) => SegmentIndex.TryOpen(folder, segment, isRemoved: true, out _) is not null;

    /// <summary>All entries in their order. What is wrong is known when they have been read.</summary>
    /// <param name="removed">Told of each segment that was removed, when it would have been read; null for nobody.</param>
    public IEnumerable<Entry> ReadAll(Action<IndexHead>? removed = null)
    {
        var segments = List();
        foreach (var segment in segments)
        {
            if (segment.IsRemoved)
            {
                if (PassRemoved(segment.Number, out var rest) is null) continue;
                removed?.Invoke(rest);
                foreach (var entry in rest.Entries) yield return entry;
            }
            else
                foreach (var batch in Read(segment.Number, isLast: segment == segments[^1]))
                    foreach (var entry in JournalCodec.Read(batch.Records)) yield return entry;
        }
    }

    /// <summary>The batches of the next segment.</summary>
    public IEnumerable<SegmentPart> Read(long segment, bool isLast)
    {
        Follow(segment);
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
            Follow(segment, part.Offset, batch.Number, batch.Number);
            Extent = Extent with { Batches = Extent.Batches + 1, Records = Extent.Records + batch.Records };
            yield return part;
        }
    }

    /// <summary>Goes on after the next segment, which an index tells about.</summary>
    public void Pass(SegmentIndex index)
    {
        Follow(index.Segment);
        if (index.FirstBatch > 0) Follow(index.Segment, 0, index.FirstBatch, index.LastBatch);
    }

    /// <summary>Goes on after a segment that was removed on purpose; null when what was left of it cannot be read.</summary>
    public SegmentIndex? PassRemoved(long segment, out IndexHead head)
    {
        var index = SegmentIndex.TryOpen(folder, segment, isRemoved: true, out head);
        if (index is not null)
        {
            Pass(index);
            return index;
        }
        Follow(segment);
        _faults.Add(new(segment, 0, 0, IsTorn: false, "which sessions stood in this segment, which was removed, cannot be read any more"));
        _isLastBatchUnknown = true;
        return null;
    }

    void Follow(long segment)
    {
        if (segment != LastSegment + 1) _faults.Add(new(segment, 0, 0, IsTorn: false, $"segment {LastSegment + 1} is missing"));
        LastSegment = segment;
    }

    void Follow(long segment, int offset, long first, long last)
    {
        long expected = LastBatch + 1;
        if (first != expected && !_isLastBatchUnknown)
        {
            Gaps++;
            _faults.Add(new(segment, offset, 0, IsTorn: false, first == expected + 1 ? $"batch {expected} is missing" : $"batches {expected} to {first - 1} are missing"));
        }
        (LastBatch, _isLastBatchUnknown) = (last, false);
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

/// <summary>A segment by its number.</summary>
/// <param name="Number">The number, from 1.</param>
/// <param name="IsRemoved">Whether it was removed on purpose.</param>
readonly record struct SegmentName(long Number, bool IsRemoved);
