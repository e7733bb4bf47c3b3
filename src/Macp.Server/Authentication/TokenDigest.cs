using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Macp.Server.Authentication;

/// <summary>
/// What stands for a token wherever tokens are kept and compared: its SHA-256. So no comparison tells how much of a guess was right, and no token stays
/// in memory.
/// </summary>
readonly struct TokenDigest : IEquatable<TokenDigest>
{
    readonly ulong _a, _b, _c, _d;

    TokenDigest(ReadOnlySpan<byte> hash) => (_a, _b, _c, _d) = (Word(hash), Word(hash[8..]), Word(hash[16..]), Word(hash[24..]));

    public static TokenDigest Of(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), hash);
        return new(hash);
    }

    // All of it, whatever differs.
    public bool Equals(TokenDigest other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    public override bool Equals(object? obj) => obj is TokenDigest other && Equals(other);

    public override int GetHashCode() => (int)_a;

    static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
