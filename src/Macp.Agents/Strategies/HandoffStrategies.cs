using Macp.Modes.Standard;

namespace Macp.Agents;

/// <summary>Answers offers of responsibility.</summary>
public interface IHandoffReceiver
{
    /// <summary>The answer to an offer to this participant, which is asked for once; null to keep silent, by which the policy may have it accept.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="context">The message that it is asked at, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<HandoffAnswer?> AnswerAsync(HandoffMode.Offer offer, AgentContext<HandoffSession> context, CancellationToken cancellationToken);
}

/// <summary>An answer to an offer of responsibility.</summary>
/// <param name="Accepts">Whether the participant takes over.</param>
/// <param name="Reason">Why.</param>
public sealed record HandoffAnswer(bool Accepts, string Reason = "");

/// <summary>Lets strategies take part in handoffs.</summary>
public static class HandoffStrategies
{
    /// <summary>Answers each offer to this participant once, those that follow a declined one too.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="receiver">The strategy.</param>
    public static MacpParticipant<HandoffSession> ReceiveWith(this MacpParticipant<HandoffSession> participant, IHandoffReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return participant.ReceiveWith(receiver.AnswerAsync);
    }

    /// <inheritdoc cref="ReceiveWith(MacpParticipant{HandoffSession}, IHandoffReceiver)"/>
    public static MacpParticipant<HandoffSession> ReceiveWith(
        this MacpParticipant<HandoffSession> participant, Func<HandoffMode.Offer, AgentContext<HandoffSession>, CancellationToken, ValueTask<HandoffAnswer?>> receiver)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(receiver);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        return participant.OnAny(async (context, cancellationToken) =>
        {
            bool IsAsked(out HandoffMode.Offer offer) => (offer = context.Session.Projection.ActiveOffer!) is not null && offer.Target == context.ParticipantId && context.TakesPart();
            if (!IsAsked(out var offer) || !asked.Add(offer.HandoffId)) return;
            if (await receiver(offer, context, cancellationToken).ConfigureAwait(false) is not { } answer || !IsAsked(out var now) || now.HandoffId != offer.HandoffId) return;
            await (answer.Accepts
                ? context.Session.AcceptHandoffAsync(offer.HandoffId, reason: answer.Reason, cancellationToken: cancellationToken)
                : context.Session.DeclineAsync(offer.HandoffId, reason: answer.Reason, cancellationToken: cancellationToken)).ConfigureAwait(false);
        });
    }
}
