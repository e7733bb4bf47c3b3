using Macp.Wire.Modes.Proposal.V1;
using Negotiation = Macp.Modes.Standard.Tests.Governing.Bound<Macp.Modes.Standard.ProposalMode>;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>What a policy rules about a negotiation (RFC-MACP-0012 section 4).</summary>
public sealed class ProposalPolicyTests
{
    const string Lead = Negotiation.Lead, Ana = Negotiation.Ana, Ben = Negotiation.Ben;

    [Theory]
    [InlineData(AcceptanceCriterion.AllParties, "Lead Ana Ben")]
    [InlineData(AcceptanceCriterion.Counterparty, "Lead Ben")]
    [InlineData(AcceptanceCriterion.Initiator, "Lead")]
    public void Whose_acceptance_is_needed_is_what_the_criterion_says(AcceptanceCriterion criterion, string needed)
    {
        string[] names = needed.Split(' ');
        foreach (string missing in names)
        {
            var told = Proposed(criterion);
            foreach (string name in names.Where(name => name != missing)) told.Say(Id(name), new AcceptPayload { ProposalId = "p" });
            Assert.Equal("INVALID_ENVELOPE", told.Code(true));

            Assert.Null(told.Say(Id(missing), new AcceptPayload { ProposalId = "p" }).Code(true));
        }
    }

    [Fact]
    public void Without_anybody_else_a_counterparty_agrees_by_itself() => Assert.Null(
        new Negotiation(Policy(new() { Acceptance = new() { Criterion = AcceptanceCriterion.Counterparty } }), Ana).Say(Ana, new ProposalPayload { ProposalId = "p" }).Code(true));

    [Fact]
    public void An_initiator_who_is_no_participant_can_never_accept()
    {
        var told = new Negotiation(Policy(new() { Acceptance = new() { Criterion = AcceptanceCriterion.Initiator } }), Ana, Ben).Say(Ana, new ProposalPayload { ProposalId = "p" });
        foreach (string name in (string[])[Ana, Ben]) told.Say(name, new AcceptPayload { ProposalId = "p" });

        Assert.Equal(("FORBIDDEN", "INVALID_ENVELOPE"), (told.Judge(Lead, new AcceptPayload { ProposalId = "p" })?.Code.Value, told.Code(true)));
    }

    [Theory]
    [InlineData(false, false, null)]
    [InlineData(false, true, "-")]
    [InlineData(true, false, "-")]
    public void A_rejection_is_terminal_when_it_says_so_or_the_policy_does(bool any, bool terminal, string? sign)
    {
        var told = new Negotiation(Policy(new() { Rejection = new() { TerminalOnAnyReject = any } })).Say(Ana, new ProposalPayload { ProposalId = "p" })
            .Say(Ben, new RejectPayload { ProposalId = "p", Terminal = terminal });

        Assert.Equal(("INVALID_ENVELOPE", sign is null ? "INVALID_ENVELOPE" : null), (told.Code(true), told.Code(false)));
    }

    [Fact]
    public void So_many_counter_proposals_are_taken_and_no_more()
    {
        var told = new Negotiation(Policy(new() { CounterProposal = new() { MaxRounds = 2 } })).Say(Ana, new ProposalPayload { ProposalId = "p0" });
        foreach (int round in (int[])[1, 2]) told.Say(Ben, Counter($"p{round}"));

        Assert.Equal("INVALID_ENVELOPE", told.Judge(Ben, Counter("p3"))?.Code.Value);
        Assert.Null(told.Judge(Ben, new ProposalPayload { ProposalId = "p3" }));
    }

    [Fact]
    public void Without_a_cap_any_number_is_taken()
    {
        var told = new Negotiation(Policy(new())).Say(Ana, new ProposalPayload { ProposalId = "p0" });
        foreach (int round in Enumerable.Range(1, 50)) told.Say(Ben, Counter($"p{round}"));
    }

    static Negotiation Proposed(AcceptanceCriterion criterion) => new Negotiation(Policy(new() { Acceptance = new() { Criterion = criterion } })).Say(Ana, new ProposalPayload { ProposalId = "p" });

    static CounterProposalPayload Counter(string id) => new() { ProposalId = id, SupersedesProposalId = "p0" };

    static Wire.V1.PolicyDescriptor Policy(ProposalRules rules) => ProposalPolicy.Create("policy.test", "A test's.", rules);

    static string Id(string name) => $"agent://{name.ToLowerInvariant()}";
}
