namespace Macp.Modes;

/// <summary>Folds enum-like text: ASCII only, so that no look-alike becomes a letter (decisions on enum-like strings).</summary>
public static class TextValues
{
    /// <summary>Upper case, or the same string when it is that already.</summary>
    public static string ToUpper(string value) => value.AsSpan().ContainsAnyInRange('a', 'z')
        ? string.Create(value.Length, value, static (to, from) => Ascii.ToUpper(from, to))
        : value;

    /// <summary>Lower case, or the same string when it is that already.</summary>
    public static string ToLower(string value) => value.AsSpan().ContainsAnyInRange('A', 'Z')
        ? string.Create(value.Length, value, static (to, from) => Ascii.ToLower(from, to))
        : value;

    /// <summary>Upper case; the one of these values that it is, as the same string every time, so that a state need not keep it twice.</summary>
    public static string ToUpper(string value, params ReadOnlySpan<string> values) => Known(value, values) ?? ToUpper(value);

    /// <summary>Lower case; the one of these values that it is, as the same string every time, so that a state need not keep it twice.</summary>
    public static string ToLower(string value, params ReadOnlySpan<string> values) => Known(value, values) ?? ToLower(value);

    static string? Known(string value, ReadOnlySpan<string> values)
    {
        foreach (string known in values)
            if (System.Text.Ascii.EqualsIgnoreCase(value, known)) return known;
        return null;
    }

    static class Ascii
    {
        public static void ToUpper(string from, Span<char> to)
        {
            for (int i = 0; i < from.Length; i++) to[i] = char.IsAsciiLetterLower(from[i]) ? (char)(from[i] & ~0x20) : from[i];
        }

        public static void ToLower(string from, Span<char> to)
        {
            for (int i = 0; i < from.Length; i++) to[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        }
    }
}
