using Google.Protobuf;
using Macp.Wire.Modes.Proposal.V1;

namespace Macp.Modes.Standard;

/// <summary>Negotiation between peers: offers, counter-offers and acceptances, until everybody who must accepts the same one (RFC-MACP-0008).</summary>
[Mode("macp.mode.proposal.v1", Title = "Proposal Mode",
    Description = "Negotiation between peers: proposals and counter-proposals, accepted, rejected or withdrawn, until one is agreed on.",
    Participants = ParticipantModel.Peer, Determinism = DeterminismClass.SemanticDeterministic, Rules = typeof(ProposalRules))]
public sealed partial class ProposalMode
{
    /// <summary>How far the negotiation has come; computed, since a withdrawal takes back.</summary>
    public enum Phase
    {
        /// <summary>No agreement yet.</summary>
        Negotiating,

        /// <summary>Everybody whose acceptance is needed accepts the same live proposal.</summary>
        Converged,

        /// <summary>Somebody has rejected a live proposal for good.</summary>
        TerminalRejected,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>Whether a proposal still stands.</summary>
    public enum Disposition
    {
        /// <summary>It can be accepted.</summary>
        Live,

        /// <summary>Its author took it back.</summary>
        Withdrawn,
    }

    /// <summary>What readers are told of a proposal.</summary>
    public enum Status
    {
        /// <summary>It can be accepted, and nobody has rejected it for good.</summary>
        Open,

        /// <summary>Somebody has rejected it for good.</summary>
        Rejected,

        /// <summary>Its author took it back.</summary>
        Withdrawn,
    }

    /// <summary>An offer, or a counter-offer when it supersedes another, which stays live.</summary>
    public sealed record Offer(string ProposalId, string Title, string Summary, ByteString Details, IReadOnlyList<string> Tags,
        string Proposer, string? SupersedesProposalId = null, Disposition Disposition = Disposition.Live)
    {
        /// <summary>Whether it can be accepted and rejected.</summary>
        public bool IsLive => Disposition == Disposition.Live;
    }

    /// <summary>A rejection; a terminal one ends the negotiation unless the proposal is withdrawn.</summary>
    public sealed record Refusal(string ProposalId, bool Terminal, string Reason, string Sender);

    /// <summary>What the accepted history adds up to.</summary>
    public sealed partial class State
    {
        /// <summary>The proposals by id.</summary>
        public Dictionary<string, Offer> Proposals { get; } = new(StringComparer.Ordinal);

        /// <summary>The proposal that each participant accepts now: the latest it accepted, unless that was withdrawn.</summary>
        public Dictionary<string, string> Accepts { get; } = new(StringComparer.Ordinal);

        /// <summary>All rejections, in the order of their acceptance.</summary>
        public List<Refusal> Rejections { get; } = [];

        /// <summary>The terminal rejections of proposals that were not withdrawn.</summary>
        public List<Refusal> TerminalRejections { get; } = [];

        /// <summary>How many counter-proposals were made.</summary>
        public int CounterProposals { get; internal set; }
    }

    [Message<Phase>("Proposal", Client = "Propose")]
    [Required(nameof(ProposalPayload.ProposalId)), Unique(nameof(ProposalPayload.ProposalId), In = nameof(State.Proposals))]
    static void Proposed(State state, ProposalPayload made, MessageContext message) =>
        state.Proposals.Add(made.ProposalId, new(made.ProposalId, made.Title, made.Summary, made.Details, [.. made.Tags], message.Sender));

    [Message<Phase>("CounterProposal", Client = "CounterPropose")]
    [Required(nameof(CounterProposalPayload.ProposalId), nameof(CounterProposalPayload.SupersedesProposalId))]
    [Unique(nameof(CounterProposalPayload.ProposalId), In = nameof(State.Proposals))]
    [References(nameof(CounterProposalPayload.SupersedesProposalId), In = nameof(State.Proposals))]
    static void Countered(State state, CounterProposalPayload made, MessageContext message)
    {
        state.Proposals.Add(made.ProposalId, new(made.ProposalId, made.Title, made.Summary, made.Details, [], message.Sender, made.SupersedesProposalId));
        state.CounterProposals++;
    }

    [Guard("CounterProposal", Says = "the policy allows one more counter-proposal")]
    static Rejection? RoundsAreLeft(State state, ProposalRules rules) => rules.CounterProposal.MaxRounds is not 0 and var most && state.CounterProposals >= most
        ? Rejection.InvalidEnvelope($"the policy allows {most} counter-proposals, and they are made") : null;

    [Message<Phase>("Accept"), Leads<Phase>(Phase.Negotiating, Phase.Converged, From = [Phase.Negotiating, Phase.Converged])]
    [References(nameof(AcceptPayload.ProposalId), In = nameof(State.Proposals), Where = nameof(Offer.IsLive))]
    static void Accepted(State state, AcceptPayload accept, MessageContext message) => state.Accepts[message.Sender] = accept.ProposalId;

