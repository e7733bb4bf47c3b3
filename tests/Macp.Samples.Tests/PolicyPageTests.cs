using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Testing;
using Macp.Tests;

namespace Macp.Samples.Tests;

/// <summary>docs/policies.md shows what is compiled and run here.</summary>
public partial class PolicyPageTests
{
    [Fact]
    public async Task A_policy_is_registered_bound_and_asked()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        var client = runtime.Connect("lead");
        var start = new SessionStartOptions { Intent = "release", Participants = ["lead", "ann"], TimeToLive = TimeSpan.FromMinutes(1) };
        var outcome = new CommitOptions { Action = "decision.selected", AuthorityScope = "release", Reason = "more were for it" };

        // The page's lines.
        var policy = DecisionPolicy.Create("policy.acme.release", "More for it than against.", new() { Voting = new() { Algorithm = VotingAlgorithm.Majority } });
        await client.RegisterPolicyAsync(policy);
        var session = new DecisionSession(client, new() { Policy = policy });
        await session.StartAsync(start);
        if (session.Projection.CanCommit(positive: true) is null) await session.CommitAsync(outcome);
        // To here.
        Assert.False(session.Projection.IsCommitted); // nobody has voted
        await session.ProposeAsync("p", "ship");
        await session.VoteAsync("p", "approve");
        if (session.Projection.CanCommit(positive: true) is null) await session.CommitAsync(outcome);

        Assert.Equal((true, policy.PolicyId), (session.Projection.IsCommitted, session.Projection.Session!.Policy.Id));
    }

    [Fact]
    public void The_page_shows_the_code_as_it_is()
    {
        string page = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "policies.md"));
        string source = File.ReadAllText(Source());
        string code = source[source.IndexOf("// The page's lines.", StringComparison.Ordinal)..source.IndexOf("// To here.", StringComparison.Ordinal)];

        string[] shown = [.. Block().Match(page).Groups["code"].Value.Split('\n').Select(line => Remark().Replace(line, "").Trim()).Where(line => line.Length > 0)];
        Assert.Equal(shown, code.Split('\n').Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0));
        Assert.Equal(5, shown.Length);
    }

    static string Source([CallerFilePath] string path = "") => path;

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(" // .*$")]
    private static partial Regex Remark();
}
