using Macp.Modes.MultiRound;

namespace Macp.Agents;

/// <summary>Contributes values until all participants contribute the same.</summary>
public interface IContributionStrategy
{
    /// <summary>The value to contribute now; null, or the one that is contributed already, to leave it at that. Asked after each message until the values converge.</summary>
    /// <param name="context">The message that it is asked at, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<string?> ContributeAsync(AgentContext<MultiRoundSession> context, CancellationToken cancellationToken);
}

/// <summary>Lets strategies converge.</summary>
public static class MultiRoundStrategies
{
    /// <summary>Contributes as a strategy decides.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="strategy">The strategy.</param>
    public static MacpParticipant<MultiRoundSession> ContributeWith(this MacpParticipant<MultiRoundSession> participant, IContributionStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return participant.ContributeWith(strategy.ContributeAsync);
    }

    /// <inheritdoc cref="ContributeWith(MacpParticipant{MultiRoundSession}, IContributionStrategy)"/>
    public static MacpParticipant<MultiRoundSession> ContributeWith(
        this MacpParticipant<MultiRoundSession> participant, Func<AgentContext<MultiRoundSession>, CancellationToken, ValueTask<string?>> strategy)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(strategy);
        string? contributed = null;
        return participant.OnAny(async (context, cancellationToken) =>
        {
            bool IsGathering() => context.TakesPart() && context.Session.Projection.Phase is MultiRoundMode.Phase.Gathering;
            if (!IsGathering() || await strategy(context, cancellationToken).ConfigureAwait(false) is not { } value || !IsGathering()) return;
            if (value == (contributed ?? context.Session.Projection.Contributions.GetValueOrDefault(context.ParticipantId))) return;
            await context.Session.ContributeAsync(value, cancellationToken: cancellationToken).ConfigureAwait(false);
            contributed = value;
        });
    }
}
