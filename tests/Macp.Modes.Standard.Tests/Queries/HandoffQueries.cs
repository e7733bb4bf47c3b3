using Google.Protobuf;
using Macp.Wire.Modes.Handoff.V1;
using static Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.HandoffMode, Macp.Modes.Standard.HandoffProjection>;
using Handover = Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.HandoffMode, Macp.Modes.Standard.HandoffProjection>;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>What a handoff's projection answers.</summary>
public sealed class HandoffQueries
{
    [Fact]
    public void An_offer_is_told_with_what_became_of_it()
    {
        var told = new Handover().Say(Lead, new HandoffOfferPayload { HandoffId = "h", TargetParticipant = Ana, Scope = "on-call", Reason = "the shift ends" });
        Assert.Equal(new HandoffMode.Offer("h", Ana, "on-call", "the shift ends", Lead), told.Projection.Offers["h"]);

        told.Say(Ana, new HandoffAcceptPayload { HandoffId = "h", Reason = "ready" });
        var offer = told.Projection.Offers["h"];
        Assert.Equal((HandoffMode.Disposition.Accepted, Ana, null, "ready", false), (offer.Disposition, offer.AcceptedBy, offer.DeclinedBy, offer.OutcomeReason, offer.Implicit));
    }

    [Fact]
    public void An_offer_is_active_until_it_is_answered()
    {
        var told = new Handover();
        Assert.Null(told.Projection.ActiveOffer);

        told.Say(Lead, Offer("h1", Ana)).Say(Lead, Context("h1"));
        Assert.Equal("h1", told.Projection.ActiveOffer?.HandoffId);
        Assert.Equal(["h1"], told.Projection.PendingHandoffs.Select(offer => offer.HandoffId));

        told.Say(Ana, Decline("h1"));
        Assert.Null(told.Projection.ActiveOffer);
        Assert.Empty(told.Projection.PendingHandoffs);

        told.Say(Lead, Offer("h2", Ben));
        Assert.Equal(("h2", "h2"), (told.Projection.ActiveOffer?.HandoffId, told.Projection.LatestOfferId));
        Assert.Empty(told.Say(Ben, Accept("h2")).Projection.PendingHandoffs);
    }

    [Fact]
    public void Each_offer_has_its_own_answer()
    {
        var told = new Handover().Say(Lead, Offer("h1", Ana)).Say(Ana, Decline("h1")).Say(Lead, Offer("h2", Ben)).Say(Ben, Accept("h2"));

        Assert.Equal([(false, true), (true, false), (false, false)], new[] { "h1", "h2", "unknown" }.Select(id => (told.Projection.IsAccepted(id), told.Projection.IsDeclined(id))));
        Assert.Equal((Ana, Ben), (told.Projection.Offers["h1"].DeclinedBy, told.Projection.Offers["h2"].AcceptedBy));
    }

    [Fact]
    public void Whether_anything_is_accepted_is_asked_of_one_offer_or_of_all()
    {
        var told = new Handover().Say(Lead, Offer("h1", Ana));
        Assert.Equal((false, false), (told.Projection.HasAcceptedOffer(), told.Projection.HasAcceptedOffer("h1")));

        told.Say(Ana, Decline("h1")).Say(Lead, Offer("h2", Ana)).Say(Ana, Accept("h2"));
        Assert.Equal(
            (true, false, true, false),
            (told.Projection.HasAcceptedOffer(), told.Projection.HasAcceptedOffer("h1"), told.Projection.HasAcceptedOffer("h2"), told.Projection.HasAcceptedOffer("unknown")));
    }

