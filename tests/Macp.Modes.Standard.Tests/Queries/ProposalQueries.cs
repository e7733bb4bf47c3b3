using Macp.Wire.Modes.Proposal.V1;
using static Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.ProposalMode, Macp.Modes.Standard.ProposalProjection>;
using Negotiation = Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.ProposalMode, Macp.Modes.Standard.ProposalProjection>;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>What a negotiation's projection answers.</summary>
public sealed class ProposalQueries
{
    [Fact]
    public void Proposals_are_told_with_who_made_them_and_what_they_counter()
    {
        var told = new Negotiation().Say(Ana, new ProposalPayload { ProposalId = "p", Title = "offer", Summary = "terms", Tags = { "x", "y" } }).Say(Ben, Counter("q", "p"));

        var (made, counter) = (told.Projection.Proposals["p"], told.Projection.Proposals["q"]);
        Assert.Equal(("offer", "terms", Ana, null), (made.Title, made.Summary, made.Proposer, made.SupersedesProposalId));
        Assert.Equal(["x", "y"], made.Tags);
        Assert.Equal((Ben, "p", 1), (counter.Proposer, counter.SupersedesProposalId, told.Projection.CounterProposals));
    }

    [Fact]
    public void A_counter_proposal_leaves_what_it_counters_open()
    {
        var told = Offered("p").Say(Ben, Counter("q", "p"));

        Assert.Equal(ProposalMode.Status.Open, told.Projection.StatusOf("p"));
        Assert.Equal(["p", "q"], told.Projection.ActiveProposals.Select(offer => offer.ProposalId));
        Assert.Equal("q", told.Projection.LatestProposal?.ProposalId);
    }

    [Fact]
    public void What_is_rejected_for_good_is_live_but_not_active()
    {
        var told = Offered("p", "q", "r").Say(Lead, Reject("p", terminal: true)).Say(Lead, Reject("q", terminal: false)).Say(Ana, Withdraw("r"));

        Assert.Equal(["q"], told.Projection.ActiveProposals.Select(offer => offer.ProposalId));
        Assert.Equal(["p", "q"], told.Projection.LiveProposals.Select(offer => offer.ProposalId));
        Assert.Equal(
            [ProposalMode.Status.Rejected, ProposalMode.Status.Open, ProposalMode.Status.Withdrawn, null],
            new[] { "p", "q", "r", "unknown" }.Select(told.Projection.StatusOf));
    }

    [Fact]
    public void The_latest_proposal_is_the_one_made_last_withdrawn_or_not()
    {
        Assert.Null(new Negotiation().Projection.LatestProposal);
        Assert.Equal("q", Offered("p", "q").Say(Ana, Withdraw("q")).Say(Lead, Accept("p")).Projection.LatestProposal?.ProposalId);
    }

    [Fact]
    public void It_is_accepted_once_everybody_accepts_the_same()
    {
        var told = Offered("p", "q").Say(Lead, Accept("p")).Say(Ana, Accept("p"));
        Assert.Null(told.Projection.AcceptedProposal);

        told.Say(Ben, Accept("q"));
        Assert.Null(told.Projection.AcceptedProposal);
        Assert.Equal((true, true), (told.Projection.IsAccepted("p"), told.Projection.IsAccepted("q")));

        Assert.Equal("p", told.Say(Ben, Accept("p")).Projection.AcceptedProposal);
    }

    [Fact]
    public void An_acceptance_moves_with_the_latest_Accept()
    {
        var told = Offered("p", "q");
        foreach (string who in (string[])[Lead, Ana, Ben]) told.Say(who, Accept("p"));
        foreach (string who in (string[])[Lead, Ana, Ben]) told.Say(who, Accept("q"));

        Assert.Equal("q", told.Projection.AcceptedProposal);
        Assert.Equal((false, true), (told.Projection.IsAccepted("p"), told.Projection.IsAccepted("q")));
        Assert.Equal(["q", "q", "q"], told.Projection.Accepts.Values);
    }

    [Fact]
    public void A_withdrawn_proposal_is_accepted_by_nobody()
    {
        var told = Offered("p", "q");
        foreach (string who in (string[])[Lead, Ana, Ben]) told.Say(who, Accept("p"));
        told.Say(Ana, Withdraw("p"));

        Assert.Null(told.Projection.AcceptedProposal);
        Assert.False(told.Projection.IsAccepted("p"));
        Assert.Empty(told.Projection.Accepts);
        Assert.Equal(ProposalMode.Phase.Negotiating, told.Projection.Phase);
    }

