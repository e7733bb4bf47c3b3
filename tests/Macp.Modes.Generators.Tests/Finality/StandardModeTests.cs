using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Finality;

/// <summary>
/// What is final of the repository's modes, beside what the payload alone tells: a change of a mode that lets an entry be taken away, or of the derivation,
/// shows here.
/// </summary>
public sealed class StandardModeTests
{
    const string Committed = "state.Phase is Phase.Committed", IsCommitted = "state.IsCommitted", MayCommit = "session.Policy.IsResolved && !session.MayCommit(message.Sender)";

    [Theory]
    [InlineData("DecisionMode", "Proposal", "state.Phase is (Phase.Voting or Phase.Committed)", "state.Proposals.ContainsKey(payload.ProposalId)")]
    [InlineData("DecisionMode", "Evaluation", "state.Phase is (Phase.Voting or Phase.Committed)")]
    [InlineData("DecisionMode", "Objection", "state.Phase is (Phase.Voting or Phase.Committed)")]
    [InlineData("DecisionMode", "Vote", Committed, "state.Votes.TryGetValue(payload.ProposalId, out var senders) && senders.ContainsKey(message.Sender)")]
    [InlineData("DecisionMode", "Commitment", MayCommit, Committed)]
    [InlineData("ProposalMode", "Proposal", IsCommitted, "state.Proposals.ContainsKey(payload.ProposalId)")]
    [InlineData("ProposalMode", "CounterProposal", IsCommitted, "state.Proposals.ContainsKey(payload.ProposalId)")]
    [InlineData("ProposalMode", "Accept", IsCommitted)]
    [InlineData("ProposalMode", "Reject", IsCommitted)]
    [InlineData("ProposalMode", "Withdraw", "state.Proposals.TryGetValue(payload.ProposalId, out var entry) && message.Sender != entry.Proposer", IsCommitted)]
    [InlineData("ProposalMode", "Commitment", MayCommit, IsCommitted)]
    [InlineData("TaskMode", "TaskRequest", Committed, "state.Task is not null")]
    [InlineData("TaskMode", "TaskAccept", Committed)]
    [InlineData("TaskMode", "TaskReject", Committed, "state.Rejections.ContainsKey(message.Sender)")]
    [InlineData("TaskMode", "TaskUpdate", Committed)]
    [InlineData("TaskMode", "TaskComplete", Committed)]
    [InlineData("TaskMode", "TaskFail", Committed)]
    [InlineData("TaskMode", "Commitment", MayCommit, Committed)]
    [InlineData("HandoffMode", "HandoffOffer", IsCommitted, "state.Offers.ContainsKey(payload.HandoffId)")]
    [InlineData("HandoffMode", "HandoffContext", IsCommitted)]
    [InlineData("HandoffMode", "HandoffAccept", IsCommitted)]
    [InlineData("HandoffMode", "HandoffDecline", IsCommitted)]
    [InlineData("HandoffMode", "Commitment", MayCommit, IsCommitted)]
    [InlineData("QuorumMode", "ApprovalRequest", Committed, "state.Request is not null", "session.Policy.IsResolved && QuorumMode.IsAskedOfEnough(payload, session) is not null")]
    [InlineData("QuorumMode", "Approve", Committed, "state.Ballots.ContainsKey(message.Sender)")]
    [InlineData("QuorumMode", "Reject", Committed, "state.Ballots.ContainsKey(message.Sender)")]
    [InlineData("QuorumMode", "Abstain", Committed, "state.Ballots.ContainsKey(message.Sender)")]
    [InlineData("QuorumMode", "Commitment", MayCommit, Committed)]
    [InlineData("MultiRoundMode", "Contribute", IsCommitted)]
    [InlineData("MultiRoundMode", "Commitment", IsCommitted)]
    public void The_state_refuses_for_good(string mode, string message, params string[] final) =>
        Assert.Equal(final, FinalChecks.Of(Generate.From(Source.OfMode(mode)), message).Where(AsksState));

    // Sender and payload are asked of every message alike.
    static bool AsksState(string condition) => !condition.StartsWith("Payloads.", StringComparison.Ordinal) && !condition.StartsWith("Check", StringComparison.Ordinal)
        && !condition.StartsWith("CommitmentRules.", StringComparison.Ordinal) && !condition.StartsWith("!session.IsParticipant(", StringComparison.Ordinal)
        && !condition.StartsWith("message.Sender != session.", StringComparison.Ordinal) && !condition.StartsWith("payload.", StringComparison.Ordinal)
        && !condition.StartsWith("!message.IsFromRuntime", StringComparison.Ordinal);
}
