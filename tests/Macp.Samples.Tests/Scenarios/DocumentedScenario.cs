using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Testing;
using Macp.Wire.V1;

public sealed class ReleaseTests
{
    [Fact]
    public async Task The_chair_commits_to_what_the_members_approve()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), new TestClock());
        await using var scenario = await Scenario.StartAsync(runtime, "lead", client => new DecisionSession(client),
            new() { Intent = "choose a day", Participants = ["lead", "alice"], TimeToLive = TimeSpan.FromMinutes(5) });

        await scenario.AcceptsAsync("lead", (session, call) => session.ProposeAsync("p1", "monday", call: call));
        await scenario.RefusesAsync("bob", ErrorCode.Forbidden, (session, call) => session.VoteAsync("p1", "approve", call: call));
        await scenario.AcceptsAsync("alice", (session, call) => session.VoteAsync("p1", "approve", call: call));
        await scenario.HoldsAsync(session => session.Projection.MajorityWinner == "p1", "monday has the majority");
        await scenario.AfterAsync(TimeSpan.FromMinutes(6));
        await scenario.EndsAsync(SessionState.Expired);
    }
}
