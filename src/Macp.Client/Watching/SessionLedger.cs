using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Client;

/// <summary>
/// What was told of which session, so that each has one history: CREATED, then SUSPENDED and RESUMED in turns, then one end. It knows the open sessions,
/// and those of which a runtime may tell again although their end was told.
/// </summary>
/// <param name="start">When the watch began, by this machine's clock.</param>
sealed class SessionLedger(DateTimeOffset start)
{
    readonly Dictionary<string, (SessionMetadata Metadata, bool IsSuspended)> _open = new(StringComparer.Ordinal);
    readonly RecentEnds _ended = new(start);

    // Of these the stream may tell still, since they were looked for after it had begun.
    readonly HashSet<string> _settled = new(StringComparer.Ordinal);

    // Open when the watch began, and not told yet.
    HashSet<string> _there = new(StringComparer.Ordinal);

    /// <summary>The sessions whose end is owed.</summary>
    public IEnumerable<string> Open => _open.Keys;

    /// <summary>The watch begins, and these sessions are open.</summary>
    public void Begin(HashSet<string> there) => _there = there;

    /// <summary>A stream has begun. What ended before is of the past to it.</summary>
    public void StreamBegins() => _settled.Clear();

    /// <summary>The stream has told of a change. Nothing comes of it where it was told already.</summary>
    public IEnumerable<SessionChange> Heard(SessionChange change)
    {
        var session = change.Event.Session;
        if (_settled.Contains(session.SessionId) || _ended.Contains(session.SessionId)) return [];
        if (change.IsCreated) return Created(change);

        // Whatever a stream tells of the start stands before its first change.
        _there.Clear();
        _ended.Advance(change.ObservedAt);
        return Changed(change);
    }

    /// <summary>A session stands in the list, which was asked for after the stream had begun: what happens to an open one, the stream tells.</summary>
    public IEnumerable<SessionChange> Listed(SessionMetadata session)
    {
        if (!session.State.IsTerminal()) return [];
        if (_open.ContainsKey(session.SessionId)) return [Settled(Ended(session))];
        return IsNews(session) ? [Created(session), Settled(Ended(session))] : [];
    }

    /// <summary>The runtime tells nothing of an open session.</summary>
    public SessionChange Missing(string sessionId) => Settled(SessionChange.Lost(_open[sessionId].Metadata));

    IEnumerable<SessionChange> Created(SessionChange change)
    {
        var session = change.Event.Session;
        if (_open.TryGetValue(session.SessionId, out var known))
        {
            if (session.State.IsTerminal()) yield return Ended(session);
            else if (IsSuspended(session) != known.IsSuspended) yield return Turned(session);
            yield break;
        }

        // Older runtimes tell of sessions that have ended, too: before the watch began, or since; then their end comes next, or stands in the list.
        bool isSnapshot = _there.Remove(session.SessionId);
        if (session.State.IsTerminal() && !isSnapshot) yield break;
        _open.Add(session.SessionId, (session, false));
        yield return change with { IsSnapshot = isSnapshot };
        if (IsSuspended(session)) yield return Turned(session) with { IsSnapshot = isSnapshot, IsResynchronized = !isSnapshot };
        if (session.State.IsTerminal()) yield return Ended(session);
    }

    IEnumerable<SessionChange> Changed(SessionChange change)
    {
        var session = change.Event.Session;
        if (!_open.TryGetValue(session.SessionId, out var known))
        {
            // It looked ended by the time that an older runtime told of its start.
            yield return Created(session);
            known = _open[session.SessionId];
        }
        if ((change.IsSuspended && known.IsSuspended) || (change.IsResumed && !known.IsSuspended)) yield break;
        if (change.IsTerminal) Forget(session);
        else _open[session.SessionId] = (session, change.IsSuspended || (known.IsSuspended && !change.IsResumed));
        yield return change;
    }

    /// <summary>Nobody has told of a session that has ended: it was there and its start was lost, or it is younger than what was told last.</summary>
    bool IsNews(SessionMetadata session) =>
        !_settled.Contains(session.SessionId) && !_ended.Contains(session.SessionId)
        && (_there.Remove(session.SessionId) || UnixTime.Read(session.StartedAtUnixMs) >= _ended.Since);

    SessionChange Created(SessionMetadata session)
    {
        _open.Add(session.SessionId, (session, false));
        return SessionChange.Found(EventType.Created, session);
    }

    SessionChange Turned(SessionMetadata session)
    {
        _open[session.SessionId] = (session, IsSuspended(session));
        return SessionChange.Found(IsSuspended(session) ? EventType.Suspended : EventType.Resumed, session);
    }

    SessionChange Ended(SessionMetadata session)
    {
        Forget(session);
        return SessionChange.Found(
            session.State switch
            {
                SessionState.Resolved => EventType.Resolved,
                SessionState.Expired => EventType.Expired,
                _ => EventType.Cancelled,
            },
            session);
    }

    SessionChange Settled(SessionChange end)
    {
        Forget(end.Event.Session);
        _settled.Add(end.Event.Session.SessionId);
        return end;
    }

    void Forget(SessionMetadata session)
    {
        _open.Remove(session.SessionId);
        _ended.Add(session.SessionId, UnixTime.Read(session.StartedAtUnixMs));
    }

    static bool IsSuspended(SessionMetadata session) => session.State is SessionState.Suspended;
}