    [Fact]
    public void A_withdrawal_takes_terminal_rejections_along_and_leaves_them_on_record()
    {
        var told = Offered("p", "q").Say(Lead, Reject("p", terminal: true)).Say(Ben, Reject("q", terminal: true));
        Assert.Equal((true, true, true), (told.Projection.HasTerminalRejection, told.Projection.IsTerminallyRejected("p"), told.Projection.IsTerminallyRejected("q")));

        told.Say(Ana, Withdraw("p"));
        Assert.Equal((true, false, true), (told.Projection.HasTerminalRejection, told.Projection.IsTerminallyRejected("p"), told.Projection.IsTerminallyRejected("q")));

        told.Say(Ana, Withdraw("q"));
        Assert.False(told.Projection.HasTerminalRejection);
        Assert.Equal(["p", "q"], told.Projection.Rejections.Select(rejection => rejection.ProposalId));
        Assert.Empty(told.Projection.TerminalRejections);
    }

    [Fact]
    public void Every_rejection_is_on_record()
    {
        var told = Offered("p").Say(Lead, Reject("p", terminal: false)).Say(Ben, Reject("p", terminal: true));

        Assert.Equal([new("p", false, "no", Lead), new("p", true, "no", Ben)], told.Projection.Rejections);
        Assert.Equal([new("p", true, "no", Ben)], told.Projection.TerminalRejections);
    }

    [Fact]
    public void The_phase_and_what_may_be_committed_go_back_and_forth_until_the_commitment()
    {
        var told = new Negotiation(Lead, Ana).Say(Ana, Proposal("p"));
        Assert.Equal((ProposalMode.Phase.Negotiating, ""), Standing(told));
        Assert.Equal((ProposalMode.Phase.Converged, "+"), Standing(told.Say(Lead, Accept("p")).Say(Ana, Accept("p"))));
        Assert.Equal((ProposalMode.Phase.TerminalRejected, "-"), Standing(told.Say(Lead, Reject("p", terminal: true))));
        Assert.Equal((ProposalMode.Phase.Negotiating, ""), Standing(told.Say(Ana, Withdraw("p")).Say(Lead, Proposal("q"))));
        Assert.Equal((ProposalMode.Phase.Converged, "+"), Standing(told.Say(Ana, Accept("q")).Say(Lead, Accept("q"))));
        Assert.Equal((ProposalMode.Phase.Committed, ""), Standing(told.Commit(true)));
        Assert.True(told.Projection.IsPositiveOutcome);
    }

    [Theory]
    [InlineData(AcceptanceCriterion.AllParties, "none")]
    [InlineData(AcceptanceCriterion.Counterparty, "p")]
    [InlineData(AcceptanceCriterion.Initiator, "q")]
    public void Whose_acceptance_is_needed_is_the_policys(AcceptanceCriterion criterion, string accepted)
    {
        var told = Offered("p").Say(Ben, Proposal("q"));
        var rules = new ProposalRules { Acceptance = new() { Criterion = criterion } };

        told.Say(Ben, Accept("p")).Say(Lead, Accept(criterion is AcceptanceCriterion.Initiator ? "q" : "p"));

        Assert.Equal(accepted, ProposalMode.AcceptedProposal(told.Projection.CopyState(), told.Projection.Session!, rules) ?? "none");
    }

    [Fact]
    public void What_a_reader_holds_does_not_change()
    {
        var told = Offered("p").Say(Lead, Accept("p")).Say(Ben, Reject("p", terminal: true));
        var (proposals, accepts, active) = (told.Projection.Proposals, told.Projection.Accepts, told.Projection.LiveProposals);

        told.Say(Ana, Withdraw("p")).Say(Ana, Proposal("q"));

        Assert.True(Assert.Single(proposals).Value.IsLive);
        Assert.Equal(("p", "p"), (accepts[Lead], Assert.Single(active).ProposalId));
        told.Say(Lead, Accept("q")).Say(Ben, Reject("q", terminal: true));
        Copies.AreHandedOut(() => told.Projection.Proposals);
        Copies.AreHandedOut(() => told.Projection.Accepts);
        Copies.AreHandedOut(() => told.Projection.LiveProposals);
        Copies.AreHandedOut(() => told.Projection.Rejections);
        Copies.AreHandedOut(() => told.Projection.TerminalRejections);
    }

    static Negotiation Offered(params string[] ids) => ids.Aggregate(new Negotiation(), (told, id) => told.Say(Ana, Proposal(id)));

    static (ProposalMode.Phase, string) Standing(Negotiation told) => (told.Projection.Phase, told.Signs(told.Projection.CanCommit));

    static ProposalPayload Proposal(string id) => new() { ProposalId = id, Title = "offer" };

    static CounterProposalPayload Counter(string id, string over) => new() { ProposalId = id, SupersedesProposalId = over, Title = "counter-offer" };

    static AcceptPayload Accept(string id) => new() { ProposalId = id };

    static RejectPayload Reject(string id, bool terminal) => new() { ProposalId = id, Terminal = terminal, Reason = "no" };

    static WithdrawPayload Withdraw(string id) => new() { ProposalId = id };
}
