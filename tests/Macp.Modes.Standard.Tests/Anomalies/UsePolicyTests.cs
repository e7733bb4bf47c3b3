using Macp.Modes.MultiRound;
using Macp.Wire.Modes.Proposal.V1;
using Macp.Wire.V1;
using static Macp.Modes.Standard.Tests.Anomalies.Replayed<Macp.Modes.Standard.ProposalProjection>;

namespace Macp.Modes.Standard.Tests.Anomalies;

/// <summary>A projection that is told what its session's policy rules, before, in the middle or at the end.</summary>
public sealed class UsePolicyTests
{
    static readonly PolicyDescriptor Strict = ProposalPolicy.Create(
        "policy.strict", "Every rejection is terminal.", new() { Rejection = new() { TerminalOnAnyReject = true } }, new() { Authority = CommitmentAuthority.AnyParticipant });

    [Fact]
    public void What_was_folded_under_the_defaults_is_folded_again_anomalies_left_out()
    {
        var told = Rejected();
        told.Contradicts(Ana, new ProposalPayload { ProposalId = "p" });
        told.Contradicts(Ben, new AcceptPayload { ProposalId = "unknown" });
        Assert.False(told.Projection.HasTerminalRejection);
        var anomalies = told.Projection.Anomalies;

        told.Projection.UsePolicy(Strict);

        Assert.True(told.Projection.HasTerminalRejection);
        Assert.Equal((ProposalMode.Phase.TerminalRejected, Lead), (told.Projection.Phase, told.Projection.Proposals["p"].Proposer));
        Assert.Equal(anomalies, told.Projection.Anomalies);
        Assert.True(told.Projection.Session!.Policy.IsResolved);
    }

    [Fact]
    public void It_comes_to_the_same_whenever_it_is_told()
    {
        var before = new Replayed<ProposalProjection>("macp.mode.proposal.v1", "policy.strict");
        before.Projection.UsePolicy(Strict);
        Play(before);
        var after = Rejected();
        after.Projection.UsePolicy(Strict);
        after.Projection.UsePolicy(Strict);

        Assert.Equal(before.Projection.ToJson(), after.Projection.ToJson());
        Assert.Null(before.Projection.CanCommit(positive: false));
    }

    [Fact]
    public void Nothing_that_came_after_the_commitment_is_folded_again()
    {
        var told = Rejected().Fits(Lead, new CommitmentPayload { CommitmentId = "c" });
        told.Contradicts(Ana, new ProposalPayload { ProposalId = "late" });
        told.Projection.UsePolicy(Strict);

        Assert.Equal((ProposalMode.Phase.Committed, false), (told.Projection.Phase, told.Projection.Proposals.ContainsKey("late")));
        Assert.Single(told.Projection.Anomalies);
    }

    [Fact]
    public void Another_policy_than_the_sessions_is_refused_and_changes_nothing()
    {
        var told = Rejected();
        string state = told.Projection.ToJson();

        Assert.Throws<ArgumentException>(() => told.Projection.UsePolicy(ProposalPolicy.Create("policy.other", "Another.")));
        Assert.Throws<InvalidPolicyException>(() => told.Projection.UsePolicy(TaskPolicy.Create("policy.strict", "A task's.")));
        Assert.Throws<InvalidPolicyException>(() => told.Projection.UsePolicy(new(Strict) { Rules = """{"rejection":5}""" }));
        Assert.Throws<InvalidDataException>(() => told.Projection.UsePolicy(new(Strict) { Rules = "" }));
        Assert.Throws<InvalidDataException>(() => told.Projection.UsePolicy(new(Strict) { Rules = """{"commitment":{"designated_roles":5}}""" }));
        Assert.Equal(state, told.Projection.ToJson());
        Assert.False(told.Projection.Session!.Policy.IsResolved);
    }

    [Fact]
    public void A_policy_told_ahead_of_a_start_that_names_another_is_left_alone()
    {
        var told = new Replayed<ProposalProjection>("macp.mode.proposal.v1");
        told.Projection.UsePolicy(Strict);
        Play(told);

        Assert.Equal(("policy.default", false), (told.Projection.Session!.Policy.Id, told.Projection.HasTerminalRejection));
    }

    [Fact]
    public void A_mode_that_none_governs_takes_a_policy_for_any_mode()
    {
        var told = new Replayed<MultiRoundProjection>("ext.multi_round.v1", "policy.any").Start();
        told.Projection.UsePolicy(new() { PolicyId = "policy.any", Mode = "*", Rules = """{"voting":{"algorithm":"majority"}}""", SchemaVersion = 3 });

        Assert.True(told.Projection.Session!.Policy.IsResolved);
    }

    static Replayed<ProposalProjection> Rejected() => Play(new("macp.mode.proposal.v1", "policy.strict"));

    static Replayed<ProposalProjection> Play(Replayed<ProposalProjection> told) =>
        told.Start().Fits(Lead, new ProposalPayload { ProposalId = "p" }).Fits(Ana, new RejectPayload { ProposalId = "p" });
}
