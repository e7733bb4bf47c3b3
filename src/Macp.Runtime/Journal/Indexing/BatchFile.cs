namespace Macp.Runtime;

/// <summary>A segment of which single batches are read, at places that an index tells.</summary>
sealed class BatchFile(IJournalFolder folder, SegmentIndex index) : IDisposable
{
    readonly IJournalFile _file = folder.Open(SegmentWriter.NameOf(index.Segment));

    /// <summary>The records of the batch at this place; null when it is damaged.</summary>
    public ReadOnlyMemory<byte>? Read(long offset)
    {
        byte[] header = new byte[SegmentFormat.BatchHeaderSize];
        if (_file.Read(offset, header) < header.Length || !SegmentFormat.TryReadBatchHeader(header, out var batch) || batch.Salt != index.Salt) return null;
        if (batch.Bytes > _file.Length - offset - header.Length) return null;
        byte[] records = new byte[batch.Bytes];
        if (_file.Read(offset + header.Length, records) < records.Length || Crc32C.Of(records) != batch.Checksum) return null;
        return records;
    }

    /// <summary>What is to be told of a batch that is damaged. Its size is known as long as its header is sound.</summary>
    public JournalFault Fault(long offset)
    {
        byte[] header = new byte[SegmentFormat.BatchHeaderSize];
        int bytes = _file.Read(offset, header) == header.Length && SegmentFormat.TryReadBatchHeader(header, out var batch) ? batch.Bytes : 0;
        return new(index.Segment, offset, header.Length + bytes, IsTorn: false, "a batch is damaged");
    }

    public void Dispose() => _file.Dispose();
}
