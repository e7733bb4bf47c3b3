using System.Text.RegularExpressions;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Testing;
using Macp.Tests;
using Macp.Wire.V1;

namespace Macp.Samples.Tests.Guide;

/// <summary>The code of docs/client.md: it stands here, is run here, and is shown there.</summary>
public sealed partial class GuideTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    TestRuntime _runtime = null!;

    public async Task InitializeAsync() => _runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>().Add<QuorumMode>());

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    [Fact]
    public async Task A_session_from_its_start_to_its_commitment()
    {
        var endpoint = _runtime.Endpoint;

        await using var client = new MacpClient(new()
        {
            Endpoint = endpoint,
            AllowInsecure = true, // only where you trust the way there; https needs nothing
            Auth = MacpAuth.DevAgent("lead"),
            Retry = MacpRetryPolicy.Default,
        });
        await using var decision = new DecisionSession(client);
        await decision.StartAsync(new()
        {
            Intent = "how to roll out release 7",
            Participants = ["lead", "ann", "bob"],
            TimeToLive = TimeSpan.FromMinutes(10),
        });
        await decision.ProposeAsync("canary", option: "one in ten", rationale: "the cache was never under full load");
        await decision.CommitAsync(new() { Action = "release.approved", AuthorityScope = "release 7", Reason = "nobody objects" });

        Console.WriteLine(CommitmentHash.Compute(decision.Projection.Commitment!));

        Assert.True(decision.Projection.IsPositiveOutcome);
    }

    [Fact]
    public async Task Agents_that_wait_for_what_concerns_them()
    {
        await using var lead = new QuorumSession(_runtime.Connect("lead"));
        await lead.StartAsync(new() { Intent = "approve", Participants = ["ann", "bob"], TimeToLive = TimeSpan.FromMinutes(10) });
        var (approved, heard) = (ApproveAsync(_runtime.Connect("ann"), lead.SessionId), HearAsync(_runtime.Connect("bob"), lead.SessionId));

        await lead.AttachAsync();
        await lead.RequestApprovalAsync("deploy", requiredApprovals: 1);
        await lead.WaitForAsync(quorum => quorum.CommitmentReady("deploy"));
        await lead.CommitAsync(new() { Action = "deployment.approved", AuthorityScope = "cluster", Reason = "the quorum is there" });

        Assert.Equal(SessionState.Resolved, await approved.WaitAsync(Patience));
        Assert.Equal(["SessionStart", "ApprovalRequest", "Approve", "Commitment"], await heard.WaitAsync(Patience));
    }

    static async Task<SessionState> ApproveAsync(MacpClient client, string sessionId)
    {
        await using var quorum = new QuorumSession(client, new() { SessionId = sessionId });
        await quorum.AttachAsync(new() { WaitForSession = TimeSpan.FromMinutes(1) });
        await quorum.WaitForAsync(projection => projection.Request is not null);
        await quorum.ApproveAsync("deploy", reason: "the tests are green");
        return await quorum.WaitForEndAsync();
    }

    static async Task<List<string>> HearAsync(MacpClient client, string sessionId)
    {
        var heard = new List<string>();
        await using var quorum = new QuorumSession(client, new() { SessionId = sessionId });
        await quorum.AttachAsync();
        await foreach (var change in quorum.Changes) heard.Add(change.Envelope.MessageType);
        return heard;
    }

    [Fact]
    public async Task Refusals_before_the_wire_and_behind_it()
    {
        await using var session = new QuorumSession(_runtime.Connect("lead"));
        await session.StartAsync(new() { Intent = "approve", Participants = ["lead"], TimeToLive = TimeSpan.FromMinutes(10) });
        await session.AttachAsync();
        await session.RequestApprovalAsync("deploy", requiredApprovals: 1);
        var ack = await session.ApproveAsync("deploy");
        await session.WaitForAsync(ack.MessageId);

        var refused = await Assert.ThrowsAsync<MacpSessionException>(() => session.RejectAsync("deploy"));
        var judged = await Assert.ThrowsAsync<MacpNackException>(() => session.RejectAsync("deploy", call: new() { ValidateLocally = false }));

        Assert.Equal(ErrorCode.InvalidEnvelope, refused.Code);
        Assert.Equal(refused.Code, judged.Code);
    }

    [Fact]
    public async Task A_supervisor_that_sees_every_session()
    {
        var client = _runtime.Connect("lead");
        await using var session = new DecisionSession(client);
        await session.StartAsync(new() { Intent = "seen", Participants = ["lead"], TimeToLive = TimeSpan.FromMinutes(10) });
        await session.CancelAsync();
        await using var another = new DecisionSession(client);
        await another.StartAsync(new() { Intent = "seen", Participants = ["lead"], TimeToLive = TimeSpan.FromMinutes(10) });
        var dashboard = new Dictionary<string, string>();

        await foreach (var listed in client.ListSessionsAsync(includeFinished: true)) dashboard[listed.SessionId] = listed.State.ToString();
        await foreach (var change in new SessionLifecycleWatcher(client).Changes())
        {
            dashboard[change.Session.SessionId] = change.Type;
            if (change.IsTerminal) break;
            await another.CancelAsync();
        }

        Assert.Equal(["CANCELLED", "Cancelled"], dashboard.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_shows_what_is_run_here()
    {
        string tests = Flat(File.ReadAllText(Path.Combine(SharedFolder.Repository, "tests", "Macp.Samples.Tests", "Guide", "GuideTests.cs")));
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "client.md")));

        Assert.True(blocks.Count >= 4);
        Assert.All(blocks, block => Assert.Contains(Flat(block.Groups["code"].Value), tests, StringComparison.Ordinal));
    }

    // The page's code is not indented as this is.
    static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
