using System.Text.RegularExpressions;
using Macp.Protocol;
using Macp.Tests;
using Macp.Wire.V1;

namespace Macp.Architecture.Tests;

/// <summary>The page of the service's methods says of each what it answers, and of each answer which test shows it.</summary>
public class RpcPageTests
{
    static readonly IReadOnlyList<Table> Tables = [.. Table.Of(File.ReadAllLines(Path.Combine(SharedFolder.Repository, "docs", "rpcs.md")))];

    static readonly IReadOnlyList<string> Methods = [.. CoreReflection.Descriptor.Services.Single().Methods.Select(method => method.Name)];

    static readonly Table Overview = Tables.Single(table => table.Head is ["method", "what it does", "who may call it"]);

    static readonly IReadOnlyList<Table> Answers = [.. Tables.Where(table => table.Head is ["answer", "when", "shown by"])];

    // What stands in these is compared with the server's answers by PermissionTests.
    static readonly IReadOnlyList<Table> Permissions = [.. Tables.Where(table => table.Section == "Who may do what")];

    // The statuses of gRPC, by the names that its specification gives them.
    static readonly string[] Statuses =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    [Fact]
    public void Every_table_is_one_of_the_three_kinds() => Assert.Equal(Tables.Count, Answers.Count + Permissions.Count + 1);

    [Fact]
    public void Every_method_stands_in_the_overview_once_in_the_order_of_the_service() =>
        Assert.Equal(Methods, Overview.Rows.Select(row => Assert.Single(Names(row[0]))));

    [Fact]
    public void Every_method_has_one_section_with_its_answers() =>
        Assert.Equal(Methods.Order(StringComparer.Ordinal), Answers.Select(table => table.Section).Where(Methods.Contains).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_is_complete() => Assert.All(Tables.SelectMany(table => table.Rows.Select(row => (table.Head, Row: row))), entry =>
    {
        Assert.Equal(entry.Head.Length, entry.Row.Length);
        Assert.All(entry.Row, cell => Assert.NotEmpty(cell));
    });

    [Fact]
    public void Every_answer_is_a_status_or_a_code() => Assert.All(Rows(), row =>
    {
        Assert.NotEmpty(Names(row.Cells[0]));
        Assert.All(Names(row.Cells[0]), name => Assert.True(
            Statuses.Contains(name) || ErrorCode.All.Any(code => code.Value == name) || name == "ok: false", $"{row.Section}: {name} is no status and no code"));
    });

    [Fact]
    public void Every_answer_names_tests_that_exist()
    {
        var tests = Tests();
        Assert.All(Rows(), row =>
        {
            Assert.NotEmpty(Names(row.Cells[2]));
            Assert.All(Names(row.Cells[2]), name => Assert.True(tests.Contains(name), $"{row.Section}: no test is named {name}"));
        });
    }

    static IEnumerable<(string Section, string[] Cells)> Rows() => Answers.SelectMany(table => table.Rows.Select(row => (table.Section, row)));

    /// <summary>What a cell names: whatever stands in it as code.</summary>
    static IEnumerable<string> Names(string cell) => Regex.Matches(cell, "`([^`]+)`").Select(match => match.Groups[1].Value);

    /// <summary>The tests of the server, as <c>Class.Method</c>.</summary>
    static HashSet<string> Tests() => Project.Files("*Tests.cs")
        .Where(path => Project.Relative(path).StartsWith("tests/Macp.Server.Tests/", StringComparison.Ordinal))
        .SelectMany(path => Regex.Matches(File.ReadAllText(path), @"(?m)^    \[\w*(?:Fact|Theory)\b.*\n(?:    \[.*\n)*    public (?:async )?(?:Task|void) (\w+)\(")
            .Select(match => $"{Path.GetFileNameWithoutExtension(path)}.{match.Groups[1].Value}"))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>A table of the page, with the heading under which it stands.</summary>
    sealed record Table(string Section, string[] Head, IReadOnlyList<string[]> Rows)
    {
        public static IEnumerable<Table> Of(string[] lines)
        {
            string section = "";
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].StartsWith('#')) section = lines[i].TrimStart('#', ' ');
                if (!lines[i].StartsWith('|')) continue;
                var table = lines.Skip(i).TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToList();
                i += table.Count - 1;
                yield return new(section, table[0], table[2..]); // the second line only aligns
            }
        }
    }
}
