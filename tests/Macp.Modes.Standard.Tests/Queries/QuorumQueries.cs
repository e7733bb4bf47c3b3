using Macp.Wire.Modes.Quorum.V1;
using static Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.QuorumMode, Macp.Modes.Standard.QuorumProjection>;
using Approval = Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.QuorumMode, Macp.Modes.Standard.QuorumProjection>;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>What an approval's projection answers.</summary>
public sealed class QuorumQueries
{
    [Fact]
    public void The_request_is_told_with_who_asks()
    {
        var request = new Approval().Say(Lead, new ApprovalRequestPayload { RequestId = "r", Action = "deploy", Summary = "the release", RequiredApprovals = 2 }).Projection.Request!;

        Assert.Equal(("r", "deploy", "the release", 2u, Lead), (request.RequestId, request.Action, request.Summary, request.RequiredApprovals, request.Requester));
        Assert.Null(new Approval().Projection.Request);
    }

    [Fact]
    public void Ballots_are_counted_by_their_kind()
    {
        var told = Asked(2).Say(Ben, new ApprovePayload { RequestId = "r", Reason = "looks good" }).Say(Ana, Abstain()).Say(Cleo, Approve()).Say(Lead, Reject());

        Assert.Equal((2, 1, 1), Counts(told, "r"));
        Assert.Equal([Ben, Ana, Cleo, Lead], told.Projection.VotedSenders("r"));
        Assert.Equal(QuorumMode.Ballot.Abstain, told.Projection.Ballots[Ana]);
        Assert.Equal([new(Ben, "looks good")], told.Projection.Reasons);
    }

    [Fact]
    public void The_first_ballot_of_each_stands()
    {
        var told = Asked(2).Say(Ana, Approve());
        Assert.NotNull(told.Judge(Ana, Reject()));

        Assert.Equal((1, 0, 0), Counts(told, "r"));
    }

    [Fact]
    public void The_bar_is_met_by_approvals_alone()
    {
        var told = Asked(2);
        Assert.Equal((2, 2, false), Bar(told));
        Assert.Equal((2, 2, false), Bar(told.Say(Ana, Abstain())));
        Assert.Equal((2, 1, false), Bar(told.Say(Ben, Approve())));
        Assert.Equal((2, 0, true), Bar(told.Say(Cleo, Approve())));
        Assert.Equal((2, 0, true), Bar(told.Say(Lead, Approve())));
    }

    [Fact]
    public void The_bar_is_out_of_reach_once_too_few_are_left()
    {
        var told = Asked(2).Say(Ana, Reject()).Say(Ben, Abstain());
        Assert.False(told.Projection.IsThresholdUnreachable("r"));

        told.Say(Cleo, Reject());
        Assert.True(told.Projection.IsThresholdUnreachable("r"));
        Assert.Equal((2, 2, false), Bar(told));
    }

    [Fact]
    public void A_commitment_is_ready_when_the_bar_is_met_or_out_of_reach()
    {
        Assert.False(Asked(2).Say(Ana, Approve()).Projection.CommitmentReady("r"));
        Assert.True(Asked(1).Say(Ana, Approve()).Projection.CommitmentReady("r"));
        Assert.True(Asked(4).Say(Ana, Reject()).Projection.CommitmentReady("r"));
        Assert.False(Asked(1).Say(Ana, Approve()).Commit(true).Projection.CommitmentReady("r"));
    }

    [Fact]
    public void Of_another_request_nothing_is_known()
    {
        var told = Asked(1).Say(Ana, Approve());

        Assert.Equal((0, 0, 0), Counts(told, "other"));
        Assert.Equal((0, 0), (told.Projection.Threshold("other"), told.Projection.RemainingVotesNeeded("other")));
        Assert.Equal((false, false, false), (told.Projection.HasQuorum("other"), told.Projection.IsThresholdUnreachable("other"), told.Projection.CommitmentReady("other")));
        Assert.Empty(told.Projection.VotedSenders("other"));
        Assert.False(new Approval().Projection.HasQuorum(""));
    }

