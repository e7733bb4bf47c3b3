using Macp.Wire.Modes.Quorum.V1;

namespace Macp.Modes.Sketches;

/// <summary>Threshold approval, sketched: three messages that share one once-only table (RFC-MACP-0011).</summary>
[Mode("macp.mode.quorum.v1", Participants = ParticipantModel.Quorum, Rules = typeof(QuorumRules))]
public sealed partial class QuorumMode
{
    public enum Phase { Pending, Voting, Committed }

    public enum Ballot { Approve, Reject, Abstain }

    public sealed record Request(string RequestId, string Action, string Summary, int RequiredApprovals);

    public sealed partial class State
    {
        public Request? Request { get; internal set; }
        public Dictionary<string, Ballot> Ballots { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("ApprovalRequest", From = Role.Initiator, During = [Phase.Pending], MovesTo = Phase.Voting, Client = "RequestApproval")]
    [Required(nameof(ApprovalRequestPayload.RequestId))]
    [OncePerSession(In = nameof(State.Request))]
    static void Requested(State state, ApprovalRequestPayload request) => state.Request = new(request.RequestId, request.Action, request.Summary, (int)request.RequiredApprovals);

    [Guard("ApprovalRequest")]
    static Rejection? ThresholdIsReachable(ApprovalRequestPayload request, SessionContext session) =>
        request.RequiredApprovals is 0 || request.RequiredApprovals > session.Participants.Count
            ? Rejection.InvalidEnvelope("required_approvals must be from 1 to the number of participants")
            : null;

    [Message<Phase>("Approve", During = [Phase.Voting])]
    [References(nameof(ApprovePayload.RequestId), In = nameof(State.Request))]
    [OncePerSender(In = nameof(State.Ballots))]
    static void Approved(State state, ApprovePayload _, MessageContext message) => state.Ballots.Add(message.Sender, Ballot.Approve);

    [Message<Phase>("Reject", During = [Phase.Voting])]
    [References(nameof(RejectPayload.RequestId), In = nameof(State.Request))]
    [OncePerSender(In = nameof(State.Ballots))]
    static void Rejected(State state, RejectPayload _, MessageContext message) => state.Ballots.Add(message.Sender, Ballot.Reject);

    [Message<Phase>("Abstain", During = [Phase.Voting])]
    [References(nameof(AbstainPayload.RequestId), In = nameof(State.Request))]
    [OncePerSender(In = nameof(State.Ballots))]
    static void Abstained(State state, AbstainPayload _, MessageContext message) => state.Ballots.Add(message.Sender, Ballot.Abstain);

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? IsDecided(State state, SessionContext session, QuorumRules rules, bool positive) =>
        state.Request is not null && (positive ? HasQuorum(state, rules) : IsUnreachable(state, session, rules))
            ? null
            : Rejection.InvalidEnvelope(positive ? "the bar is not met" : "the bar can still be met");

    /// <summary>The approvals so far.</summary>
    public static int Approvals(State state) => state.Ballots.Values.Count(b => b == Ballot.Approve);

    /// <summary>The approvals that are needed.</summary>
    public static int Bar(State state, QuorumRules rules) => rules.Threshold > 0 ? rules.Threshold : state.Request?.RequiredApprovals ?? 0;

    /// <summary>Whether the bar is met.</summary>
    public static bool HasQuorum(State state, QuorumRules rules) => state.Request is not null && Approvals(state) >= Bar(state, rules);

    /// <summary>Whether the bar cannot be met any more.</summary>
    public static bool IsUnreachable(State state, SessionContext session, QuorumRules rules) =>
        state.Request is not null && Approvals(state) + session.Participants.Count - state.Ballots.Count < Bar(state, rules);
}

/// <summary>The rules of a quorum.</summary>
public sealed record QuorumRules(int Threshold = 0) : IModeRules<QuorumRules>
{
    public static QuorumRules Default { get; } = new();
}
