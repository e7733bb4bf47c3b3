using Macp.Modes.Standard;

namespace Macp.Modes.Generators.Tests.Running;

/// <summary>The queries of a decision, as the projection catalogue of the SDKs defines them.</summary>
public sealed class QueryTests
{
    [Fact]
    public void Totals_count_approvals_and_leave_out_what_nobody_voted_on()
    {
        var totals = new Table().Propose("a").Propose("b").Propose("c").Vote("a", Table.Bob, "APPROVE").Vote("a", Table.Carol, "approve").Vote("b", Table.Bob, "REJECT").Projection.VoteTotals;
        Assert.Equal([KeyValuePair.Create("a", 2), KeyValuePair.Create("b", 0)], totals.OrderBy(t => t.Key));
    }

    [Fact]
    public void Half_is_no_majority() =>
        Assert.Null(new Table().Propose("a").Vote("a", Table.Bob, "APPROVE").Vote("a", Table.Carol, "REJECT").Projection.MajorityWinner);

    [Fact]
    public void A_majority_is_of_all_votes_of_the_session()
    {
        var table = new Table().Propose("a").Propose("b").Vote("a", Table.Lead, "APPROVE").Vote("a", Table.Bob, "APPROVE").Vote("b", Table.Lead, "REJECT");
        Assert.Equal("a", table.Projection.MajorityWinner);
        Assert.Null(table.Vote("b", Table.Bob, "REJECT").Projection.MajorityWinner);
    }

    [Fact]
    public void Abstentions_are_in_no_denominator()
    {
        var table = new Table().Propose("a").Vote("a", Table.Lead, "APPROVE").Vote("a", Table.Bob, "ABSTAIN").Vote("a", Table.Carol, "ABSTAIN");
        Assert.Equal("a", table.Projection.MajorityWinner);
        Assert.Equal(1, table.Projection.VoteRatio("a"));
    }

    [Fact]
    public void A_ratio_without_decisive_votes_is_zero()
    {
        var table = new Table().Propose("a").Vote("a", Table.Bob, "ABSTAIN");
        Assert.Equal(0, table.Projection.VoteRatio("a"));
        Assert.Equal(0, table.Projection.VoteRatio("unknown"));
        Assert.Null(table.Projection.MajorityWinner);
        Assert.Equal(0.5, table.Vote("a", Table.Carol, "APPROVE").Vote("a", Table.Lead, "REJECT").Projection.VoteRatio("a"));
    }

    [Fact]
    public void Only_a_critical_objection_blocks()
    {
        var table = new Table().Propose("a").Propose("b").Object("a", "high").Object("a", "");
        Assert.False(table.Projection.HasBlockingObjection());
        table.Object("b", "Critical");
        Assert.True(table.Projection.HasBlockingObjection());
        Assert.True(table.Projection.HasBlockingObjection("b"));
        Assert.False(table.Projection.HasBlockingObjection("a"));
    }

    [Fact]
    public void Reviews_are_told_from_evaluations_that_take_a_stand()
    {
        var projection = new Table().Propose("a").Evaluate("a", "review").Evaluate("a", "APPROVE").Evaluate("a", "block").Projection;
        Assert.Equal(["REVIEW"], projection.ReviewEvaluations.Select(e => e.Recommendation));
        Assert.Equal(["APPROVE", "BLOCK"], projection.QualifyingEvaluations.Select(e => e.Recommendation));
    }

    [Fact]
    public void The_first_ballot_on_a_proposal_stands_and_another_proposal_has_its_own()
    {
        var table = new Table().Propose("a").Propose("b").Vote("a", Table.Bob, "APPROVE").Vote("b", Table.Bob, "REJECT");
        Assert.NotNull(table.Judge("Vote", Table.Bob, new Wire.Modes.Decision.V1.VotePayload { ProposalId = "a", Vote = "REJECT" }));
        Assert.Equal("APPROVE", table.Projection.Votes["a"][Table.Bob].Vote);
    }

    [Fact]
    public void A_query_on_the_projection_is_the_author_s_method()
    {
        var table = new Table().Propose("a").Vote("a", Table.Bob, "APPROVE");
        Assert.Equal(DecisionMode.MajorityWinner(table.Projection.CopyState()), table.Projection.MajorityWinner);
    }
}
