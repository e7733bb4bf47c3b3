namespace Macp.Server.Telemetry;

/// <summary>What a caller has chosen, as it may stand in a log: on one line, without control characters, and not too long.</summary>
static class LogText
{
    const int Longest = 200;

    public static string Of(string text)
    {
        if (text.Length <= Longest && !text.Any(IsUnfit)) return text;
        string printable = string.Concat(text.Take(Longest).Select(c => IsUnfit(c) ? '\uFFFD' : c));
        return text.Length > Longest ? $"{printable}... ({text.Length} characters)" : printable;
    }

    // Line and paragraph separators, and what turns the direction of writing, are no control characters to .NET.
    static bool IsUnfit(char c) => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c)
        is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
