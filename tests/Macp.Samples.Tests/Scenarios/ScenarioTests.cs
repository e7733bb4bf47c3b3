using Macp.Client;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Samples.Tests.Scenarios;

/// <summary>A scenario says which step failed, what was expected, what came, and what was said before.</summary>
public sealed class ScenarioTests : IAsyncLifetime
{
    TestRuntime _runtime = null!;
    Scenario<DecisionSession> _scenario = null!;

    static SessionStartOptions Start { get; } = new() { Intent = "choose a day", Participants = ["lead", "alice"], TimeToLive = TimeSpan.FromMinutes(5) };

    public async Task InitializeAsync()
    {
        _runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>().Add<HandoffMode>(), new TestClock());
        _scenario = await Scenario.StartAsync(_runtime, "lead", client => new DecisionSession(client), Start);
        await _scenario.AcceptsAsync("lead", (session, call) => session.ProposeAsync("p1", "monday", call: call));
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _runtime.DisposeAsync();
    }

    [Fact]
    public async Task What_was_to_be_accepted_and_was_refused_fails()
    {
        var failed = await Assert.ThrowsAsync<ScenarioException>(() => _scenario.AcceptsAsync("bob", Vote));

        Assert.Equal((2, "what bob sends is accepted"), (failed.Step, failed.Expected));
        Assert.StartsWith("it was refused: FORBIDDEN: ", failed.Actual, StringComparison.Ordinal);
        Assert.Matches("^  1  lead  SessionStart  [^\n]+\n  2  lead  Proposal  [^\n]+$", failed.Transcript);
        Assert.Equal($"Step 2: expected that {failed.Expected}; but {failed.Actual}\nThe session so far:\n{failed.Transcript}", failed.Message);
    }

    [Fact]
    public async Task What_was_to_be_refused_and_was_accepted_fails()
    {
        var failed = await Assert.ThrowsAsync<ScenarioException>(() => _scenario.RefusesAsync("alice", ErrorCode.Forbidden, Vote));

        Assert.Equal((2, "it was accepted"), (failed.Step, failed.Actual));
        Assert.Contains("  3  alice  Vote  ", failed.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_refused_with_another_code_fails()
    {
        var failed = await Assert.ThrowsAsync<ScenarioException>(() => _scenario.RefusesAsync("bob", ErrorCode.InvalidEnvelope, Vote));

        Assert.StartsWith("it was refused: FORBIDDEN: ", failed.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_changes_something_fails()
    {
        var failed = await Assert.ThrowsAsync<ScenarioException>(() => _scenario.RefusesAsync("bob", ErrorCode.Forbidden, async (session, call) =>
        {
            await session.VoteAsync("p1", "approve", call: call with { Auth = MacpAuth.DevAgent("alice") });
            return await Vote(session, call);
        }));

        Assert.Matches("(?s)^before:\n.*after:\n.*  3  alice  Vote  ", failed.Actual);
    }

    [Fact]
    public async Task What_does_not_hold_fails_in_its_own_words()
    {
        var failed = await Assert.ThrowsAsync<ScenarioException>(() => _scenario.HoldsAsync(session => session.Projection.MajorityWinner is not null, "somebody has won"));

        Assert.Equal((2, "somebody has won"), (failed.Step, failed.Expected));
        Assert.Contains("\"monday\"", failed.Actual, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SessionState.Resolved), InlineData(SessionState.Open)]
    public async Task A_session_that_goes_on_has_not_ended(SessionState state)
    {
        var failed = await Assert.ThrowsAsync<ScenarioException>(() => _scenario.EndsAsync(state));

        Assert.Equal("it is Open", failed.Actual);
    }

    [Fact]
    public async Task Another_end_fails()
    {
        await _scenario.AcceptsAsync("lead", (session, call) => session.CancelAsync("enough", call));

        await _scenario.EndsAsync(SessionState.Cancelled);
        Assert.Equal("it is Cancelled", (await Assert.ThrowsAsync<ScenarioException>(() => _scenario.EndsAsync(SessionState.Resolved))).Actual);
    }

    [Fact]
    public async Task What_a_step_throws_is_its_failure()
    {
        var failed = await Assert.ThrowsAsync<ScenarioException>(() => _scenario.AcceptsAsync("alice", (_, _) => throw new MacpException("away")));

        Assert.Equal(("MacpException: away", "away"), (failed.Actual, failed.InnerException?.Message));
    }

    [Fact]
    public async Task What_comes_due_is_in_the_projection()
    {
        var policy = HandoffPolicy.Create("policy.test.silence", "Silence accepts after a minute.", new() { Acceptance = new() { ImplicitAcceptTimeoutMs = 60_000 } });
        await _runtime.Connect("lead").RegisterPolicyAsync(policy);
        await using var handoff = await Scenario.StartAsync(_runtime, "lead", client => new HandoffSession(client, new() { Policy = policy }), Start);
        await handoff.AcceptsAsync("lead", (session, call) => session.OfferAsync("h1", "alice", call: call));

        await handoff.AfterAsync(TimeSpan.FromSeconds(59));
        await handoff.HoldsAsync(session => !session.Projection.HasAcceptedOffer(), "alice has a second left");
        await handoff.AfterAsync(TimeSpan.FromSeconds(1));
        await handoff.HoldsAsync(session => session.Projection.IsImplicitlyAccepted("h1"), "alice has accepted by her silence");
    }

    [Fact]
    public async Task Time_passes_on_a_clock_that_can_be_moved_only()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var scenario = await Scenario.StartAsync(runtime, "lead", client => new DecisionSession(client), Start);

        await Assert.ThrowsAsync<InvalidOperationException>(() => scenario.AfterAsync(TimeSpan.FromSeconds(1)));
    }

    static Task<MacpAck> Vote(DecisionSession session, MacpCallOptions call) => session.VoteAsync("p1", "approve", call: call);
}
