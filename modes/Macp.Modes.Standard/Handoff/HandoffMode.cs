using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.Modes.Handoff.V1;

namespace Macp.Modes.Standard;

/// <summary>Transfer of responsibility: the initiator offers, the target accepts or declines, or accepts by its silence (RFC-MACP-0010).</summary>
[Mode("macp.mode.handoff.v1", Title = "Handoff Mode",
    Description = "Transfer of responsibility: the initiator offers it with context, and the target accepts, declines, or accepts by its silence.",
    Participants = ParticipantModel.Delegated, Determinism = DeterminismClass.ContextFrozen, MinimumParticipants = 2, Rules = typeof(HandoffRules))]
public sealed partial class HandoffMode
{
    /// <summary>How far the transfer has come; that of the latest offer, since there is one at a time.</summary>
    public enum Phase
    {
        /// <summary>Nothing is offered yet.</summary>
        Pending,

        /// <summary>An offer waits for its target's answer.</summary>
        OfferPending,

        /// <summary>An offer waits for its target's answer, and context was sent along.</summary>
        ContextSharing,

        /// <summary>The target has accepted.</summary>
        Accepted,

        /// <summary>The target has declined; another offer may follow.</summary>
        Declined,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>What has become of an offer.</summary>
    public enum Disposition
    {
        /// <summary>It waits for an answer.</summary>
        Offered,

        /// <summary>The target accepted.</summary>
        Accepted,

        /// <summary>The target declined.</summary>
        Declined,
    }

    /// <summary>An offer to one participant.</summary>
    public sealed record Offer(string HandoffId, string Target, string Scope, string Reason, string OfferedBy)
    {
        /// <summary>What has become of it.</summary>
        public Disposition Disposition { get; init; }

        /// <summary>Whether the target accepted by its silence (RFC-MACP-0010 section 5.1).</summary>
        public bool Implicit { get; init; }

        /// <summary>Who accepted it.</summary>
        public string? AcceptedBy { get; init; }

        /// <summary>Who declined it.</summary>
        public string? DeclinedBy { get; init; }

        /// <summary>Why it was accepted or declined.</summary>
        public string? OutcomeReason { get; init; }
    }

    /// <summary>What the offerer sent along.</summary>
    public sealed record Context(string ContentType, ByteString Content);

    /// <summary>What the accepted history adds up to.</summary>
    public sealed partial class State
    {
        /// <summary>The offers by id.</summary>
        public Dictionary<string, Offer> Offers { get; } = new(StringComparer.Ordinal);

        /// <summary>What was sent along, by offer.</summary>
        public Dictionary<string, List<Context>> Contexts { get; } = new(StringComparer.Ordinal);

        /// <summary>The id of the latest offer; those before it were declined.</summary>
        public string? LatestOfferId { get; internal set; }
    }

    [StartRule(Says = "the initiator, who offers, is a participant")]
    static Rejection? InitiatorTakesPart(SessionContext session) =>
        session.IsParticipant(session.Initiator) ? null : Rejection.InvalidEnvelope("participants must name the initiator, who offers");

    [Message<Phase>("HandoffOffer", From = Role.Initiator, During = [Phase.Pending, Phase.Declined], Client = "Offer"), Leads<Phase>(Phase.OfferPending)]
    [Required(nameof(HandoffOfferPayload.HandoffId), nameof(HandoffOfferPayload.TargetParticipant))]
    [NamesParticipant(nameof(HandoffOfferPayload.TargetParticipant), NotSender = true)]
    [Unique(nameof(HandoffOfferPayload.HandoffId), In = nameof(State.Offers))]
    static void Offered(State state, HandoffOfferPayload offer, MessageContext message)
    {
        state.Offers.Add(offer.HandoffId, new(offer.HandoffId, offer.TargetParticipant, offer.Scope, offer.Reason, message.Sender));
        state.LatestOfferId = offer.HandoffId;
    }

    [ComesDue("HandoffOffer", Says = "a HandoffAccept of the target, implied by its silence for acceptance.implicit_accept_timeout_ms of the policy; 0 is never")]
    static DueMessage? AcceptsImplicitly(HandoffOfferPayload offer, HandoffRules rules) => rules.Acceptance.ImplicitAcceptAfter is not { } silence ? null : new(
        "HandoffAccept", offer.TargetParticipant, MacpProtocol.ImplicitAcceptPrefix + offer.HandoffId, silence,
        new HandoffAcceptPayload { HandoffId = offer.HandoffId, AcceptedBy = offer.TargetParticipant, Implicit = true });

    [Message<Phase>("HandoffContext", Client = "SendContext"), Leads<Phase>(Phase.ContextSharing, From = [Phase.OfferPending], OrStays = true)]
    [References(nameof(HandoffContextPayload.HandoffId), In = nameof(State.Offers), By = nameof(Offer.OfferedBy))]
    static void ContextSent(State state, HandoffContextPayload context)
    {
        if (!state.Contexts.TryGetValue(context.HandoffId, out var contexts)) state.Contexts.Add(context.HandoffId, contexts = []);
        contexts.Add(new(context.ContentType, context.Context));
    }

