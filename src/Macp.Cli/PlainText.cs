namespace Macp.Cli;

/// <summary>Text that others may have written, for a line of a terminal.</summary>
static class PlainText
{
    /// <summary>The text, staying on its line, read in its order, and doing nothing to a terminal.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) || IsLineEnd(c) || IsDirection(c) ? ' ' : c));

    /// <summary>JSON with such characters escaped, which stand in its strings only.</summary>
    public static string OfJson(string json) =>
        json.Any(c => IsLineEnd(c) || IsDirection(c)) ? string.Concat(json.Select(c => IsLineEnd(c) || IsDirection(c) ? $"\\u{(int)c:x4}" : c.ToString())) : json;

    static bool IsLineEnd(char c) => c is '\u2028' or '\u2029';

    // Unicode's Bidi_Control: they turn round what follows, so that a name could hide another or a line say something else.
    static bool IsDirection(char c) => c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
