using Google.Protobuf;
using Macp.Wire.Modes.Quorum.V1;

namespace Macp.Modes.Standard;

/// <summary>Threshold approval of one action (RFC-MACP-0011).</summary>
[Mode("macp.mode.quorum.v1", Title = "Quorum Mode",
    Description = "Threshold approval of one action: each participant casts one ballot, and the bar is met or cannot be met any more.",
    Participants = ParticipantModel.Quorum, Determinism = DeterminismClass.SemanticDeterministic, Rules = typeof(QuorumRules))]
public sealed partial class QuorumMode
{
    /// <summary>How far the vote has come.</summary>
    public enum Phase
    {
        /// <summary>Nothing is asked yet.</summary>
        Pending,

        /// <summary>Ballots are cast, also beyond the bar, until the commitment.</summary>
        Voting,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>What a participant answered.</summary>
    public enum Ballot
    {
        /// <summary>For it.</summary>
        Approve,

        /// <summary>Against it.</summary>
        Reject,

        /// <summary>Neither.</summary>
        Abstain,
    }

    /// <summary>The action to approve.</summary>
    public sealed record ApprovalRequest(string RequestId, string Action, string Summary, ByteString Details, uint RequiredApprovals, string Requester);

    /// <summary>What the accepted history adds up to.</summary>
    public sealed partial class State
    {
        /// <summary>The action to approve; a session has one.</summary>
        public ApprovalRequest? Request { get; internal set; }

        /// <summary>The ballots by sender: the first of each stands.</summary>
        public Dictionary<string, Ballot> Ballots { get; } = new(StringComparer.Ordinal);

        /// <summary>The reasons that came with ballots, by sender.</summary>
        public Dictionary<string, string> Reasons { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("ApprovalRequest", From = Role.Initiator, MovesTo = Phase.Voting, Client = "RequestApproval")]
    [Required(nameof(ApprovalRequestPayload.RequestId)), InRange(nameof(ApprovalRequestPayload.RequiredApprovals), 1, double.PositiveInfinity)]
    [OncePerSession(In = nameof(State.Request))]
    static void Requested(State state, ApprovalRequestPayload request, MessageContext message) => state.Request =
        new(request.RequestId, request.Action, request.Summary, request.Details, request.RequiredApprovals, message.Sender);

    [Guard("ApprovalRequest", Says = "required_approvals is at most the number of participants")]
    static Rejection? IsAskedOfEnough(ApprovalRequestPayload request, SessionContext session) => request.RequiredApprovals <= session.Participants.Count ? null
        : Rejection.InvalidEnvelope($"required_approvals must be at most the number of participants, {session.Participants.Count}; it is {request.RequiredApprovals}");

    [Message<Phase>("Approve", During = [Phase.Voting])]
    [References(nameof(ApprovePayload.RequestId), In = nameof(State.Request))]
    [OncePerSender(In = nameof(State.Ballots), Anomaly = "duplicate_ballot")]
    static void Approved(State state, ApprovePayload ballot, MessageContext message) => Cast(state, message, Ballot.Approve, ballot.Reason);

    [Message<Phase>("Reject", During = [Phase.Voting])]
    [References(nameof(RejectPayload.RequestId), In = nameof(State.Request))]
    [OncePerSender(In = nameof(State.Ballots), Anomaly = "duplicate_ballot")]
    static void Rejected(State state, RejectPayload ballot, MessageContext message) => Cast(state, message, Ballot.Reject, ballot.Reason);

    [Message<Phase>("Abstain", During = [Phase.Voting])]
    [References(nameof(AbstainPayload.RequestId), In = nameof(State.Request))]
    [OncePerSender(In = nameof(State.Ballots), Anomaly = "duplicate_ballot")]
    static void Abstained(State state, AbstainPayload ballot, MessageContext message) => Cast(state, message, Ballot.Abstain, ballot.Reason);

    [Commitment<Phase>(MovesTo = Phase.Committed, Positive = "the bar of approvals is met",
        Negative = "the bar of approvals cannot be met any more", PositiveDuring = [Phase.Voting])]
    static Rejection? IsDecided(State state, SessionContext session, QuorumRules rules, bool positive) =>
        state.Request is { RequestId: var id } && (positive ? HasQuorum(state, session, rules, id) : IsThresholdUnreachable(state, session, rules, id)) ? null
            : Rejection.InvalidEnvelope(positive ? "the bar of approvals is not met" : "the bar of approvals is met or can still be met");

    /// <summary>How many approve this request; 0 for one that was never made.</summary>
    public static int ApprovalCount(State state, string requestId) => Count(state, requestId, Ballot.Approve);

    /// <summary>How many reject this request; 0 for one that was never made.</summary>
    public static int RejectionCount(State state, string requestId) => Count(state, requestId, Ballot.Reject);

    /// <summary>How many abstain from this request; 0 for one that was never made.</summary>
    public static int AbstentionCount(State state, string requestId) => Count(state, requestId, Ballot.Abstain);

    /// <summary>How many approvals are needed: what the policy says, or else the request; 0 for a request that was never made.</summary>
    public static int Threshold(State state, SessionContext session, QuorumRules rules, string requestId) =>
        IsRequest(state, requestId) ? rules.Threshold.Bar(session.Participants.Count) ?? (int)state.Request!.RequiredApprovals : 0;

    /// <summary>Whether the bar is met.</summary>
    public static bool HasQuorum(State state, SessionContext session, QuorumRules rules, string requestId) =>
        IsRequest(state, requestId) && ApprovalCount(state, requestId) >= Threshold(state, session, rules, requestId);

    /// <summary>Whether the bar cannot be met any more, whatever those who have not voted do.</summary>
    public static bool IsThresholdUnreachable(State state, SessionContext session, QuorumRules rules, string requestId) => IsRequest(state, requestId)
        && ApprovalCount(state, requestId) + session.Participants.Count - state.Ballots.Count < Threshold(state, session, rules, requestId);

    /// <summary>How many more approvals are needed; 0 when the bar is met or the request was never made.</summary>
    public static int RemainingVotesNeeded(State state, SessionContext session, QuorumRules rules, string requestId) =>
        Math.Max(0, Threshold(state, session, rules, requestId) - ApprovalCount(state, requestId));

    /// <summary>Whether there is something to commit: the bar is met, or cannot be met any more, and nothing is committed yet.</summary>
    public static bool CommitmentReady(State state, SessionContext session, QuorumRules rules, string requestId) => state.Phase is Phase.Voting
        && (HasQuorum(state, session, rules, requestId) || IsThresholdUnreachable(state, session, rules, requestId));

    /// <summary>Who has voted, in the order of the votes.</summary>
    public static IReadOnlyList<string> VotedSenders(State state, string requestId) => IsRequest(state, requestId) ? [.. state.Ballots.Keys] : [];

    static bool IsRequest(State state, string requestId) => state.Request?.RequestId == requestId;

    static int Count(State state, string requestId, Ballot kind) => IsRequest(state, requestId) ? state.Ballots.Values.Count(ballot => ballot == kind) : 0;

    static void Cast(State state, MessageContext message, Ballot ballot, string reason)
    {
        state.Ballots.Add(message.Sender, ballot);
        if (reason.Length > 0) state.Reasons.Add(message.Sender, reason);
    }
}
