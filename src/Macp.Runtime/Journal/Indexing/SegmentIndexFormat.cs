using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>
/// The bytes of an index: a header, the head, then the places, each behind its size and its checksum, so that one can be read without the others.
/// Everything is little-endian. An index that is not sound is made again.
/// </summary>
static class SegmentIndexFormat
{
    const uint Version = 1;

    /// <summary>magic 8, version 4, bytes of the head 4, checksum of everything that follows 4, checksum of these 4.</summary>
    public const int HeaderSize = 24;

    /// <summary>bytes of the place 4, their checksum 4.</summary>
    public const int PlaceHeaderSize = 8;

    static ReadOnlySpan<byte> Magic => "MACPINDX"u8;

    /// <summary>What stands for a session's id: 64 bits of a hash that nobody can aim at. Two ids can have the same, and are told apart by their places.</summary>
    public static ulong FingerprintOf(string sessionId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(sessionId), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    public static void WritePlace(IBufferWriter<byte> bytes, Place place)
    {
        byte[] encoded = place.ToByteArray();
        var header = bytes.GetSpan(PlaceHeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(header, encoded.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C.Of(encoded));
        bytes.Advance(PlaceHeaderSize);
        bytes.Write(encoded);
    }

    /// <summary>The whole of an index.</summary>
    public static byte[] Write(IndexHead head, ReadOnlySpan<byte> places)
    {
        int size = head.CalculateSize();
        byte[] index = new byte[HeaderSize + size + places.Length];
        head.WriteTo(index.AsSpan(HeaderSize, size));
        places.CopyTo(index.AsSpan(HeaderSize + size));
        Magic.CopyTo(index);
        BinaryPrimitives.WriteUInt32LittleEndian(index.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(12), size);
        BinaryPrimitives.WriteUInt32LittleEndian(index.AsSpan(16), Crc32C.Of(index.AsSpan(HeaderSize)));
        BinaryPrimitives.WriteUInt32LittleEndian(index.AsSpan(20), Crc32C.Of(index.AsSpan(0, 20)));
        return index;
    }

    /// <summary>The head of an index, if all of the index is sound and of this version; null otherwise.</summary>
    /// <param name="index">The index.</param>
    /// <param name="placesAt">Where its places begin.</param>
    public static IndexHead? TryRead(ReadOnlySpan<byte> index, out int placesAt)
    {
        placesAt = 0;
        if (index.Length < HeaderSize || !index.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(index[20..]) != Crc32C.Of(index[..20])) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(index[8..]) != Version || BinaryPrimitives.ReadUInt32LittleEndian(index[16..]) != Crc32C.Of(index[HeaderSize..])) return null;
        int size = BinaryPrimitives.ReadInt32LittleEndian(index[12..]);
        placesAt = HeaderSize + size;
        return IndexHead.Parser.ParseFrom(index.Slice(HeaderSize, size));
    }

    public static int PlaceSize(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt32LittleEndian(header);

    /// <summary>The place behind its header; null when it is damaged.</summary>
    public static Place? TryReadPlace(ReadOnlySpan<byte> header, ReadOnlySpan<byte> place) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Crc32C.Of(place) ? Place.Parser.ParseFrom(place) : null;
}
