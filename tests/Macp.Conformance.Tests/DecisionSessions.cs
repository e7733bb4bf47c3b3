using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Conformance.Tests;

/// <summary>Clone, run, watch: three participants decide through the generated client, over real gRPC, and see the same.</summary>
public class DecisionSessions
{
    [Fact]
    public async Task Three_participants_decide_and_every_projection_is_the_runtimes_own_fold()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        var (lead, security, reliability) = (deliberation.Followed().AsLead, deliberation.AsSecurity, deliberation.AsReliability);

        await lead.ProposeAsync(proposalId: "all", option: "roll out to everybody", rationale: "a quiet week");
        await reliability.ProposeAsync(proposalId: "canary", option: "one in ten");
        await security.EvaluateAsync(proposalId: "canary", recommendation: "approve", confidence: 0.9, reason: "small radius");
        await security.RaiseObjectionAsync(proposalId: "all", severity: "critical", reason: "an open finding");
        await reliability.VoteAsync(proposalId: "canary", vote: "APPROVE");
        await security.VoteAsync(proposalId: "canary", vote: "APPROVE");
        await lead.VoteAsync(proposalId: "all", vote: "abstain");
        var committed = await lead.CommitAsync(Deliberation.Selected);
        await deliberation.EndedAsync();

        Assert.Equal(SessionState.Resolved, committed.State);
        string state = await deliberation.RuntimeStateAsync();
        Assert.All(deliberation.Everybody, session => Assert.Equal(state, session.Projection.ToJson()));
        Assert.All(deliberation.Everybody, session =>
        {
            Assert.Equal(DecisionMode.Phase.Committed, session.Projection.Phase);
            Assert.Equal("canary", session.Projection.MajorityWinner);
            Assert.True(session.Projection.HasBlockingObjection("all"));
            Assert.False(session.Projection.HasBlockingObjection("canary"));
            Assert.True(session.Projection.IsPositiveOutcome);
            Assert.Equal("decision.selected", session.Projection.Commitment!.Action);
            Assert.Equal(9, session.Projection.Transcript.Count);
        });
    }

    [Fact]
    public async Task Whatever_order_races_end_in_everybody_sees_the_same_order()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        deliberation.Followed();

        await Task.WhenAll(deliberation.Everybody.SelectMany((session, who) => Enumerable.Range(0, 8).Select(i => session.ProposeAsync(proposalId: $"{who}-{i}", option: "an option"))));
        await Task.WhenAll(deliberation.Everybody.SelectMany(session => Enumerable.Range(0, 8).Select(i => session.VoteAsync(proposalId: $"0-{i}", vote: i % 2 == 0 ? "APPROVE" : "REJECT"))));
        await deliberation.AsLead.CommitAsync(Deliberation.Selected);
        await deliberation.EndedAsync();

        string state = await deliberation.RuntimeStateAsync();
        var order = deliberation.AsLead.Projection.Transcript.Select(e => e.MessageId).ToList();
        Assert.Equal(50, order.Count);
        Assert.All(deliberation.Everybody, session => Assert.Equal(state, session.Projection.ToJson()));
        Assert.All(deliberation.Everybody, session => Assert.Equal(order, session.Projection.Transcript.Select(e => e.MessageId)));
    }

    [Fact]
    public async Task An_acknowledged_message_can_be_awaited_in_the_projection()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        deliberation.Followed();

        var ack = await deliberation.AsSecurity.ProposeAsync(proposalId: "p", option: "wait");
        await deliberation.AsSecurity.WaitForAsync(ack.MessageId).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(DecisionMode.Phase.Evaluation, deliberation.AsSecurity.Projection.Phase);
    }

    [Fact]
    public async Task Somebody_who_comes_late_catches_up_with_everything()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        await deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship");
        await deliberation.AsSecurity.VoteAsync(proposalId: "p", vote: "APPROVE");
        await deliberation.AsLead.CommitAsync(Deliberation.Selected);

        var late = new DecisionSession(deliberation.Runtime.Connect(Deliberation.Reliability), new() { SessionId = deliberation.AsLead.SessionId });
        await foreach (var _ in late.FollowAsync()) { }

        Assert.Equal(await deliberation.RuntimeStateAsync(), late.Projection.ToJson());
    }

    [Fact]
    public async Task Somebody_who_sent_before_following_sees_the_order_of_the_history_then()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        await deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship");
        await deliberation.AsSecurity.VoteAsync(proposalId: "p", vote: "APPROVE");
        await deliberation.AsLead.CommitAsync(Deliberation.Selected);

        await foreach (var _ in deliberation.AsSecurity.FollowAsync()) { }

        Assert.Equal(await deliberation.RuntimeStateAsync(), deliberation.AsSecurity.Projection.ToJson());
        Assert.Equal(["SessionStart", "Proposal", "Vote", "Commitment"], deliberation.AsSecurity.Projection.Transcript.Select(e => e.MessageType));
    }

    [Fact]
    public async Task What_was_sent_between_two_streams_takes_its_place_when_the_second_begins()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        var (lead, security) = (deliberation.AsLead, deliberation.AsSecurity);
        await lead.ProposeAsync(proposalId: "p", option: "ship");
        await foreach (var item in lead.FollowAsync())
            if (lead.Projection.Proposals.Count == 1) break;

        await security.VoteAsync(proposalId: "p", vote: "APPROVE");
        await lead.CommitAsync(Deliberation.Selected);
        await foreach (var _ in lead.FollowAsync()) { }

        Assert.Equal(DecisionMode.Phase.Committed, lead.Projection.Phase);
        Assert.Equal(await deliberation.RuntimeStateAsync(), lead.Projection.ToJson());
    }

    [Fact]
    public async Task Metadata_tells_what_the_start_bound_and_who_has_said_how_much()
    {
        await using var deliberation = await Deliberation.BeginAsync(options: new() { ConfigurationVersion = "config.7" });
        await deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship");
        await deliberation.AsSecurity.EvaluateAsync(proposalId: "p", recommendation: "REVIEW", confidence: 0.5);
        await deliberation.AsSecurity.EvaluateAsync(proposalId: "p", recommendation: "APPROVE", confidence: 0.7);

        var session = await deliberation.AsReliability.MetadataAsync();

        Assert.Equal((deliberation.AsLead.SessionId, "macp.mode.decision.v1", "1.0.0"), (session.SessionId, session.Mode, session.ModeVersion));
        Assert.Equal((SessionState.Open, Deliberation.Lead, "config.7", "policy.default"), (session.State, session.Initiator, session.ConfigurationVersion, session.PolicyVersion));
        Assert.Equal([Deliberation.Lead, Deliberation.Security, Deliberation.Reliability], session.Participants);
        Assert.InRange((session.ExpiresAt - session.StartedAt)!.Value, TimeSpan.FromMinutes(4.5), TimeSpan.FromMinutes(5));
        Assert.Equal(
            [(Deliberation.Lead, 1u), (Deliberation.Security, 2u)],
            session.Activity.Where(a => a.MessageCount > 0).OrderBy(a => a.ParticipantId, StringComparer.Ordinal).Select(a => (a.ParticipantId, a.MessageCount)));
    }

    [Fact]
    public async Task A_call_may_bring_its_own_credential()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        var shared = deliberation.AsLead;

        await shared.ProposeAsync(proposalId: "p", option: "ship", call: new() { Auth = MacpAuth.DevAgent(Deliberation.Security) });
        await shared.VoteAsync(proposalId: "p", vote: "APPROVE", call: new() { Auth = MacpAuth.DevAgent(Deliberation.Reliability) });
        await shared.VoteAsync(proposalId: "p", vote: "REJECT");

        Assert.Equal([Deliberation.Lead, Deliberation.Security, Deliberation.Reliability, Deliberation.Lead], shared.Projection.Transcript.Select(e => e.Sender));
        var refused = await Assert.ThrowsAsync<MacpNackException>(() => shared.VoteAsync(proposalId: "p", vote: "REJECT", call: new() { Auth = MacpAuth.DevAgent("agent://stranger") }));
        Assert.Equal("FORBIDDEN", refused.Code.Value);
    }
}
