namespace Macp.Runtime;

/// <summary>Finds sessions by id: those in memory, and those that have ended and stand in the history only.</summary>
sealed class SessionFinder(SessionTable sessions, IHistory history, SessionRecovery recovery, Action<string, Exception> fault)
{
    /// <summary>The session, or why it cannot be had.</summary>
    public ValueTask<Outcome<Session>> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        if (sessions.TryFind(id, out var session)) return new(session);
        return history.Knows(id) ? RecallAsync(id, cancellationToken) : new(Failure.SessionNotFound(id));
    }

    async ValueTask<Outcome<Session>> RecallAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await history.RecallAsync(id, cancellationToken).ConfigureAwait(false) is { } stored ? recovery.Recall(stored) : Failure.HistoryUnavailable(id);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            fault(id, e);
            return Failure.NotReadable;
        }
    }
}
