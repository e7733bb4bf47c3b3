using Macp.Modes.MultiRound;

namespace Macp.Modes.Standard.Tests;

/// <summary>What is declared for users to write is what the modes themselves say.</summary>
public sealed class ConstantTests
{
    static readonly ModeDescriptor[] Modes = [DecisionMode.Descriptor, ProposalMode.Descriptor, TaskMode.Descriptor, HandoffMode.Descriptor, QuorumMode.Descriptor];

    [Fact]
    public void The_standard_modes_are_named() => Assert.Equal(Modes.Select(mode => mode.Identifier), StandardModes.All);

    [Fact]
    public void Their_messages_are_named()
    {
        Assert.Equal(Types(Modes[0]), [DecisionMessages.Proposal, DecisionMessages.Evaluation, DecisionMessages.Objection, DecisionMessages.Vote]);
        Assert.Equal(Types(Modes[1]), [ProposalMessages.Proposal, ProposalMessages.CounterProposal, ProposalMessages.Accept, ProposalMessages.Reject, ProposalMessages.Withdraw]);
        Assert.Equal(Types(Modes[2]), [TaskMessages.TaskRequest, TaskMessages.TaskAccept, TaskMessages.TaskReject, TaskMessages.TaskUpdate, TaskMessages.TaskComplete, TaskMessages.TaskFail]);
        Assert.Equal(Types(Modes[3]), [HandoffMessages.HandoffOffer, HandoffMessages.HandoffContext, HandoffMessages.HandoffAccept, HandoffMessages.HandoffDecline]);
        Assert.Equal(Types(Modes[4]), [QuorumMessages.ApprovalRequest, QuorumMessages.Approve, QuorumMessages.Reject, QuorumMessages.Abstain]);
    }

    [Fact]
    public void Value_sets_are_those_that_the_decision_mode_takes()
    {
        Assert.Equal(Values("Vote"), [Votes.Approve, Votes.Reject, Votes.Abstain]);
        Assert.Equal(Values("Evaluation"), [Recommendations.Approve, Recommendations.Review, Recommendations.Block, Recommendations.Reject]);
        Assert.Equal(Values("Objection"), [Severities.Critical, Severities.High, Severities.Medium, Severities.Low]);
    }

    [Fact]
    public void The_ending_of_every_action_says_its_sign()
    {
        string[] positive = [CommitmentActions.DecisionSelected, CommitmentActions.DecisionApproved, CommitmentActions.ProposalAccepted, CommitmentActions.TaskCompleted, CommitmentActions.HandoffAccepted, CommitmentActions.QuorumApproved];
        string[] negative = [CommitmentActions.DecisionRejected, CommitmentActions.ProposalRejected, CommitmentActions.TaskFailed, CommitmentActions.HandoffDeclined, CommitmentActions.QuorumRejected];

        Assert.All(positive, action => Assert.True(CommitmentRules.SignOf(action)));
        Assert.All(negative, action => Assert.False(CommitmentRules.SignOf(action)));
    }

    [Fact]
    public void The_protocols_defaults_are_those_of_every_client() =>
        Assert.Equal(("1.0", "1.0.0", "config.default", "policy.default"), (Protocol.MacpProtocol.Version, Protocol.MacpProtocol.DefaultModeVersion, Protocol.MacpProtocol.DefaultConfigurationVersion, Protocol.MacpProtocol.DefaultPolicyVersion));

    [Fact]
    public void Multi_round_has_the_identifier_that_clients_know() => Assert.Equal("ext.multi_round.v1", MultiRoundMode.Descriptor.Identifier);

    static IEnumerable<string> Types(ModeDescriptor mode) => mode.Messages.Select(message => message.Type);

    static IEnumerable<string> Values(string message) =>
        Assert.Single(DecisionMode.Descriptor.Messages.Single(rule => rule.Type == message).Checks.OfType<Check.OneOf>()).Values;
}
