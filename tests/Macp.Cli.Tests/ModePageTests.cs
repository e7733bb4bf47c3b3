using System.Text.RegularExpressions;
using Macp.Tests;

namespace Macp.Cli.Tests;

/// <summary><c>macp modes ID --markdown</c>, and the pages under docs/modes, which it writes.</summary>
public sealed class ModePageTests
{
    const string Accept = "MACP_ACCEPT_SNAPSHOTS";

    static readonly string Folder = Path.Combine(SharedFolder.Repository, "docs", "modes");

    static readonly string[] Identifiers = [.. Invocation.OfAsync("modes").GetAwaiter().GetResult().Lines.Skip(1).Select(line => line.Split(' ')[0])];

    public static TheoryData<string> BuiltIn => [.. Identifiers];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public async Task The_page_of_a_built_in_mode_is_what_the_command_prints(string identifier)
    {
        string path = Path.Combine(Folder, identifier + ".md"), page = await PageAsync(identifier);
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllText(path, page);

        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, $"docs/modes/{identifier}.md is stale; run this test once with {Accept}=1, and commit it");
    }

    [Fact]
    public void No_page_is_left_of_a_mode_that_is_gone_and_the_readme_links_to_each()
    {
        Assert.Equal(Identifiers.Order(StringComparer.Ordinal), Directory.GetFiles(Folder).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));
        string readme = File.ReadAllText(Path.Combine(SharedFolder.Repository, "README.md"));
        Assert.All(Identifiers, identifier => Assert.Contains($"(docs/modes/{identifier}.md)", readme, StringComparison.Ordinal));
    }

    // What stands in a diagram, and nothing else, so that Mermaid can read it whatever a mode's words are.
    [Theory]
    [MemberData(nameof(BuiltIn))]
    public async Task A_diagram_is_made_of_known_lines(string identifier)
    {
        var lines = Diagram(await PageAsync(identifier));

        Assert.Equal("stateDiagram-v2", lines[0]);
        Assert.All(lines.Skip(1), line => Assert.Matches(
            @"^    (state ""\w+"" as phase_\w+|\[\*\] --> phase_\w+ : SessionStart|phase_\w+ --> phase_\w+ : \w+( \((positive|negative)\))?(, \w+( \((positive|negative)\))?)*|phase_\w+ --> \[\*\])$", line));
    }

    [Fact]
    public async Task A_mode_of_the_host_has_a_page_too_with_the_names_of_its_methods_where_its_author_says_nothing()
    {
        string page = await PageAsync("ext.auction.v1");

        Assert.StartsWith("# Auction Mode\n\nThe highest bid wins.\n", page);
        Assert.Equal(
            [
                "stateDiagram-v2", "    state \"Bidding\" as phase_Bidding", "    state \"Committed\" as phase_Committed", "    [*] --> phase_Bidding : SessionStart",
                "    phase_Bidding --> phase_Bidding : Bid", "    phase_Bidding --> phase_Committed : Commitment", "    phase_Committed --> [*]",
            ],
            Diagram(page));
        Assert.Contains("| `lot` | `string` | is not blank |\n", page);
        Assert.Contains("| 3 | `lot` is not blank | `INVALID_ENVELOPE` |\n", page);
        Assert.Contains(" | sold | `INVALID_ENVELOPE` |\n", page);
        Assert.Contains("| Bid | 2, 3, 4 |  | 1 |\n", page);
        Assert.DoesNotContain("POLICY_DENIED", page);
    }

    [Fact]
    public async Task A_page_is_of_one_mode() => Assert.Equal(
        new Invocation(2, "", "macp: --markdown needs a mode's identifier; 'macp modes' lists them\n"), await Invocation.OfAsync("modes", "--markdown"));

    static async Task<string> PageAsync(string identifier)
    {
        var printed = await Invocation.OfAsync(modes => modes.Add<AuctionMode>(), ["modes", identifier, "--markdown"]);
        Assert.Equal((0, ""), (printed.Status, printed.Error));
        return printed.Output;
    }

    static string[] Diagram(string page) => Regex.Match(page, "(?s)```mermaid\n(.*?)\n```").Groups[1].Value.Split('\n');
}
