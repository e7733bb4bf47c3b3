using Macp.Modes.Standard;

namespace Macp.Agents;

/// <summary>Casts the ballot of a participant of a quorum.</summary>
public interface IBallotStrategy
{
    /// <summary>The ballot; null for not yet. Asked after each message, until there is one.</summary>
    /// <param name="request">What is to be approved.</param>
    /// <param name="context">The message that it is asked at, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<BallotChoice?> CastAsync(QuorumMode.ApprovalRequest request, AgentContext<QuorumSession> context, CancellationToken cancellationToken);
}

/// <summary>A ballot.</summary>
/// <param name="Ballot">For it, against it, or neither.</param>
/// <param name="Reason">Why.</param>
public sealed record BallotChoice(QuorumMode.Ballot Ballot, string Reason = "");

/// <summary>Lets strategies take part in quorums.</summary>
public static class QuorumStrategies
{
    /// <summary>Casts one ballot as a strategy decides.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="strategy">The strategy.</param>
    public static MacpParticipant<QuorumSession> BallotWith(this MacpParticipant<QuorumSession> participant, IBallotStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return participant.BallotWith(strategy.CastAsync);
    }

    /// <inheritdoc cref="BallotWith(MacpParticipant{QuorumSession}, IBallotStrategy)"/>
    public static MacpParticipant<QuorumSession> BallotWith(
        this MacpParticipant<QuorumSession> participant, Func<QuorumMode.ApprovalRequest, AgentContext<QuorumSession>, CancellationToken, ValueTask<BallotChoice?>> strategy)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(strategy);
        bool hasCast = false;
        return participant.OnAny(async (context, cancellationToken) =>
        {
            bool CanCast() => !hasCast && context.TakesPart() && !context.Session.Projection.Ballots.ContainsKey(context.ParticipantId);
            if (context.Session.Projection.Request is not { } request || !CanCast()) return;
            // Of one that was started again, the ballot of its earlier run may be only just read.
            if (await strategy(request, context, cancellationToken).ConfigureAwait(false) is not { } choice || !CanCast()) return;
            await (choice.Ballot switch
            {
                QuorumMode.Ballot.Approve => context.Session.ApproveAsync(request.RequestId, choice.Reason, cancellationToken: cancellationToken),
                QuorumMode.Ballot.Reject => context.Session.RejectAsync(request.RequestId, choice.Reason, cancellationToken: cancellationToken),
                _ => context.Session.AbstainAsync(request.RequestId, choice.Reason, cancellationToken: cancellationToken),
            }).ConfigureAwait(false);
            hasCast = true;
        });
    }
}
