using Macp.Client;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Samples.Tests.Seeds;

/// <summary>The page "MACP Session Lifecycle": its states, its rules of admission, its discipline of the history, its races.</summary>
public class LifecyclePageTests
{
    static readonly SessionStartOptions Start = new() { Intent = "deploy", Participants = ["lead", "alice"], TimeToLive = TimeSpan.FromMinutes(1) };
    static readonly CommitOptions Outcome = new() { Action = "decision.selected", AuthorityScope = "release", Reason = "agreed" };
    static readonly MacpCallOptions Unchecked = new() { ValidateLocally = false, ThrowOnNack = false };

    [Theory]
    [InlineData("resolved", SessionState.Resolved)]
    [InlineData("cancelled", SessionState.Cancelled)]
    [InlineData("expired", SessionState.Expired)]
    public async Task No_state_leads_from_an_end_back_to_open(string way, SessionState end)
    {
        var clock = new TestClock();
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), clock);
        await using var session = new DecisionSession(runtime.Connect("lead"));
        await session.StartAsync(Start);
        await session.ProposeAsync("p1", "roll out");
        Assert.Equal(SessionState.Open, (await session.MetadataAsync()).State);

        if (way == "resolved") await session.CommitAsync(Outcome);
        if (way == "cancelled") await session.CancelAsync("no longer needed");
        if (way == "expired") clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(end, (await session.MetadataAsync()).State);
        Assert.Equal(ErrorCode.SessionNotOpen, (await session.ProposeAsync("p2", "too late", call: Unchecked)).Error?.Code);
        Assert.False((await session.ResumeAsync(call: Unchecked)).Ok);
        Assert.Equal(end, (await session.MetadataAsync()).State);
    }

    /// <summary>"A rejected envelope must not be appended to accepted history, consume message_id slots, mutate session state."</summary>
    [Fact]
    public async Task A_rejected_envelope_leaves_no_trace_and_its_id_can_be_used()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var session = new DecisionSession(runtime.Connect("lead"));
        await session.StartAsync(Start);
        string before = session.Projection.ToJson();

        var refused = await session.VoteAsync("p1", "approve", call: Unchecked with { MessageId = "m1" });
        var accepted = await session.ProposeAsync("p1", "roll out", call: new() { MessageId = "m1" });
        var again = await session.ProposeAsync("p1", "roll out", call: new() { MessageId = "m1" });

        Assert.False(refused.Ok);
        Assert.NotEqual(before, session.Projection.ToJson());
        Assert.True(accepted is { Ok: true, Duplicate: false });
        Assert.True(again is { Ok: true, Duplicate: true });
        var types = new List<string>();
        await session.CancelAsync();
        await foreach (var item in session.FollowAsync())
            if (item is SessionStreamItem.Accepted { Envelope.MessageType: var type }) types.Add(type);
        Assert.Equal(["SessionStart", "Proposal"], types);
    }

    /// <summary>"If multiple terminal messages are sent concurrently, the first one accepted into the session log determines the outcome."</summary>
    [Fact]
    public async Task Of_concurrent_terminal_messages_one_determines_the_outcome()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var session = new DecisionSession(runtime.Connect("lead"));
        await session.StartAsync(Start);
        await session.ProposeAsync("p1", "roll out");

        var acks = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => session.CommitAsync(Outcome with { Reason = $"commitment {i}" }, Unchecked)));

        int winner = Assert.Single(Enumerable.Range(0, 8), i => acks[i].Ok);
        Assert.All(acks.Where(ack => !ack.Ok), ack => Assert.Equal(ErrorCode.SessionNotOpen, ack.Error?.Code));
        await using var reader = new DecisionSession(runtime.Connect("alice"), new() { SessionId = session.SessionId });
        await reader.AttachAsync();
        Assert.Equal(SessionState.Resolved, await reader.WaitForEndAsync());
        Assert.Equal($"commitment {winner}", reader.Projection.Commitment!.Reason);
    }

    /// <summary>"The default cancellation authority is the session initiator."</summary>
    [Fact]
    public async Task Cancelling_is_the_initiators()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var session = new DecisionSession(runtime.Connect("lead"));
        await session.StartAsync(Start);

        var refused = await Assert.ThrowsAsync<MacpTransportException>(() => session.CancelAsync(call: new() { Auth = MacpAuth.DevAgent("alice") }));

        Assert.Equal(Macp.Grpc.GrpcStatusCode.PermissionDenied, refused.StatusCode);
        Assert.Equal(SessionState.Cancelled, (await session.CancelAsync()).State);
    }
}
