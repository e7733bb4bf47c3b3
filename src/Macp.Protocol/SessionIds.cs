using System.Buffers;

namespace Macp.Protocol;

/// <summary>The form of session ids.</summary>
public static class SessionIds
{
    const int UuidLength = 36, ShortestToken = 22, VersionDigit = 14;

    static readonly SearchValues<char> Base64Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A new session id: a random UUID in its lower-case hyphenated form.</summary>
    public static string New() => Guid.NewGuid().ToString();

    /// <summary>A new session id that sorts by its time: a UUID of version 7 in its lower-case hyphenated form.</summary>
    /// <param name="time">The time, to the millisecond, such as a clock tells it.</param>
    public static string NewOrdered(DateTimeOffset time) => Guid.CreateVersion7(time).ToString();

    /// <summary>
    /// Whether <paramref name="id"/> is a lower-case hyphenated UUID of version 4 or 7, or a base64url token of at least 22 characters.
    /// What reads as a UUID is judged as one: an upper-case UUID is not a token.
    /// </summary>
    public static bool IsValid(string id) =>
        IsUuid(id)
            ? id[VersionDigit] is '4' or '7' && !id.AsSpan().ContainsAnyInRange('A', 'F')
            : id.Length >= ShortestToken && !id.AsSpan().ContainsAnyExcept(Base64Url);

    // Guid.TryParse would not do: it takes a leading 0x for a part of a UUID, and such an id is a token.
    static bool IsUuid(string id)
    {
        if (id.Length != UuidLength) return false;
        for (int i = 0; i < id.Length; i++)
            if (i is 8 or 13 or 18 or 23 ? id[i] != '-' : !char.IsAsciiHexDigit(id[i])) return false;
        return true;
    }
}
