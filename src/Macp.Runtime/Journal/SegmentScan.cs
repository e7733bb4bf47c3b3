namespace Macp.Runtime;

/// <summary>
/// Reads a segment from its bytes. What is damaged is told with its place and passed over: the next batch whose checksums hold, and whose number can
/// follow, is where it goes on. Batches may be missing before it.
/// </summary>
/// <param name="bytes">The whole segment, its header included.</param>
sealed class SegmentScan(ReadOnlyMemory<byte> bytes)
{
    // Where the segment's header is damaged, its first batch knows it too.
    readonly uint? _salt = SegmentFormat.TryReadHeader(bytes.Span, out var segment) ? segment.Salt
        : bytes.Length > SegmentFormat.HeaderSize && SegmentFormat.TryReadBatchHeader(bytes.Span[SegmentFormat.HeaderSize..], out var first) ? first.Salt : null;

    /// <summary>The batches in their order, and what lies between them.</summary>
    /// <param name="number">The smallest number that the first batch can have.</param>
    public IEnumerable<SegmentPart> Read(long number)
    {
        for (int offset = SegmentFormat.HeaderSize; offset < bytes.Length;)
        {
            var part = TryRead(offset, out var batch) && batch.Header.Number >= number ? batch : new(offset, EndOfDamage(offset, number), null, default);
            if (part.Batch is { } header) number = header.Number + 1;
            yield return part;
            offset = part.End;
        }
    }

    bool TryRead(int offset, out SegmentPart batch)
    {
        batch = default;
        var rest = bytes[offset..];
        if (!TryReadHeader(offset, out var header)) return false;
        // Written so that no length overflows.
        if (header.Bytes > rest.Length - SegmentFormat.BatchHeaderSize) return false;
        int end = offset + SegmentFormat.BatchHeaderSize + header.Bytes;
        var records = rest.Slice(SegmentFormat.BatchHeaderSize, header.Bytes);
        if (Crc32C.Of(records.Span) != header.Checksum) return false;
        batch = new(offset, end, header, records);
        return true;
    }

    bool TryReadHeader(int offset, out BatchHeader header) =>
        SegmentFormat.TryReadBatchHeader(bytes.Span[offset..], out header) && header.Salt == (_salt ?? header.Salt);

    /// <summary>
    /// Where to go on after something that is no batch. A header that is sound tells how long its batch was: what stands in there is what clients sent,
    /// and could be made to look like a batch. Else it is where the next batch begins that is not older than this, or the end.
    /// </summary>
    int EndOfDamage(int offset, long number)
    {
        if (TryReadHeader(offset, out var header))
            return (int)Math.Min((long)offset + SegmentFormat.BatchHeaderSize + header.Bytes, bytes.Length);
        for (offset++; offset <= bytes.Length - SegmentFormat.BatchHeaderSize; offset++)
            if (SegmentFormat.BeginsBatch(bytes.Span[offset..]) && TryRead(offset, out var batch) && batch.Header.Number >= number) return offset;
        return bytes.Length;
    }
}

/// <summary>A part of a segment: a batch, or bytes that are none.</summary>
/// <param name="Offset">Where it begins, in bytes from the segment's beginning.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Batch">The batch's header; null for bytes that are no batch.</param>
/// <param name="Records">The batch's records.</param>
readonly record struct SegmentPart(int Offset, int End, BatchHeader? Batch, ReadOnlyMemory<byte> Records)
{
    public BatchHeader Header => Batch!.Value;
}