    [Message<Phase>("Reject"), Leads<Phase>(Phase.TerminalRejected, OrStays = true)]
    [References(nameof(RejectPayload.ProposalId), In = nameof(State.Proposals), Where = nameof(Offer.IsLive))]
    static void Rejected(State state, RejectPayload reject, MessageContext message, ProposalRules rules)
    {
        var refusal = new Refusal(reject.ProposalId, reject.Terminal || rules.Rejection.TerminalOnAnyReject, reject.Reason, message.Sender);
        state.Rejections.Add(refusal);
        if (refusal.Terminal) state.TerminalRejections.Add(refusal);
    }

    [Message<Phase>("Withdraw"), Leads<Phase>(Phase.Negotiating, Phase.Converged, From = [Phase.Converged, Phase.TerminalRejected], OrStays = true)]
    [References(nameof(WithdrawPayload.ProposalId), In = nameof(State.Proposals), By = nameof(Offer.Proposer))]
    static void Withdrawn(State state, WithdrawPayload withdraw)
    {
        state.Proposals[withdraw.ProposalId] = state.Proposals[withdraw.ProposalId] with { Disposition = Disposition.Withdrawn };
        foreach (string sender in state.Accepts.Where(accept => accept.Value == withdraw.ProposalId).Select(accept => accept.Key).ToList()) state.Accepts.Remove(sender);
        state.TerminalRejections.RemoveAll(refusal => refusal.ProposalId == withdraw.ProposalId);
    }

    [Guard("Withdraw", Says = "the proposal is not withdrawn yet")]
    static Rejection? IsStillLive(State state, WithdrawPayload withdraw) =>
        state.Proposals[withdraw.ProposalId].IsLive ? null : Rejection.InvalidEnvelope($"proposal_id '{withdraw.ProposalId}' is withdrawn already");

    [ComputedPhase]
    static Phase PhaseOf(State state, SessionContext session, ProposalRules rules) =>
        HasTerminalRejection(state) ? Phase.TerminalRejected : AcceptedProposal(state, session, rules) is null ? Phase.Negotiating : Phase.Converged;

    [Commitment<Phase>(MovesTo = Phase.Committed, Positive = "everybody whose acceptance the policy asks for accepts the same live proposal",
        Negative = "somebody has rejected a live proposal for good", PositiveDuring = [Phase.Converged], NegativeDuring = [Phase.TerminalRejected])]
    static Rejection? IsSettled(State state, SessionContext session, ProposalRules rules, bool positive) =>
        PhaseOf(state, session, rules) == (positive ? Phase.Converged : Phase.TerminalRejected) ? null
            : Rejection.InvalidEnvelope(positive ? "the participants have not agreed on one proposal, or one was rejected for good" : "no proposal was rejected for good");

    /// <summary>The live proposal that everybody whose acceptance is needed accepts now; null when there is none.</summary>
    public static string? AcceptedProposal(State state, SessionContext session, ProposalRules rules) => state.Proposals.Values
        .Where(offer => offer.IsLive && Needed(session, rules, offer).All(name => state.Accepts.TryGetValue(name, out string? accepted) && accepted == offer.ProposalId))
        .Select(offer => offer.ProposalId).FirstOrDefault();

    /// <summary>The proposals that can be accepted and that nobody has rejected for good.</summary>
    public static IReadOnlyList<Offer> ActiveProposals(State state) => [.. state.Proposals.Values.Where(offer => StatusOf(state, offer.ProposalId) is Status.Open)];

    /// <summary>The proposals that nobody withdrew, the rejected ones among them.</summary>
    public static IReadOnlyList<Offer> LiveProposals(State state) => [.. state.Proposals.Values.Where(offer => offer.IsLive)];

    /// <summary>The proposal made last; null before the first.</summary>
    public static Offer? LatestProposal(State state) => state.Proposals.Values.LastOrDefault();

    /// <summary>What has become of a proposal; null for one that was never made.</summary>
    public static Status? StatusOf(State state, string proposalId) => !state.Proposals.TryGetValue(proposalId, out var offer) ? null
        : !offer.IsLive ? Status.Withdrawn : IsTerminallyRejected(state, proposalId) ? Status.Rejected : Status.Open;

    /// <summary>Whether anybody accepts this proposal now.</summary>
    public static bool IsAccepted(State state, string proposalId) => state.Accepts.ContainsValue(proposalId);

    /// <summary>Whether somebody has rejected this proposal for good.</summary>
    public static bool IsTerminallyRejected(State state, string proposalId) => state.TerminalRejections.Exists(refusal => refusal.ProposalId == proposalId);

    /// <summary>Whether somebody has rejected any proposal for good.</summary>
    public static bool HasTerminalRejection(State state) => state.TerminalRejections.Count > 0;

    static IEnumerable<string> Needed(SessionContext session, ProposalRules rules, Offer offer) => rules.Acceptance.Criterion is AcceptanceCriterion.Initiator
        ? [session.Initiator] : session.Participants.Where(name => rules.Acceptance.Criterion is not AcceptanceCriterion.Counterparty || name != offer.Proposer);
}
