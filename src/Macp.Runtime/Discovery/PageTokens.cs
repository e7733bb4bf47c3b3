using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Macp.Runtime;

/// <summary>
/// Where a list of sessions goes on: after which id, of which list. Only what this runtime gave to this identity leads on; a token that is forged,
/// somebody else's, of another list or of an earlier process does not.
/// </summary>
sealed class PageTokens
{
    const string Version = "v1:";
    const int SealSize = 16;

    readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The token that leads on after this session.</summary>
    /// <param name="list">What is being listed, and for whom.</param>
    /// <param name="lastId">The last session of the page.</param>
    public string Write(string list, string lastId)
    {
        byte[] position = Encoding.UTF8.GetBytes(Version + lastId);
        return Base64Url.EncodeToString([.. Seal(list, position), .. position]);
    }

    /// <summary>Reads a token of this list; an empty one leads to its beginning.</summary>
    public bool TryRead(string list, string token, [NotNullWhen(true)] out string? lastId)
    {
        lastId = token.Length == 0 ? "" : null;
        if (lastId is not null) return true;
        if (!Base64Url.IsValid(token, out int size) || size <= SealSize) return false;
        byte[] bytes = Base64Url.DecodeFromChars(token);
        var position = bytes.AsSpan(SealSize);
        if (!CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SealSize), Seal(list, position))) return false;
        lastId = Encoding.UTF8.GetString(position)[Version.Length..];
        return true;
    }

    ReadOnlySpan<byte> Seal(string list, ReadOnlySpan<byte> position) =>
        HMACSHA256.HashData(_key, (byte[])[.. Encoding.UTF8.GetBytes(list), 0, .. position]).AsSpan(0, SealSize);
}
