using System.Text;
using System.Text.Json;

namespace Macp.Protocol;

/// <summary>Reads JSON, and says of what does not fit where it stands.</summary>
static class JsonInput
{
    const int LongestQuote = 60;

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The one value of a text; nothing stands behind it.</summary>
    public static JsonElement Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(StrictUtf8.GetBytes(json));
            return document.RootElement.Clone();
        }
        catch (EncoderFallbackException)
        {
            throw HalfACharacter(path);
        }
        catch (JsonException e)
        {
            throw new JsonFormException(path, $"is not JSON: {e.Message}");
        }
    }

    /// <summary>The members of an object, each with its place; a name that stands twice is told by whoever knows what it names.</summary>
    public static IEnumerable<(string Name, JsonElement Value, string Path)> Members(JsonElement value, string path)
    {
        if (value.ValueKind is not JsonValueKind.Object) throw Misfit(value, path, "an object");
        foreach (var member in value.EnumerateObject()) yield return (NameOf(member, path), member.Value, $"{path}.{Cut(NameOf(member, path))}");
    }

    /// <summary>A text of whole characters.</summary>
    public static string Text(JsonElement value, string path)
    {
        if (value.ValueKind is not JsonValueKind.String) throw Misfit(value, path, "text");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a character, written as an escape, is only noticed when it is read.
            throw HalfACharacter(path);
        }
    }

    /// <summary>Bytes as base64, in the one form that there is of them: two texts of the same bytes would be two canonical forms.</summary>
    public static byte[] Bytes(JsonElement value, string path)
    {
        string text = Text(value, path);
        byte[] bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out int count) && Convert.ToBase64String(bytes, 0, count) == text
            ? bytes[..count]
            : throw Misfit(value, path, "base64, of the standard alphabet and padded");
    }

    public static JsonFormException Misfit(JsonElement value, string path, string wanted) => new(path, $"must be {wanted}; it is {Cut(value.GetRawText())}");

    public static JsonFormException Twice(string path) => new(path, "is set twice");

    static string NameOf(JsonProperty member, string path)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw new JsonFormException(path, "has a name that holds half of a surrogate pair");
        }
    }

    static JsonFormException HalfACharacter(string path) => new(path, "holds half of a surrogate pair");

    static string Cut(string text)
    {
        if (text.Length <= LongestQuote) return text;
        int end = char.IsHighSurrogate(text[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote;
        return $"{text.AsSpan(0, end)}...";
    }
}
