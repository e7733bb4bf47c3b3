using System.Text.RegularExpressions;
using Macp.Tests;

namespace Macp.Samples.Tests.Seeds;

/// <summary>The page "Session Classes API Reference", read for its tables. Its text has lost most of its marks on the way.</summary>
static partial class SessionPage
{
    public const string File = "seeds/000_28bdc5124fcf538b.txt";

    static readonly Lazy<string> Text = new(() => System.IO.File.ReadAllText(SharedFolder.Of(File)));

    /// <summary>The rows of the classes' table: class, mode, methods.</summary>
    public static IReadOnlyList<(string Class, string Mode, string[] Methods)> Classes =>
        [.. ClassRow().Matches(Text.Value).Select(m => (m.Groups["class"].Value, m.Groups["mode"].Value, m.Groups["methods"].Value.Split(", ")))];

    /// <summary>The properties of every class.</summary>
    public static string[] Properties => PropertyList().Match(Text.Value).Groups["names"].Value.Split(',');

    /// <summary>The fields of the block below a heading: name, whether it may be left out, its default where the page tells one.</summary>
    public static IReadOnlyList<(string Name, bool IsOptional, string Default)> Fields(string heading)
    {
        string block = Text.Value[(Text.Value.IndexOf(heading, StringComparison.Ordinal) + heading.Length)..];
        block = block[..block.IndexOf("\n}", StringComparison.Ordinal)];
        return [.. Field().Matches(block).Select(m => (m.Groups["name"].Value, m.Groups["optional"].Success, m.Groups["default"].Value))];
    }

    [GeneratedRegex(@"^(?<class>\w+Session) \| (?<mode>[\w.]+) \| (?<methods>[\w, ]+?) \|", RegexOptions.Multiline)]
    private static partial Regex ClassRow();

    [GeneratedRegex(@"Properties:\s+(?<names>[\w,]+)")]
    private static partial Regex PropertyList();

    [GeneratedRegex(@"^(?<name>\w+)(?<optional>\?)?: .*?;(?: // (?:default: )?(?<default>.*))?$", RegexOptions.Multiline)]
    private static partial Regex Field();
}
