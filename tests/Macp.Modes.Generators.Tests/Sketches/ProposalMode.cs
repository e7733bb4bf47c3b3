using Macp.Wire.Modes.Proposal.V1;

namespace Macp.Modes.Sketches;

/// <summary>Negotiation, sketched: the phase is computed, an acceptance moves, a withdrawal takes back (RFC-MACP-0008).</summary>
[Mode("macp.mode.proposal.v1", Participants = ParticipantModel.Peer, Rules = typeof(ProposalRules))]
public sealed partial class ProposalMode
{
    public enum Phase { Negotiating, Converged, TerminalRejected, Committed }

    public enum Disposition { Live, Withdrawn }

    public sealed record Offer(string ProposalId, string Title, string Summary, IReadOnlyList<string> Tags, string Proposer, string? SupersedesProposalId)
    {
        public Disposition Disposition { get; init; } = Disposition.Live;
        public bool IsLive => Disposition == Disposition.Live;
    }

    public sealed record Rejected(string ProposalId, bool Terminal, string Reason, string Sender);

    public sealed partial class State
    {
        public Dictionary<string, Offer> Proposals { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, string> Accepts { get; } = new(StringComparer.Ordinal);
        public List<Rejected> Rejections { get; } = [];
        public List<Rejected> TerminalRejections { get; } = [];
        public int CounterProposals { get; internal set; }
    }

    [Message<Phase>("Proposal", Client = "Propose")]
    [Required(nameof(ProposalPayload.ProposalId))]
    [Unique(nameof(ProposalPayload.ProposalId), In = nameof(State.Proposals))]
    static void Proposed(State state, ProposalPayload proposal, MessageContext message) =>
        state.Proposals.Add(proposal.ProposalId, new(proposal.ProposalId, proposal.Title, proposal.Summary, [.. proposal.Tags], message.Sender, null));

    [Message<Phase>("CounterProposal", Client = "CounterPropose")]
    [Required(nameof(CounterProposalPayload.ProposalId), nameof(CounterProposalPayload.SupersedesProposalId))]
    [Unique(nameof(CounterProposalPayload.ProposalId), In = nameof(State.Proposals))]
    [References(nameof(CounterProposalPayload.SupersedesProposalId), In = nameof(State.Proposals))]
    static void Countered(State state, CounterProposalPayload counter, MessageContext message)
    {
        state.Proposals.Add(counter.ProposalId, new(counter.ProposalId, counter.Title, counter.Summary, [], message.Sender, counter.SupersedesProposalId));
        state.CounterProposals++;
    }

    [Guard("CounterProposal")]
    static Rejection? RoundsAreLeft(State state, ProposalRules rules) => rules.MaxRounds > 0 && state.CounterProposals >= rules.MaxRounds
        ? Rejection.InvalidEnvelope($"the policy allows {rules.MaxRounds} counter-proposals, and they are made")
        : null;

    [Message<Phase>("Accept")]
    [References(nameof(AcceptPayload.ProposalId), In = nameof(State.Proposals), Where = nameof(Offer.IsLive))]
    static void Accepted(State state, AcceptPayload accept, MessageContext message) => state.Accepts[message.Sender] = accept.ProposalId;

    [Message<Phase>("Reject")]
    [References(nameof(RejectPayload.ProposalId), In = nameof(State.Proposals), Where = nameof(Offer.IsLive))]
    static void Refused(State state, RejectPayload reject, MessageContext message, ProposalRules rules)
    {
        var rejection = new Rejected(reject.ProposalId, reject.Terminal || rules.TerminalOnAnyReject, reject.Reason, message.Sender);
        state.Rejections.Add(rejection);
        if (rejection.Terminal) state.TerminalRejections.Add(rejection);
    }

    [Message<Phase>("Withdraw")]
    [References(nameof(WithdrawPayload.ProposalId), In = nameof(State.Proposals), By = nameof(Offer.Proposer))]
    static void Withdrawn(State state, WithdrawPayload withdraw)
    {
        state.Proposals[withdraw.ProposalId] = state.Proposals[withdraw.ProposalId] with { Disposition = Disposition.Withdrawn };
        foreach (string sender in state.Accepts.Where(a => a.Value == withdraw.ProposalId).Select(a => a.Key).ToList()) state.Accepts.Remove(sender);
        state.TerminalRejections.RemoveAll(r => r.ProposalId == withdraw.ProposalId);
    }

    [Guard("Withdraw")]
    static Rejection? IsStillLive(State state, WithdrawPayload withdraw) =>
        state.Proposals[withdraw.ProposalId].IsLive ? null : Rejection.InvalidEnvelope($"proposal_id '{withdraw.ProposalId}' is withdrawn already");

    [ComputedPhase]
    static Phase PhaseOf(State state, SessionContext session, ProposalRules rules) =>
        state.TerminalRejections.Count > 0 ? Phase.TerminalRejected : AcceptedProposal(state, session, rules) is null ? Phase.Negotiating : Phase.Converged;

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? IsSettled(State state, SessionContext session, ProposalRules rules, bool positive)
    {
        var needed = positive ? Phase.Converged : Phase.TerminalRejected;
        return PhaseOf(state, session, rules) == needed ? null : Rejection.InvalidEnvelope($"this commitment needs phase {needed}");
    }

    /// <summary>The live proposal that everybody whose acceptance is needed accepts.</summary>
    public static string? AcceptedProposal(State state, SessionContext session, ProposalRules rules) => state.Proposals.Values
        .Where(p => p.IsLive && Needed(session, rules, p).All(n => state.Accepts.TryGetValue(n, out string? accepted) && accepted == p.ProposalId))
        .Select(p => p.ProposalId).FirstOrDefault();

    /// <summary>The proposals that nobody withdrew.</summary>
    public static IReadOnlyList<Offer> LiveProposals(State state) => [.. state.Proposals.Values.Where(p => p.IsLive)];

    static IEnumerable<string> Needed(SessionContext session, ProposalRules rules, Offer offer) => rules.Criterion switch
    {
        "counterparty" => session.Participants.Where(p => p != offer.Proposer),
        "initiator" => [session.Initiator],
        _ => session.Participants,
    };
}

/// <summary>The rules of a negotiation.</summary>
public sealed record ProposalRules(string Criterion = "all_parties", int MaxRounds = 0, bool TerminalOnAnyReject = false) : IModeRules<ProposalRules>
{
    public static ProposalRules Default { get; } = new();
}
