using Macp.Modes.Standard;

namespace Macp.Agents;

/// <summary>Answers the offers of a negotiation.</summary>
public interface IOfferStrategy
{
    /// <summary>The answer to an offer, which is asked for once, of the participant's own offers too: its acceptance may be needed. Null for none.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="context">The message that it is asked at, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<OfferAnswer?> AnswerAsync(ProposalMode.Offer offer, AgentContext<ProposalSession> context, CancellationToken cancellationToken);
}

/// <summary>An answer to an offer.</summary>
public abstract record OfferAnswer
{
    OfferAnswer() { }

    /// <summary>Accepts it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Accept(string Reason = "") : OfferAnswer;

    /// <summary>Rejects it.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="IsTerminal">Whether for good, which ends the negotiation.</param>
    public sealed record Reject(string Reason = "", bool IsTerminal = false) : OfferAnswer;

    /// <summary>Makes another offer instead.</summary>
    /// <param name="ProposalId">The id of the new offer.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="Summary">Its summary.</param>
    public sealed record Counter(string ProposalId, string Title, string Summary = "") : OfferAnswer;
}

/// <summary>Lets strategies negotiate.</summary>
public static class ProposalStrategies
{
    /// <summary>Answers each offer once, as long as it can be answered.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="strategy">The strategy.</param>
    public static MacpParticipant<ProposalSession> AnswerWith(this MacpParticipant<ProposalSession> participant, IOfferStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return participant.AnswerWith(strategy.AnswerAsync);
    }

    /// <inheritdoc cref="AnswerWith(MacpParticipant{ProposalSession}, IOfferStrategy)"/>
    public static MacpParticipant<ProposalSession> AnswerWith(
        this MacpParticipant<ProposalSession> participant, Func<ProposalMode.Offer, AgentContext<ProposalSession>, CancellationToken, ValueTask<OfferAnswer?>> strategy)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(strategy);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        return participant.OnAny(async (context, cancellationToken) =>
        {
            var projection = context.Session.Projection;
            bool CanAnswer(string proposalId) => context.TakesPart() && projection.StatusOf(proposalId) is ProposalMode.Status.Open;
            foreach (var offer in projection.ActiveProposals)
            {
                if (!CanAnswer(offer.ProposalId) || !asked.Add(offer.ProposalId)) continue;
                if (await strategy(offer, context, cancellationToken).ConfigureAwait(false) is not { } answer || !CanAnswer(offer.ProposalId)) continue;
                await SendAsync(context.Session, offer, answer, cancellationToken).ConfigureAwait(false);
            }
        });
    }

    static Task SendAsync(ProposalSession session, ProposalMode.Offer offer, OfferAnswer answer, CancellationToken cancellationToken) => answer switch
    {
        OfferAnswer.Accept accept => session.AcceptAsync(offer.ProposalId, accept.Reason, cancellationToken: cancellationToken),
        OfferAnswer.Reject reject => session.RejectAsync(offer.ProposalId, reject.IsTerminal, reject.Reason, cancellationToken: cancellationToken),
        OfferAnswer.Counter counter => session.CounterProposeAsync(counter.ProposalId, offer.ProposalId, counter.Title, counter.Summary, cancellationToken: cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };
}