    [Message<Phase>("HandoffAccept", During = [Phase.OfferPending, Phase.ContextSharing], Client = "AcceptHandoff", Anomaly = "settled_handoff"), Leads<Phase>(Phase.Accepted)]
    [References(nameof(HandoffAcceptPayload.HandoffId), In = nameof(State.Offers), By = nameof(Offer.Target))]
    [NamesSender(nameof(HandoffAcceptPayload.AcceptedBy))]
    [Reserved(nameof(HandoffAcceptPayload.Implicit))]
    static void Accepted(State state, HandoffAcceptPayload accept) => Settle(state, accept.HandoffId, offer => offer with
        { Disposition = Disposition.Accepted, AcceptedBy = offer.Target, OutcomeReason = accept.Reason, Implicit = accept.Implicit });

    [Message<Phase>("HandoffDecline", During = [Phase.OfferPending, Phase.ContextSharing], Client = "Decline", Anomaly = "settled_handoff"), Leads<Phase>(Phase.Declined)]
    [References(nameof(HandoffDeclinePayload.HandoffId), In = nameof(State.Offers), By = nameof(Offer.Target)), NamesSender(nameof(HandoffDeclinePayload.DeclinedBy))]
    static void Declined(State state, HandoffDeclinePayload decline) =>
        Settle(state, decline.HandoffId, offer => offer with { Disposition = Disposition.Declined, DeclinedBy = offer.Target, OutcomeReason = decline.Reason });

    [Guard("HandoffAccept", Anomaly = "settled_handoff", Says = "the offer waits for an answer")]
    static Rejection? CanStillBeAccepted(State state, HandoffAcceptPayload accept) => IsOutstanding(state, accept.HandoffId);

    [Guard("HandoffDecline", Anomaly = "settled_handoff", Says = "the offer waits for an answer")]
    static Rejection? CanStillBeDeclined(State state, HandoffDeclinePayload decline) => IsOutstanding(state, decline.HandoffId);

    [ComputedPhase]
    static Phase PhaseOf(State state) => Latest(state)?.Disposition switch
    {
        null => Phase.Pending,
        Disposition.Accepted => Phase.Accepted,
        Disposition.Declined => Phase.Declined,
        _ => state.Contexts.ContainsKey(state.LatestOfferId!) ? Phase.ContextSharing : Phase.OfferPending,
    };

    [Commitment<Phase>(MovesTo = Phase.Committed, Positive = "the latest offer is accepted", PositiveDuring = [Phase.Accepted],
        Negative = "the latest offer is declined", NegativeDuring = [Phase.Declined])]
    static Rejection? IsAnswered(State state, bool positive) => Latest(state)?.Disposition == (positive ? Disposition.Accepted : Disposition.Declined) ? null
        : Rejection.InvalidEnvelope(positive ? "a positive outcome needs an accepted offer" : "a negative outcome needs a declined offer, and none that is open or accepted");

    /// <summary>The offer that waits for an answer; null when none does.</summary>
    public static Offer? ActiveOffer(State state) => Latest(state) is { Disposition: Disposition.Offered } offer ? offer : null;

    /// <summary>The offers that wait for an answer: at most one.</summary>
    public static IReadOnlyList<Offer> PendingHandoffs(State state) => ActiveOffer(state) is { } offer ? [offer] : [];

    /// <summary>Whether this offer was accepted.</summary>
    public static bool IsAccepted(State state, string handoffId) => state.Offers.GetValueOrDefault(handoffId)?.Disposition is Disposition.Accepted;

    /// <summary>Whether this offer was declined.</summary>
    public static bool IsDeclined(State state, string handoffId) => state.Offers.GetValueOrDefault(handoffId)?.Disposition is Disposition.Declined;

    /// <summary>Whether this offer was accepted by its target's silence.</summary>
    public static bool IsImplicitlyAccepted(State state, string handoffId) => state.Offers.GetValueOrDefault(handoffId)?.Implicit is true;

    /// <summary>Whether this offer, or any when none is named, was accepted.</summary>
    public static bool HasAcceptedOffer(State state, string? handoffId = null) => handoffId is null ? Latest(state)?.Disposition is Disposition.Accepted : IsAccepted(state, handoffId);

    // At most one offer is outstanding, and none follows an accepted one: the latest tells of them all.
    static Offer? Latest(State state) => state.LatestOfferId is { } id ? state.Offers[id] : null;

    static Rejection? IsOutstanding(State state, string handoffId) =>
        state.Offers[handoffId].Disposition is Disposition.Offered ? null : Rejection.InvalidEnvelope($"handoff_id '{handoffId}' is settled already");

    static void Settle(State state, string handoffId, Func<Offer, Offer> answered) => state.Offers[handoffId] = answered(state.Offers[handoffId]);
}
