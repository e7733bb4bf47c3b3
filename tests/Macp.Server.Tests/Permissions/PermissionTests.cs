using Macp.Tests;

namespace Macp.Server.Tests;

/// <summary>Who may do what: every method, by every kind of caller, in every state, as the table of <c>docs/rpcs.md</c> says.</summary>
public sealed class PermissionTests : IDisposable
{
    const string Accept = "MACP_ACCEPT_SNAPSHOTS", Heading = "## Who may do what";

    static readonly string Page = Path.Combine(SharedFolder.Repository, "docs", "rpcs.md");

    readonly string _folder = Directory.CreateTempSubdirectory("macp-permissions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_method_of_the_service_is_asked() =>
        Assert.Equal(Rpc.Service.Methods.Select(method => method.Name), Deeds.All.Select(deed => deed.Method).Distinct());

    [Fact]
    public async Task The_table_on_the_page_is_what_everybody_is_answered()
    {
        var actual = await ActualAsync();
        string rendered = actual.Render(), page = File.ReadAllText(Page);
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllText(Page, page = page[..Tables(page)] + rendered);

        string stated = page[Tables(page)..];
        string differences = string.Join("\n", PermissionTable.Parse(stated.Split('\n')).Differences(actual));
        Assert.True(differences.Length == 0, differences);
        Assert.True(stated == rendered, $"docs/rpcs.md says it in another form; run this test once with {Accept}=1, and commit it");
    }

    async Task<PermissionTable> ActualAsync()
    {
        await using var stage = await Stage.SetAsync(_folder, Deeds.All);
        var table = new PermissionTable();
        foreach (var deed in Deeds.All)
            foreach (string state in deed.OfSession ? States.All : [States.Any])
            {
                string[] answers = await Task.WhenAll(Callers.All.Select(caller => deed.AnswerAsync(stage, new(caller, stage.SessionOf(deed, caller, state)))));
                foreach (var (caller, answer) in Callers.All.Zip(answers)) table.Add(deed.Name, caller, state, answer);
            }
        return table;
    }

    /// <summary>Where the tables begin, which are the page's end: after the section's words.</summary>
    static int Tables(string page)
    {
        int heading = page.IndexOf(Heading, StringComparison.Ordinal);
        Assert.True(heading > 0, $"docs/rpcs.md has no section '{Heading}'");
        return page.IndexOf("\n\n`", heading, StringComparison.Ordinal) + 2;
    }
}
