using Macp.Protocol;
using Macp.Wire.Modes.Handoff.V1;

namespace Macp.Modes.Sketches;

/// <summary>Transfer of responsibility, sketched: a reserved field, and an accept that comes due (RFC-MACP-0010).</summary>
[Mode("macp.mode.handoff.v1", Participants = ParticipantModel.Delegated, Determinism = DeterminismClass.ContextFrozen, MinimumParticipants = 2, Rules = typeof(HandoffRules))]
public sealed partial class HandoffMode
{
    public enum Phase { Pending, OfferPending, Accepted, Declined, Committed }

    public enum Disposition { Offered, Accepted, Declined }

    public sealed record Offer(string HandoffId, string Target, string Scope, string Reason, string OfferedBy)
    {
        public Disposition Disposition { get; init; }
        public bool Implicit { get; init; }
        public string? OutcomeReason { get; init; }
    }

    public sealed record Context(string ContentType, Google.Protobuf.ByteString Content);

    public sealed partial class State
    {
        public Dictionary<string, Offer> Offers { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, List<Context>> Contexts { get; } = new(StringComparer.Ordinal);
    }

    [StartRule]
    static Rejection? InitiatorTakesPart(SessionContext session) =>
        session.IsParticipant(session.Initiator) ? null : Rejection.InvalidEnvelope("participants must name the initiator, who offers");

    [Message<Phase>("HandoffOffer", From = Role.Initiator, During = [Phase.Pending, Phase.Declined], MovesTo = Phase.OfferPending, Client = "Offer")]
    [Required(nameof(HandoffOfferPayload.HandoffId), nameof(HandoffOfferPayload.TargetParticipant))]
    [NamesParticipant(nameof(HandoffOfferPayload.TargetParticipant), NotSender = true)]
    [Unique(nameof(HandoffOfferPayload.HandoffId), In = nameof(State.Offers))]
    static void Offered(State state, HandoffOfferPayload offer, MessageContext message) =>
        state.Offers.Add(offer.HandoffId, new(offer.HandoffId, offer.TargetParticipant, offer.Scope, offer.Reason, message.Sender));

    [ComesDue("HandoffOffer")]
    static DueMessage? AcceptsImplicitly(HandoffOfferPayload offer, HandoffRules rules) => rules.ImplicitAcceptTimeoutMs == 0 ? null : new(
        "HandoffAccept", offer.TargetParticipant, MacpProtocol.ImplicitAcceptPrefix + offer.HandoffId, TimeSpan.FromMilliseconds(rules.ImplicitAcceptTimeoutMs),
        new HandoffAcceptPayload { HandoffId = offer.HandoffId, AcceptedBy = offer.TargetParticipant, Implicit = true });

    [Message<Phase>("HandoffContext", Client = "SendContext")]
    [References(nameof(HandoffContextPayload.HandoffId), In = nameof(State.Offers), By = nameof(Offer.OfferedBy))]
    static void ContextSent(State state, HandoffContextPayload context)
    {
        if (!state.Contexts.TryGetValue(context.HandoffId, out var contexts)) state.Contexts.Add(context.HandoffId, contexts = []);
        contexts.Add(new(context.ContentType, context.Context));
    }

    [Message<Phase>("HandoffAccept", During = [Phase.OfferPending], MovesTo = Phase.Accepted, Client = "AcceptHandoff")]
    [References(nameof(HandoffAcceptPayload.HandoffId), In = nameof(State.Offers), By = nameof(Offer.Target))]
    [NamesSender(nameof(HandoffAcceptPayload.AcceptedBy))]
    [Reserved(nameof(HandoffAcceptPayload.Implicit))]
    static void Accepted(State state, HandoffAcceptPayload accept) => Settle(state, accept.HandoffId, Disposition.Accepted, accept.Reason, accept.Implicit);

    [Message<Phase>("HandoffDecline", During = [Phase.OfferPending], MovesTo = Phase.Declined, Client = "Decline")]
    [References(nameof(HandoffDeclinePayload.HandoffId), In = nameof(State.Offers), By = nameof(Offer.Target))]
    [NamesSender(nameof(HandoffDeclinePayload.DeclinedBy))]
    static void Declined(State state, HandoffDeclinePayload decline) => Settle(state, decline.HandoffId, Disposition.Declined, decline.Reason, false);

    [Guard("HandoffAccept")]
    static Rejection? IsStillOpen(State state, HandoffAcceptPayload accept) => Open(state, accept.HandoffId);

    [Guard("HandoffDecline")]
    static Rejection? CanStillBeDeclined(State state, HandoffDeclinePayload decline) => Open(state, decline.HandoffId);

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? IsSettled(State state, bool positive)
    {
        bool accepted = state.Offers.Values.Any(o => o.Disposition == Disposition.Accepted), outstanding = state.Offers.Values.Any(o => o.Disposition == Disposition.Offered);
        bool eligible = positive ? accepted : !accepted && !outstanding && state.Offers.Values.Any(o => o.Disposition == Disposition.Declined);
        return eligible ? null : Rejection.InvalidEnvelope(positive ? "a positive commitment needs an accepted offer" : "a negative commitment needs a declined offer, and none open or accepted");
    }

    /// <summary>The offer that waits for an answer.</summary>
    public static Offer? ActiveOffer(State state) => state.Offers.Values.FirstOrDefault(o => o.Disposition == Disposition.Offered);

    static Rejection? Open(State state, string id) =>
        state.Offers[id].Disposition == Disposition.Offered ? null : Rejection.InvalidEnvelope($"handoff_id '{id}' is settled already");

    static void Settle(State state, string id, Disposition disposition, string reason, bool isImplicit) =>
        state.Offers[id] = state.Offers[id] with { Disposition = disposition, OutcomeReason = reason, Implicit = isImplicit };
}

/// <summary>The rules of a handoff.</summary>
public sealed record HandoffRules(long ImplicitAcceptTimeoutMs = 0) : IModeRules<HandoffRules>
{
    public static HandoffRules Default { get; } = new();
}
