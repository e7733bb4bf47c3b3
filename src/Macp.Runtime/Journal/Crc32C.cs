using System.Numerics;
using System.Runtime.InteropServices;

namespace Macp.Runtime;

/// <summary>The checksum of the journal: CRC-32C (Castagnoli), which processors compute by themselves.</summary>
static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, word);
        foreach (byte last in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
