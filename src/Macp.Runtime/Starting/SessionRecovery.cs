using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// Takes up the sessions that the history holds. They are folded and nothing is decided again, so that a rule mended since can never make an old session
/// unreadable.
/// </summary>
sealed class SessionRecovery(ModeRegistry modes, SessionTable sessions, LifecycleFeed feed, OpenSessions open, RuntimeMeter meter, Action<string, Exception> fault)
{
    /// <summary>Takes up the sessions that an earlier process left and that go on.</summary>
    public void Recover(IReadOnlyList<ISessionHistory> stored, long clock) => Parallel.ForEach(stored, history => Recover(history, clock));

    /// <summary>A session that has ended, for whoever asks for it. Nothing of it changes any more.</summary>
    public Session Recall(ISessionHistory history)
    {
        var session = SessionOf(history, history.ReadAll().First());
        session.Recall();
        return session;
    }

    void Recover(ISessionHistory history, long clock)
    {
        if (history.ReadAll().FirstOrDefault() is not { Binding: not null } start) return;
        try
        {
            SessionOf(history, start).Resume(clock);
        }
        catch (Exception e)
        {
            fault(start.SessionId, e);
        }
    }

    Session SessionOf(ISessionHistory history, HistoryRecord start)
    {
        var mode = modes.Recall(start.Mode, start.Binding!.ModeVersion);
        var context = ContextOf(start, mode);
        return new(context, mode, history, open.Of(context.Initiator), sessions, feed, meter, fault);
    }

    /// <summary>What a stored start has bound.</summary>
    /// <exception cref="InvalidDataException">The mode's rules about policies have changed so that this one cannot be read.</exception>
    static SessionContext ContextOf(HistoryRecord start, KernelMode mode)
    {
        var payload = SessionStartPayload.Parser.ParseFrom(start.Payload);
        payload.ModeVersion = start.Binding!.ModeVersion;
        StartTexts.Share(payload);
        return start.Binding.Policy.Definition!.Bind(mode.Identifier, mode.Governance, out var policy) is { } misfit
            ? throw new InvalidDataException($"the session's policy does not fit {mode.Identifier} any more: {misfit.Path} {misfit.Reason}")
            : new(start.Envelope, payload, policy);
    }
}