    [Fact]
    public void Silence_that_accepted_is_told_from_words()
    {
        var silent = new Handover().Say(Lead, Offer("h", Ana));
        var due = silent.Envelope(Ana, new HandoffAcceptPayload { HandoffId = "h", AcceptedBy = Ana, Implicit = true });
        due.MessageId = "implicit-accept:h"; // as the runtime appends it (RFC-MACP-0010 section 5.1)
        Assert.Equal(ProjectionResult.Applied, silent.Projection.Apply(due));

        Assert.Equal((true, true, HandoffMode.Phase.Accepted), (silent.Projection.IsAccepted("h"), silent.Projection.IsImplicitlyAccepted("h"), silent.Projection.Phase));
        Assert.Null(silent.Projection.CanCommit(positive: true));
        Assert.False(new Handover().Say(Lead, Offer("h", Ana)).Say(Ana, Accept("h")).Projection.IsImplicitlyAccepted("h"));
        Assert.False(silent.Projection.IsImplicitlyAccepted("unknown"));
    }

    [Fact]
    public void Contexts_are_kept_in_their_order_late_ones_too()
    {
        var told = new Handover().Say(Lead, Offer("h", Ana)).Say(Lead, Context("h", "first")).Say(Ana, Accept("h")).Say(Lead, Context("h", "late"));

        Assert.Equal(["first", "late"], told.Projection.Contexts["h"].Select(context => context.Content.ToStringUtf8()));
        Assert.Equal("text/plain", told.Projection.Contexts["h"][0].ContentType);
    }

    [Fact]
    public void The_phase_is_that_of_the_latest_offer_and_late_context_does_not_move_it()
    {
        var told = new Handover();
        Assert.Equal((HandoffMode.Phase.Pending, ""), Standing(told));
        Assert.Equal((HandoffMode.Phase.OfferPending, ""), Standing(told.Say(Lead, Offer("h1", Ana))));
        Assert.Equal((HandoffMode.Phase.ContextSharing, ""), Standing(told.Say(Lead, Context("h1"))));
        Assert.Equal((HandoffMode.Phase.Declined, "-"), Standing(told.Say(Ana, Decline("h1"))));
        Assert.Equal((HandoffMode.Phase.Declined, "-"), Standing(told.Say(Lead, Context("h1"))));
        Assert.Equal((HandoffMode.Phase.OfferPending, ""), Standing(told.Say(Lead, Offer("h2", Ben))));
        Assert.Equal((HandoffMode.Phase.OfferPending, ""), Standing(told.Say(Lead, Context("h1"))));
        Assert.Equal((HandoffMode.Phase.Accepted, "+"), Standing(told.Say(Ben, Accept("h2"))));
        Assert.Equal((HandoffMode.Phase.Accepted, "+"), Standing(told.Say(Lead, Context("h2"))));
        Assert.Equal((HandoffMode.Phase.Committed, ""), Standing(told.Commit(true)));
    }

    [Fact]
    public void What_a_reader_holds_does_not_change()
    {
        var told = new Handover().Say(Lead, Offer("h", Ana)).Say(Lead, Context("h"));
        var (offer, contexts, pending) = (told.Projection.Offers["h"], told.Projection.Contexts["h"], told.Projection.PendingHandoffs);

        told.Say(Ana, Decline("h")).Say(Lead, Context("h")).Say(Lead, Offer("h2", Ben));

        Assert.Equal((HandoffMode.Disposition.Offered, 1, "h"), (offer.Disposition, contexts.Count, Assert.Single(pending).HandoffId));
        Copies.AreHandedOut(() => told.Projection.Offers);
        Copies.AreHandedOut(() => told.Projection.Contexts);
        Copies.AreHandedOut(() => told.Projection.Contexts["h"]);
        Copies.AreHandedOut(() => told.Projection.PendingHandoffs);
    }

    static (HandoffMode.Phase, string) Standing(Handover told) => (told.Projection.Phase, told.Signs(told.Projection.CanCommit));

    static HandoffOfferPayload Offer(string id, string target) => new() { HandoffId = id, TargetParticipant = target };

    static HandoffContextPayload Context(string id, string content = "runbook") => new() { HandoffId = id, ContentType = "text/plain", Context = ByteString.CopyFromUtf8(content) };

    static HandoffAcceptPayload Accept(string id) => new() { HandoffId = id };

    static HandoffDeclinePayload Decline(string id) => new() { HandoffId = id };
}