    [Fact]
    public void The_phase_and_what_may_be_committed_follow_the_ballots()
    {
        var told = new Approval(Ana, Ben, Cleo);
        Assert.Equal((QuorumMode.Phase.Pending, ""), Standing(told));
        Assert.Equal((QuorumMode.Phase.Voting, ""), Standing(told.Say(Lead, Request(2))));
        Assert.Equal((QuorumMode.Phase.Voting, ""), Standing(told.Say(Ana, Approve())));
        Assert.Equal((QuorumMode.Phase.Voting, "+"), Standing(told.Say(Ben, Approve())));
        Assert.Equal((QuorumMode.Phase.Voting, "+"), Standing(told.Say(Cleo, Reject())));
        Assert.Equal((QuorumMode.Phase.Committed, ""), Standing(told.Commit(true)));

        var refused = new Approval(Ana, Ben, Cleo).Say(Lead, Request(2)).Say(Ana, Reject()).Say(Ben, Abstain());
        Assert.Equal((QuorumMode.Phase.Voting, "-"), Standing(refused));
        Assert.False(refused.Commit(false).Projection.IsPositiveOutcome);
    }

    [Theory]
    [InlineData(ThresholdType.NOfM, 3, 4, 3)]
    [InlineData(ThresholdType.Percentage, 7, 100, 7)] // 7 percent of 100 are 7, and not what a binary fraction rounds up to
    [InlineData(ThresholdType.Percentage, 1, 3, 1)]
    [InlineData(ThresholdType.Percentage, 33, 3, 1)]
    [InlineData(ThresholdType.Percentage, 34, 3, 2)]
    [InlineData(ThresholdType.Percentage, 50, 4, 2)]
    [InlineData(ThresholdType.Percentage, 51, 4, 3)]
    [InlineData(ThresholdType.Percentage, 100, 4, 4)]
    [InlineData(ThresholdType.Percentage, 100, 1000, 1000)]
    [InlineData(ThresholdType.NOfM, 0, 4, null)]
    [InlineData(ThresholdType.Percentage, 0, 4, null)]
    [InlineData(ThresholdType.Percentage, null, 4, null)]
    public void A_policys_threshold_is_so_many_approvals(ThresholdType type, int? value, int participants, int? approvals) =>
        Assert.Equal(approvals, new QuorumRules.ThresholdRules { Type = type, Value = value }.Bar(participants));

    [Fact]
    public void A_policys_bar_stands_in_the_place_of_the_requests()
    {
        var told = Asked(1).Say(Ana, Approve()).Say(Ben, Reject());
        var (state, session) = (told.Projection.CopyState(), told.Projection.Session!);
        var rules = new QuorumRules { Threshold = new() { Type = ThresholdType.Percentage, Value = 75 } };

        Assert.Equal((3, 2), (QuorumMode.Threshold(state, session, rules, "r"), QuorumMode.RemainingVotesNeeded(state, session, rules, "r")));
        Assert.Equal((false, false), (QuorumMode.HasQuorum(state, session, rules, "r"), QuorumMode.IsThresholdUnreachable(state, session, rules, "r")));
        Assert.Equal((true, false), (told.Projection.HasQuorum("r"), told.Projection.IsThresholdUnreachable("r")));
    }

    [Fact]
    public void What_a_reader_holds_does_not_change()
    {
        var told = Asked(2).Say(Ana, new ApprovePayload { RequestId = "r", Reason = "looks good" });
        var (ballots, voted, reasons) = (told.Projection.Ballots, told.Projection.VotedSenders("r"), told.Projection.Reasons);

        told.Say(Ben, new RejectPayload { RequestId = "r", Reason = "too soon" });

        Assert.Equal((1, 1, 1), (ballots.Count, voted.Count, reasons.Count));
        Copies.AreHandedOut(() => told.Projection.Ballots);
        Copies.AreHandedOut(() => told.Projection.Reasons);
        Copies.AreHandedOut(() => told.Projection.VotedSenders("r"));
    }

    // Four may answer.
    static Approval Asked(uint required) => new Approval(Lead, Ana, Ben, Cleo).Say(Lead, Request(required));

    static (int, int, int) Counts(Approval told, string id) => (told.Projection.ApprovalCount(id), told.Projection.RejectionCount(id), told.Projection.AbstentionCount(id));

    static (int, int, bool) Bar(Approval told) => (told.Projection.Threshold("r"), told.Projection.RemainingVotesNeeded("r"), told.Projection.HasQuorum("r"));

    static (QuorumMode.Phase, string) Standing(Approval told) => (told.Projection.Phase, told.Signs(told.Projection.CanCommit));

    static ApprovalRequestPayload Request(uint required) => new() { RequestId = "r", Action = "deploy", RequiredApprovals = required };

    static ApprovePayload Approve() => new() { RequestId = "r" };

    static RejectPayload Reject() => new() { RequestId = "r" };

    static AbstainPayload Abstain() => new() { RequestId = "r" };
}
