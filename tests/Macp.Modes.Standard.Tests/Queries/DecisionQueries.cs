using Macp.Wire.Modes.Decision.V1;
using static Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.DecisionMode, Macp.Modes.Standard.DecisionProjection>;
using Decision = Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.DecisionMode, Macp.Modes.Standard.DecisionProjection>;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>What a decision's projection answers.</summary>
public sealed class DecisionQueries
{
    [Fact]
    public void Proposals_are_told_with_who_made_them()
    {
        var told = new Decision().Say(Ana, new ProposalPayload { ProposalId = "p", Option = "ship", Rationale = "it is ready" });

        Assert.Equal(new DecisionMode.Proposal("p", "ship", "it is ready", Ana), Assert.Single(told.Projection.Proposals).Value);
    }

    [Fact]
    public void Totals_count_the_approvals_of_what_was_voted_on()
    {
        var told = Proposed("a", "b", "c").Say(Ana, Vote("a", "APPROVE")).Say(Ben, Vote("a", "approve")).Say(Ana, Vote("b", "REJECT")).Say(Ben, Vote("b", "abstain"));

        Assert.Equal([new("a", 2), new("b", 0)], told.Projection.VoteTotals.OrderBy(total => total.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void A_majority_is_more_than_half()
    {
        var told = Proposed("a").Say(Ana, Vote("a", "APPROVE")).Say(Ben, Vote("a", "REJECT"));
        Assert.Null(told.Projection.MajorityWinner);

        Assert.Equal("a", told.Say(Lead, Vote("a", "APPROVE")).Projection.MajorityWinner);
    }

    [Fact]
    public void A_majority_is_of_the_votes_on_all_proposals()
    {
        var told = Proposed("a", "b").Say(Ana, Vote("a", "APPROVE")).Say(Ben, Vote("a", "APPROVE")).Say(Ana, Vote("b", "REJECT"));
        Assert.Equal("a", told.Projection.MajorityWinner);

        told.Say(Ben, Vote("b", "REJECT"));
        Assert.Null(told.Projection.MajorityWinner);
        Assert.Equal(1, told.Projection.VoteRatio("a"));
    }

    [Fact]
    public void Without_votes_nobody_wins() => Assert.Null(Proposed("a").Projection.MajorityWinner);

    [Fact]
    public void Abstentions_are_in_no_denominator()
    {
        var told = Proposed("a").Say(Ana, Vote("a", "ABSTAIN"));
        Assert.Null(told.Projection.MajorityWinner);
        Assert.Equal(0, told.Projection.VoteRatio("a"));

        told.Say(Ben, Vote("a", "APPROVE"));
        Assert.Equal("a", told.Projection.MajorityWinner);
        Assert.Equal(1, told.Projection.VoteRatio("a"));
    }

    [Fact]
    public void A_ratio_is_of_one_proposal()
    {
        var told = Proposed("a", "b").Say(Ana, Vote("a", "APPROVE")).Say(Ben, Vote("a", "REJECT")).Say(Ana, Vote("b", "REJECT"));

        Assert.Equal((0.5, 0, 0), (told.Projection.VoteRatio("a"), told.Projection.VoteRatio("b"), told.Projection.VoteRatio("unknown")));
    }

    [Theory]
    [InlineData("critical", true)]
    [InlineData("CRITICAL", true)]
    [InlineData("high", false)]
    [InlineData("medium", false)]
    [InlineData("low", false)]
    [InlineData("", false)]
    public void Only_a_critical_objection_blocks(string severity, bool blocks)
    {
        var told = Proposed("a", "b").Say(Ana, new ObjectionPayload { ProposalId = "a", Severity = severity });

        Assert.Equal((blocks, blocks, false), (told.Projection.HasBlockingObjection(), told.Projection.HasBlockingObjection("a"), told.Projection.HasBlockingObjection("b")));
    }

    [Fact]
    public void An_objection_that_does_not_say_is_of_medium_severity() => Assert.Equal(
        "medium", Assert.Single(Proposed("a").Say(Ana, new ObjectionPayload { ProposalId = "a", Reason = "hm" }).Projection.Objections).Severity);

    [Fact]
    public void A_request_for_review_takes_no_stand()
    {
        var told = Proposed("a").Say(Ana, Evaluation("a", "review")).Say(Ana, Evaluation("a", "APPROVE")).Say(Ben, Evaluation("a", "Block")).Say(Ben, Evaluation("a", "reject"));

        Assert.Equal(["REVIEW"], told.Projection.ReviewEvaluations.Select(evaluation => evaluation.Recommendation));
        Assert.Equal(["APPROVE", "BLOCK", "REJECT"], told.Projection.QualifyingEvaluations.Select(evaluation => evaluation.Recommendation));
        Assert.Equal(4, told.Projection.Evaluations.Count);
    }

    [Fact]
    public void One_may_vote_on_each_proposal_and_the_first_vote_on_each_stands()
    {
        var told = Proposed("a", "b").Say(Ana, Vote("a", "APPROVE")).Say(Ana, Vote("b", "REJECT"));
        Assert.NotNull(told.Judge(Ana, Vote("a", "REJECT")));

        Assert.Equal(("APPROVE", "REJECT"), (told.Projection.Votes["a"][Ana].Vote, told.Projection.Votes["b"][Ana].Vote));
    }

    [Fact]
    public void The_phase_follows_the_messages_and_an_objection_does_not_move_it()
    {
        var told = new Decision();
        Assert.Equal(DecisionMode.Phase.Proposal, told.Projection.Phase);
        told.Say(Ana, Proposal("a")).Say(Ben, new ObjectionPayload { ProposalId = "a" }).Say(Ben, Proposal("b"));
        Assert.Equal(DecisionMode.Phase.Evaluation, told.Projection.Phase);
        Assert.Equal(DecisionMode.Phase.Voting, told.Say(Ben, Vote("a", "ABSTAIN")).Projection.Phase);
        Assert.Equal(DecisionMode.Phase.Committed, told.Commit(false).Projection.Phase);
    }

    [Fact]
    public void What_may_be_committed_is_the_runtimes_own_rule()
    {
        var told = new Decision();
        Assert.Equal("", told.Signs(told.Projection.CanCommit));
        told.Say(Ana, Proposal("a"));
        Assert.Equal("+-", told.Signs(told.Projection.CanCommit));
        told.Say(Ben, Vote("a", "REJECT"));
        Assert.Equal("+-", told.Signs(told.Projection.CanCommit));
        told.Commit(false);
        Assert.Equal("", told.Signs(told.Projection.CanCommit));
        Assert.False(told.Projection.IsPositiveOutcome);
    }

    [Fact]
    public void What_a_reader_holds_does_not_change()
    {
        var told = Proposed("a").Say(Ana, Evaluation("a", "APPROVE")).Say(Ana, new ObjectionPayload { ProposalId = "a" }).Say(Ana, Proposal("b")).Say(Ana, Vote("a", "APPROVE"));
        var (votes, ofOne, totals) = (told.Projection.Votes, told.Projection.Votes["a"], told.Projection.VoteTotals);

        told.Say(Ben, Vote("a", "APPROVE")).Say(Ben, Vote("b", "APPROVE"));

        Assert.Equal((1, 1, 1), (votes.Count, ofOne.Count, totals["a"]));
        Copies.AreHandedOut(() => told.Projection.Proposals);
        Copies.AreHandedOut(() => told.Projection.Votes);
        Copies.AreHandedOut(() => told.Projection.Votes["a"]);
        Copies.AreHandedOut(() => told.Projection.VoteTotals);
        Copies.AreHandedOut(() => told.Projection.Evaluations);
        Copies.AreHandedOut(() => told.Projection.QualifyingEvaluations);
        Copies.AreHandedOut(() => told.Projection.Objections);
    }

    static Decision Proposed(params string[] ids) => ids.Aggregate(new Decision(), (told, id) => told.Say(Lead, Proposal(id)));

    static ProposalPayload Proposal(string id) => new() { ProposalId = id, Option = "option " + id };

    static EvaluationPayload Evaluation(string id, string recommendation) => new() { ProposalId = id, Recommendation = recommendation, Confidence = 0.5 };

    static VotePayload Vote(string id, string vote) => new() { ProposalId = id, Vote = vote };
}
