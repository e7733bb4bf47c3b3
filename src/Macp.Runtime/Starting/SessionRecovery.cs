namespace Macp.Runtime;

/// <summary>
/// Takes up the sessions that an earlier process left. Their histories are folded and nothing is decided again, so that a rule mended since can never
/// make an old session unreadable.
/// </summary>
sealed class SessionRecovery(ModeRegistry modes, SessionTable sessions, LifecycleFeed feed, OpenSessions open, Action<string, Exception> fault)
{
    public void Recover(IReadOnlyList<ISessionHistory> stored, long clock) => Parallel.ForEach(stored, history => Recover(history, clock));

    void Recover(ISessionHistory history, long clock)
    {
        if (history.ReadAll().FirstOrDefault() is not { Binding: { } binding } start) return;
        try
        {
            var mode = modes.Recall(start.Mode, binding.ModeVersion);
            var context = SessionFold.ContextOf(start, mode, out _);
            new Session(context, mode, history, open.Of(context.Initiator), sessions, feed, fault).Resume(clock);
        }
        catch (Exception e)
        {
            fault(start.SessionId, e);
        }
    }
}
