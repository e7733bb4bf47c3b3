namespace Macp.Protocol;

/// <summary>The form of session ids.</summary>
public static class SessionIds
{
    const int UuidLength = 36, ShortestToken = 22, VersionDigit = 14;

    /// <summary>A new session id: a random UUID in its lower-case hyphenated form.</summary>
    public static string New() => Guid.NewGuid().ToString();

    /// <summary>
    /// Whether <paramref name="id"/> is a lower-case hyphenated UUID of version 4 or 7, or a base64url token of at least 22 characters.
    /// What reads as a UUID is judged as one: an upper-case UUID is not a token.
    /// </summary>
    public static bool IsValid(string id) =>
        id.Length == UuidLength && Guid.TryParseExact(id, "D", out var uuid)
            ? id[VersionDigit] is '4' or '7' && id == uuid.ToString()
            : id.Length >= ShortestToken && !id.AsSpan().ContainsAnyExcept(Base64Url);

    static readonly System.Buffers.SearchValues<char> Base64Url =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
