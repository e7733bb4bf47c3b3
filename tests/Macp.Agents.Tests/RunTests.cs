using Macp.Client;
using Macp.Modes;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Agents.Tests;

public class RunTests
{
    [Fact]
    public async Task Whoever_comes_before_the_start_waits_for_it_and_stays_until_the_commitment()
    {
        await using var decisions = await Decisions.StartAsync();
        var ends = new List<ParticipantResult>();
        var bob = decisions.Join("bob")
            .On("Proposal", (context, token) => context.Session.VoteAsync("p1", "approve", cancellationToken: token))
            .OnTerminal((result, _) => { ends.Add(result); return Task.CompletedTask; });
        var running = bob.RunAsync();
        var alice = await decisions.ProposedAsync();
        await alice.AttachAsync();
        await alice.WaitForAsync(decision => decision.Votes.Count > 0).Happens();

        await alice.CommitAsync(Decisions.Outcome);
        var result = await running.Happens();

        Assert.Equal(SessionState.Resolved, result.State);
        Assert.Equal("day.chosen", result.Commitment!.Action);
        Assert.True(result.IsEnded);
        Assert.Equal(result, Assert.Single(ends));
        Assert.False(bob.Session.IsAttached);
    }

    [Fact]
    public async Task Own_messages_come_back_once_and_are_applied_once()
    {
        await using var decisions = await Decisions.StartAsync();
        var heard = new List<string>();
        var alice = decisions.Join("alice", new() { Initiator = new() { Start = Decisions.Start, Kickoff = Kickoff.OfJson("Proposal", Json("""{"proposal_id":"p1","option":"monday"}""")) } })
            .OnAny((context, _) => { heard.Add($"{context.MessageType} {context.IsOwn}"); return Task.CompletedTask; })
            .On("Proposal", (context, token) => context.Session.EvaluateAsync("p1", "APPROVE", 1, cancellationToken: token))
            .On("Evaluation", (context, token) => context.Session.CommitAsync(Decisions.Outcome, cancellationToken: token));

        await alice.RunAsync().Happens();

        Assert.Equal(["SessionStart True", "Proposal True", "Evaluation True", "Commitment True"], heard);
        Assert.Equal(4, alice.Session.Projection.Transcript.Count);
        Assert.Single(alice.Session.Projection.Evaluations);
    }

    [Fact]
    public async Task An_initiator_is_told_of_no_phase_that_was_not_entered()
    {
        await using var decisions = await Decisions.StartAsync();
        var entered = new List<string>();
        var alice = decisions.Join("alice", new() { Initiator = new() { Start = Decisions.Start, Kickoff = Kickoff.OfJson("Proposal", Json("""{"proposalId":"p1","option":"monday"}""")) } })
            .OnAnyPhase((context, _) => { entered.Add($"{context.Change.PhaseBefore}>{context.Change.Phase}"); return Task.CompletedTask; })
            .On("Proposal", (context, token) => context.Session.CommitAsync(Decisions.Outcome, cancellationToken: token));

        await alice.RunAsync().Happens();

        Assert.Equal(["Proposal>Evaluation", "Evaluation>Committed"], entered);
    }

    [Fact]
    public async Task A_cancelled_session_ends_the_run()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        var (joined, ends) = (new TaskCompletionSource(), new List<SessionState>());
        var running = decisions.Join("bob").On("Proposal", (_, _) => { joined.SetResult(); return Task.CompletedTask; })
            .OnTerminal((result, _) => { ends.Add(result.State); return Task.CompletedTask; }).RunAsync();
        await joined.Task.Happens();

        await alice.CancelAsync("no longer needed");

