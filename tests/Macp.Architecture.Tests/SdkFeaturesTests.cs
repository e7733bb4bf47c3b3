using System.Text.RegularExpressions;
using Macp.Tests;

namespace Macp.Architecture.Tests;

/// <summary>The page of features has each row of the catalogue, with tests that there are, or with the reason why it is left out.</summary>
public partial class SdkFeaturesTests
{
    const string Catalogue = "spec/sdk-features.md", LeftOut = "**left out:**";

    static readonly IReadOnlyList<Row> Page = [.. Row.Of(Path.Combine(SharedFolder.Repository, "docs", "sdk-features.md"))];

    static readonly Lazy<HashSet<string>> Tests = new(ReadTests);

    public static TheoryData<string> Sections => [.. Page.Select(row => row.Section).Distinct()];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_test_that_is_named_is_one(string section) => None(
        RowsOf(section).SelectMany(row => Names(row.Shown).Where(name => !Tests.Value.Contains(name)).Select(name => $"{row.Name}: no test is named {name}")));

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_row_has_a_test_or_the_reason_why_it_is_left_out(string section) => None(
        RowsOf(section).Where(row => row.Cells.Length != 3 || row.Cells.Any(cell => cell.Length == 0) || !IsSettled(row.Shown))
            .Select(row => $"{row.Name}: it names no test and no reason, or something beside them: {row.Shown}"));

    [SharedFact(Catalogue)]
    public void Every_id_of_the_catalogue_is_there_once_and_no_other() =>
        Assert.Equal(Ids(Row.Of(SharedFolder.Of(Catalogue))).Order(StringComparer.Ordinal), Ids(Page).Order(StringComparer.Ordinal));

    [SharedFact(Catalogue)]
    public void Every_row_of_the_catalogue_is_in_its_section_as_often_as_there()
    {
        // Its section 0 tells of the two packages; of it only what came to the wire has rows here.
        var asked = Row.Of(SharedFolder.Of(Catalogue)).Where(row => row.Section != "0" || row.Head == "proto addition").ToList();

        Assert.NotEmpty(asked);
        None(asked.GroupBy(row => (row.Section, row.Name)).Select(rows => (rows.Key, Missing: rows.Count() - Page.Count(row => (row.Section, row.Name) == rows.Key)))
            .Where(row => row.Missing > 0).Select(row => $"{row.Key.Section}: {row.Key.Name} is missing {row.Missing} times"));
    }

    [SharedFact(Catalogue)]
    public void Every_section_of_the_catalogue_is_there() =>
        None(SectionLine().Matches(File.ReadAllText(SharedFolder.Of(Catalogue))).Select(line => line.Groups["number"].Value).Except(
            SectionLine().Matches(File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "sdk-features.md"))).Select(line => line.Groups["number"].Value)));

    /// <summary>Findings are told whole, one a line.</summary>
    static void None(IEnumerable<string> findings)
    {
        string told = string.Join('\n', findings);
        Assert.True(told.Length == 0, told);
    }

    static IEnumerable<Row> RowsOf(string section) => Page.Where(row => row.Section == section);

    static IEnumerable<string> Ids(IEnumerable<Row> rows) => rows.Select(row => row.Name).Where(name => Id().IsMatch(name));

    /// <summary>The tests that a cell names; behind the words for what is left out there are none.</summary>
    static IEnumerable<string> Names(string shown) => Code().Matches(shown.Split(LeftOut)[0]).Select(match => match.Groups[1].Value);

    /// <summary>Names of tests and nothing else, then perhaps what is left out, with a reason that says something.</summary>
    static bool IsSettled(string shown) => shown.Split(LeftOut) switch
    {
        [var tests] => Names(tests).Any() && IsNames(tests),
        [var tests, var reason] => IsNames(tests) && reason.Trim().Length >= 30,
        _ => false,
    };

    static bool IsNames(string text) => Code().Replace(text, "").Trim().Length == 0;

    /// <summary>The methods that are tests, by their file's name, which is the class's.</summary>
    static HashSet<string> ReadTests() => Project.Files("*.cs")
        .Where(path => Project.Relative(path).StartsWith("tests/", StringComparison.Ordinal))
        .SelectMany(path => TestMethod().Matches(File.ReadAllText(path)).Select(match => $"{Path.GetFileNameWithoutExtension(path)}.{match.Groups["name"].Value}"))
        .ToHashSet(StringComparer.Ordinal);

    // The attribute of a test, whatever stands between it and the method.
    [GeneratedRegex(@"^    \[(?:\w+, )*\w*(?:Fact|Theory)\b(?:(?!^    public |^    \}).*\n)+?    public (?:async )?(?:Task|void) (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex TestMethod();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^(?:[a-z]{2}-[0-9]{2}|[rd][0-9]{2})$")]
    private static partial Regex Id();

    [GeneratedRegex("^##+ (?<number>[0-9]+(?:\\.[0-9]+)?)", RegexOptions.Multiline)]
    private static partial Regex SectionLine();

    /// <summary>A row of a table in a section with a number; names and heads without marks.</summary>
    sealed record Row(string Section, string Head, string[] Cells)
    {
        public string Name => Plain(Cells[0]);

        public string Shown => Cells[^1];

        public static IEnumerable<Row> Of(string path)
        {
            var (section, head) = ("", "");
            foreach (string line in File.ReadLines(path))
            {
                if (SectionLine().Match(line) is { Success: true } begun) section = begun.Groups["number"].Value;
                if (!line.StartsWith('|'))
                {
                    head = "";
                    continue;
                }
                string[] cells = [.. CellEnd().Split(line.Trim()[1..^1]).Select(cell => cell.Trim())];
                if (head.Length == 0) head = Plain(cells[0]) is { Length: > 0 } name ? name : "-";
                else if (cells[0].Trim('-', ':').Length > 0 && !RulerCell().IsMatch(cells[0])) yield return new(section, head, cells);
            }
        }

        static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    // An escaped bar is text.
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellEnd();

    [GeneratedRegex("^:?-+:?$")]
    private static partial Regex RulerCell();
}
