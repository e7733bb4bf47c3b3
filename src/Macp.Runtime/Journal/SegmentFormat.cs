using System.Buffers.Binary;

namespace Macp.Runtime;

/// <summary>
/// The bytes of a segment: a header, then batches. Everything is little-endian, and nothing is trusted whose checksum is wrong. A batch is what was
/// made durable together: it is there whole or not at all. What clients send could be made to look like a batch, and would be found where a real one's
/// header is damaged: so each batch names the salt of its segment, which nobody can know who has not read the file.
/// </summary>
static class SegmentFormat
{
    /// <summary>The version of the format that is written. Only the same is read: a later one may mean something else by the same bytes.</summary>
    public const uint Version = 1;

    /// <summary>The size of a segment's header, in bytes.</summary>
    public const int HeaderSize = 28;

    /// <summary>The size of a batch's header, in bytes.</summary>
    public const int BatchHeaderSize = 32;

    /// <summary>The most bytes of records in a batch: a larger number is damage, not a size.</summary>
    public const int MaxBatchBytes = 1 << 30;

    static ReadOnlySpan<byte> Magic => "MACPJRNL"u8;

    const uint BatchMagic = 0x4843_5442; // "BTCH"

    /// <summary>magic 8, version 4, segment number 8, salt 4, checksum of these 4.</summary>
    public static void WriteHeader(Span<byte> header, in SegmentHeader segment)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], segment.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], segment.Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], Crc32C.Of(header[..24]));
    }

    /// <summary>Reads a segment's header; false when it is none, or damaged.</summary>
    /// <exception cref="InvalidDataException">It has another version.</exception>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out SegmentHeader segment)
    {
        segment = default;
        if (header.Length < HeaderSize || !header.StartsWith(Magic)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) != Crc32C.Of(header[..24])) return false;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        segment = new(BinaryPrimitives.ReadInt64LittleEndian(header[12..]), BinaryPrimitives.ReadUInt32LittleEndian(header[20..]));
        return version == Version
            ? true
            : throw new InvalidDataException($"segment {segment.Number} of the journal has format version {version}, and this program reads {Version} only");
    }

    /// <summary>magic 4, bytes of records 4, number of records 4, number of the batch in the journal 8, checksum of the records 4, salt 4, checksum of these 4.</summary>
    public static void WriteBatchHeader(Span<byte> header, in BatchHeader batch)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, BatchMagic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], batch.Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], batch.Records);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], batch.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], batch.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], batch.Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], Crc32C.Of(header[..28]));
    }

    /// <summary>Whether a batch may begin here.</summary>
    public static bool BeginsBatch(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes) == BatchMagic;

    /// <summary>Reads a batch's header; false when it is none, or damaged.</summary>
    public static bool TryReadBatchHeader(ReadOnlySpan<byte> header, out BatchHeader batch)
    {
        batch = default;
        if (header.Length < BatchHeaderSize || !BeginsBatch(header)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Crc32C.Of(header[..28])) return false;
        batch = new(
            BinaryPrimitives.ReadInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt32LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[12..]), BinaryPrimitives.ReadUInt32LittleEndian(header[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[24..]));
        return batch.Bytes is >= 0 and <= MaxBatchBytes && batch.Records > 0;
    }
}

/// <summary>What stands before the batches of a segment.</summary>
/// <param name="Number">The segment's number, from 1.</param>
/// <param name="Salt">A random number that each of its batches repeats.</param>
readonly record struct SegmentHeader(long Number, uint Salt);

/// <summary>What stands before the records of a batch.</summary>
/// <param name="Bytes">How many bytes of records follow.</param>
/// <param name="Records">How many records they are.</param>
/// <param name="Number">The batch's number, from 1 through all segments: none can be missing unnoticed.</param>
/// <param name="Checksum">Of the records' bytes.</param>
/// <param name="Salt">The segment's.</param>
readonly record struct BatchHeader(int Bytes, int Records, long Number, uint Checksum, uint Salt);