        Assert.Equal(new(SessionState.Cancelled), await running.Happens());
        Assert.Equal([SessionState.Cancelled], ends);
    }

    [Fact]
    public async Task An_expired_session_ends_the_run()
    {
        var clock = new TestClock();
        await using var decisions = await Decisions.StartAsync(clock);
        await decisions.ProposedAsync();
        var (joined, ends) = (new TaskCompletionSource(), new List<SessionState>());
        var running = decisions.Join("bob").On("Proposal", (_, _) => { joined.SetResult(); return Task.CompletedTask; })
            .OnTerminal((result, _) => { ends.Add(result.State); return Task.CompletedTask; }).RunAsync();
        await joined.Task.Happens();

        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(SessionState.Expired, (await running.Happens()).State);
        Assert.Equal([SessionState.Expired], ends);
    }

    [Fact]
    public async Task Stopping_wakes_a_participant_that_waits_and_the_session_goes_on()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        var joined = new TaskCompletionSource();
        bool ended = false;
        var bob = decisions.Join("bob").On("Proposal", (_, _) => { joined.SetResult(); return Task.CompletedTask; })
            .OnTerminal((_, _) => { ended = true; return Task.CompletedTask; });
        var running = bob.RunAsync();
        await joined.Task.Happens();

        await bob.StopAsync();
        var result = await running.Happens();
        await bob.StopAsync();

        Assert.Equal(new(SessionState.Open), result);
        Assert.False(result.IsEnded || ended);
        Assert.True(bob.IsStopped);
        Assert.False(bob.Session.IsAttached);
        Assert.Equal(SessionState.Open, (await alice.MetadataAsync()).State);
    }

    [Fact]
    public async Task Stopping_wakes_one_that_waits_for_the_start_and_a_handler_may_stop()
    {
        await using var decisions = await Decisions.StartAsync();
        var early = decisions.Join("bob");
        var waiting = early.RunAsync();
        await early.StopAsync();
        Assert.False((await waiting.Happens()).IsEnded);

        await decisions.ProposedAsync();
        var bob = decisions.Join("bob");
        bob.On("Proposal", async (_, token) =>
        {
            await bob.StopAsync();
            token.ThrowIfCancellationRequested();
        });

        Assert.False((await bob.RunAsync().Happens()).IsEnded);
    }

    [Fact]
    public async Task Giving_up_throws_and_tears_everything_down()
    {
        await using var decisions = await Decisions.StartAsync();
        await decisions.ProposedAsync();
        var joined = new TaskCompletionSource();
        var bob = decisions.Join("bob").On("Proposal", async (_, token) =>
        {
            joined.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        using var source = new CancellationTokenSource();
        var running = bob.RunAsync(source.Token);
        await joined.Task.Happens();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Happens());
        Assert.False(bob.Session.IsAttached);
        await Assert.ThrowsAsync<MacpException>(() => bob.RunAsync().Happens());
    }

    [Fact]
    public async Task A_participant_does_not_run_twice_at_once()
    {
        await using var decisions = await Decisions.StartAsync();
        var bob = decisions.Join("bob");
        var running = bob.RunAsync();

        Assert.Contains("one for each run", (await Assert.ThrowsAsync<MacpException>(() => bob.RunAsync().Happens())).Message);

        await bob.StopAsync();
        await running.Happens();
    }

    [Fact]
    public async Task A_source_of_ones_own_takes_the_streams_place()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        await alice.CommitAsync(Decisions.Outcome);
        var observed = decisions.Of("bob");
        await observed.AttachAsync();
        await observed.WaitForEndAsync().Happens();
        var heard = new List<string>();
        var bob = decisions.Join("bob", new() { Source = _ => observed.Changes }).OnAny((context, _) => { heard.Add(context.MessageType); return Task.CompletedTask; });

        var result = await bob.RunAsync().Happens();

        Assert.Equal(["SessionStart", "Proposal", "Commitment"], heard);
        Assert.Equal(SessionState.Resolved, result.State);
    }

    [Fact]
    public async Task A_change_can_be_told_by_hand_and_none_is_told_twice()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        await alice.CommitAsync(Decisions.Outcome);
        var observed = decisions.Of("bob");
        await observed.AttachAsync();
        await observed.WaitForEndAsync().Happens();
        var heard = new List<string>();
        var bob = decisions.Join("bob").OnAny((context, _) => { heard.Add(context.MessageType); return Task.CompletedTask; })
            .OnTerminal((result, _) => { heard.Add(result.Commitment!.Action); return Task.CompletedTask; });

        await foreach (var change in observed.Changes)
        {
            await bob.ProcessAsync(change);
            await bob.ProcessAsync(change with { Result = ProjectionResult.AlreadyApplied });
        }

        Assert.Equal(["SessionStart", "Proposal", "Commitment", "day.chosen"], heard);
    }

    [Fact]
    public async Task Somebody_must_take_part_and_by_a_credential_of_its_own()
    {
        await using var client = new MacpClient(new() { Endpoint = new("http://127.0.0.1:1"), AllowInsecure = true, Auth = MacpAuth.Bearer("opaque") });

        Assert.Throws<MacpConfigurationException>(() => new MacpParticipant<Modes.Standard.DecisionSession>(new(client)));
        var bobs = new Modes.Standard.DecisionSession(client, new() { Auth = MacpAuth.DevAgent("bob") });
        Assert.Contains("'bob'", Assert.Throws<MacpConfigurationException>(() => new MacpParticipant<Modes.Standard.DecisionSession>(bobs, new() { ParticipantId = "alice" })).Message);
    }

    static System.Text.Json.JsonElement Json(string json) => System.Text.Json.JsonDocument.Parse(json).RootElement;
}
