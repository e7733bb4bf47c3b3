using Macp.Client;
using Macp.Modes;

namespace Macp.Agents;

/// <summary>Decides when, and to what, a session is committed.</summary>
/// <typeparam name="TSession">The session client of the mode.</typeparam>
public interface ICommitmentStrategy<TSession>
    where TSession : class, IModeSession
{
    /// <summary>The outcome to commit to; null for not yet. Asked after each message, until there is one.</summary>
    /// <param name="context">The message, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<CommitOptions?> DecideAsync(AgentContext<TSession> context, CancellationToken cancellationToken);
}

/// <summary>
/// Commits as soon as the mode and the policy allow an outcome: to the positive action where that is eligible, else to the negative one. For the modes whose messages
/// settle the outcome, all but Decision and those that are known by name only.
/// </summary>
/// <typeparam name="TSession">The session client of the mode.</typeparam>
public sealed record ReadyCommitter<TSession> : ICommitmentStrategy<TSession>
    where TSession : class, IModeSession
{
    /// <summary>The action of a positive outcome.</summary>
    public required string Action { get; init; }

    /// <summary>The action of a negative outcome; null for one who leaves that to others.</summary>
    public string? NegativeAction { get; init; }

    /// <summary>By whose authority, or how far it reaches.</summary>
    public string AuthorityScope { get; init; } = "session";

    /// <inheritdoc/>
    public ValueTask<CommitOptions?> DecideAsync(AgentContext<TSession> context, CancellationToken cancellationToken) => ValueTask.FromResult(
        Acting.CanCommit(context.Session, positive: true) is null ? Outcome(Action, true)
        : NegativeAction is { } negative && Acting.CanCommit(context.Session, positive: false) is null ? Outcome(negative, false) : null);

    CommitOptions? Outcome(string action, bool positive) => new()
    {
        Action = action,
        AuthorityScope = AuthorityScope,
        Reason = positive ? "the session has come to a positive outcome" : "the session has come to a negative outcome",
        OutcomePositive = positive,
    };
}

/// <summary>Lets strategies commit.</summary>
public static class CommitmentStrategies
{
    /// <summary>Commits as a strategy decides, once, and only where the participant may commit and the mode and the policy allow that outcome; else it is asked again.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="strategy">The strategy.</param>
    public static MacpParticipant<TSession> CommitWith<TSession>(this MacpParticipant<TSession> participant, ICommitmentStrategy<TSession> strategy)
        where TSession : class, IModeSession
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return participant.CommitWith(strategy.DecideAsync);
    }

    /// <inheritdoc cref="CommitWith{TSession}(MacpParticipant{TSession}, ICommitmentStrategy{TSession})"/>
    public static MacpParticipant<TSession> CommitWith<TSession>(
        this MacpParticipant<TSession> participant, Func<AgentContext<TSession>, CancellationToken, ValueTask<CommitOptions?>> strategy)
        where TSession : class, IModeSession
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(strategy);
        bool hasCommitted = false;
        return participant.OnAny(async (context, cancellationToken) =>
        {
            if (hasCommitted || !context.IsOpen() || !context.MayCommit()) return;
            if (await strategy(context, cancellationToken).ConfigureAwait(false) is not { } commit) return;
            if (Acting.CanCommit(context.Session, commit.OutcomePositive ?? CommitmentRules.SignOf(commit.Action) ?? true) is { } notYet)
            {
                context.Logger.NotYet(context.ParticipantId, notYet.Reason);
                return;
            }
            await context.Session.CommitAsync(commit, cancellationToken: cancellationToken).ConfigureAwait(false);
            hasCommitted = true;
        });
    }
}
