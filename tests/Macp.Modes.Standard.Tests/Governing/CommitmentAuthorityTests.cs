using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;
using static Macp.Modes.Standard.Tests.Governing.Bound<Macp.Modes.Standard.DecisionMode>;
using Decision = Macp.Modes.Standard.Tests.Governing.Bound<Macp.Modes.Standard.DecisionMode>;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>Who may commit, by the policy's <c>commitment</c> block (RFC-MACP-0012 section 4); whoever may not is told so before anything else.</summary>
public sealed class CommitmentAuthorityTests
{
    public static TheoryData<CommitmentPolicy, string[]> Authorities => new()
    {
        { new(), [Lead] },
        { new() { Authority = CommitmentAuthority.InitiatorOnly, DesignatedRoles = [Ana] }, [Lead] },
        { new() { Authority = CommitmentAuthority.AnyParticipant }, [Lead, Ana, Ben] },
        { new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = [Ben] }, [Ben] },
        { new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = [Auditor, Lead] }, [Lead, Auditor] },
        { new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = ["AGENT://ana", "agent://ana "] }, [] },
    };

    [Theory]
    [MemberData(nameof(Authorities))]
    public void Who_may_commit_is_what_the_policy_says(CommitmentPolicy commitment, string[] committers)
    {
        var told = Proposed(new(), commitment, Ana, Ben); // the lead is no participant
        string[] may = [.. new[] { Lead, Ana, Ben, Auditor }.Where(sender => told.Commit(true, sender) is null)];

        Assert.Equal(committers, may);
        Assert.All(new[] { Lead, Ana, Ben, Auditor, "" }.Except(may), sender => Assert.Equal("FORBIDDEN", told.Code(true, sender)));
    }

    [Fact]
    public void Whoever_may_not_commit_learns_nothing_else()
    {
        var told = Proposed(new() { Voting = new() { Algorithm = VotingAlgorithm.Unanimous } }, new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = [Auditor] });
        var unready = new Decision(Policy(new(), new()));

        // The policy denies it, the payload is no commitment, nothing is proposed: each would have another code.
        Assert.Equal(("POLICY_DENIED", "FORBIDDEN"), (told.Code(true, Auditor), told.Code(true, Lead)));
        Assert.Equal("FORBIDDEN", told.Judge(Lead, new CommitmentPayload())?.Code.Value);
        Assert.Equal("INVALID_ENVELOPE", told.Judge(Auditor, new CommitmentPayload())?.Code.Value);
        Assert.Equal(("INVALID_ENVELOPE", "FORBIDDEN"), (unready.Code(true), unready.Code(true, Ana)));
    }

    [Fact]
    public void A_commitment_that_breaks_a_rule_of_the_mode_too_gets_the_modes_code()
    {
        var told = Proposed(new() { Voting = new() { Algorithm = VotingAlgorithm.Unanimous } }, new());
        var wrongVersion = Commitment(true);
        wrongVersion.PolicyVersion = "policy.default";
        var wrongSign = Commitment(true);
        wrongSign.Action = "decision.rejected";

        Assert.Equal("INVALID_ENVELOPE", told.Judge(Lead, wrongVersion)?.Code.Value);
        Assert.Equal("INVALID_ENVELOPE", told.Judge(Lead, wrongSign)?.Code.Value);
        Assert.Equal("POLICY_DENIED", told.Code(true));
    }

    [Fact]
    public void An_empty_policy_version_matches_what_is_bound_and_another_does_not()
    {
        var told = Proposed(new(), new());
        var (bound, other) = (Commitment(true), Commitment(true));
        (bound.PolicyVersion, other.PolicyVersion) = ("policy.test", "policy.Test");

        Assert.Null(told.Commit(true));
        Assert.Null(told.Judge(Lead, bound));
        Assert.Equal("INVALID_ENVELOPE", told.Judge(Lead, other)?.Code.Value);
    }

    static Decision Proposed(DecisionRules rules, CommitmentPolicy commitment, params string[] participants) =>
        new Decision(Policy(rules, commitment), participants).Say(Ana, new ProposalPayload { ProposalId = "p", Option = "ship" });

    static PolicyDescriptor Policy(DecisionRules rules, CommitmentPolicy commitment) => DecisionPolicy.Create("policy.test", "A test's.", rules, commitment);
}
