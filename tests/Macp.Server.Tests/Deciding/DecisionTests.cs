using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>The rules of Decision, end to end (RFC-MACP-0007; runtime-semantics 5.3).</summary>
public sealed class DecisionTests
{
    [Fact]
    public async Task A_decision_is_proposed_evaluated_objected_to_voted_and_committed()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, "p1"));
        await runtime.AcceptsAsync("bob", Envelopes.Proposal(session, "p2"));
        await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session, "p1", "approve"));
        await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session, "p1", "Review"));
        await runtime.AcceptsAsync("carol", Envelopes.Objection(session, "p2", "CRITICAL"));
        await runtime.AcceptsAsync("carol", Envelopes.Objection(session, "p2", ""));
        await runtime.AcceptsAsync("alice", Envelopes.Vote(session, "p1", "approve"));
        await runtime.AcceptsAsync("alice", Envelopes.Vote(session, "p2", "Reject"));
        await runtime.AcceptsAsync("bob", Envelopes.Vote(session, "p1", "ABSTAIN"));

        var ack = await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));

        Assert.Equal(SessionState.Resolved, ack.SessionState);
        var metadata = await runtime.MetadataAsync(session);
        Assert.Equal(SessionState.Resolved, metadata.State);
        Assert.Equal(
            [("alice", 3u), ("bob", 4u), ("carol", 2u), ("ini", 1u)],
            metadata.ParticipantActivity.Select(a => (a.ParticipantId, a.MessageCount)));
    }

    [Fact]
    public async Task Only_participants_deliberate()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        foreach (string outsider in (string[])["ini", "mallory", "Alice", "alice ", "_runtime"])
        {
            await runtime.RefusesAsync("FORBIDDEN", outsider, Envelopes.Proposal(session, "p2"));
            await runtime.RefusesAsync("FORBIDDEN", outsider, Envelopes.Evaluation(session));
            await runtime.RefusesAsync("FORBIDDEN", outsider, Envelopes.Objection(session));
            await runtime.RefusesAsync("FORBIDDEN", outsider, Envelopes.Vote(session));
        }
    }

    [Theory]
    [InlineData("", "o")]
    [InlineData(" ", "o")]
    [InlineData("p2", "")]
    [InlineData("p2", "\t")]
    [InlineData("p1", "o")]
    public async Task A_proposal_needs_a_new_id_and_an_option(string id, string option)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Of(session, "Proposal", new ProposalPayload { ProposalId = id, Option = option }));
    }

    [Theory]
    [InlineData("p1", "MAYBE", 0.5)]
    [InlineData("p1", "", 0.5)]
    [InlineData("p1", "APPROVE", 1.0000001)]
    [InlineData("p1", "APPROVE", -0.0000001)]
    [InlineData("p9", "APPROVE", 0.5)]
    [InlineData("", "APPROVE", 0.5)]
    [InlineData("p1", "ＡＰＰＲＯＶＥ", 0.5)]
    [InlineData("p1", "revıew", 0.5)]
    public async Task An_evaluation_needs_a_known_proposal_a_recommendation_and_a_confidence(string proposal, string recommendation, double confidence)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Evaluation(session, proposal, recommendation, confidence));
    }

    [Theory]
    [InlineData("p1", "fatal")]
    [InlineData("p9", "high")]
    public async Task An_objection_needs_a_known_proposal_and_a_severity_of_the_list(string proposal, string severity)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Objection(session, proposal, severity));
    }

    [Theory]
    [InlineData("p1", "YES")]
    [InlineData("p1", "")]
    [InlineData("p9", "APPROVE")]
    public async Task A_vote_needs_a_known_proposal_and_a_value_of_the_list(string proposal, string vote)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Vote(session, proposal, vote));
    }

    [Fact]
    public async Task Nothing_but_a_proposal_begins_a_decision()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Evaluation(session));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Objection(session));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Vote(session));
    }

    [Fact]
    public async Task The_first_vote_closes_deliberation_on_every_proposal()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.AcceptsAsync("bob", Envelopes.Proposal(session, "p2"));
        await runtime.AcceptsAsync("alice", Envelopes.Vote(session, "p1"));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Proposal(session, "p3"));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Evaluation(session, "p2"));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Objection(session, "p2"));
        await runtime.AcceptsAsync("bob", Envelopes.Vote(session, "p2"));
    }

    [Fact]
    public async Task A_participant_votes_once_on_a_proposal()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.AcceptsAsync("alice", Envelopes.Vote(session));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Vote(session, vote: "REJECT"));
        await runtime.AcceptsAsync("bob", Envelopes.Vote(session));
    }
}
