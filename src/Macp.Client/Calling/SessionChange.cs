using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Client;

/// <summary>Something that happened to a session, as whoever watches sessions is told. For each session that is there at the start of a watch it is <c>CREATED</c>.</summary>
public sealed record SessionChange
{
    /// <summary>What happened: a <see cref="SessionChangeType"/>, or the number of a type that this client does not know.</summary>
    public required string Type { get; init; }

    /// <summary>The session. Its state is the authority: one that was there before the watch may be suspended, and with some runtimes ended.</summary>
    public required SessionInfo Session { get; init; }

    /// <summary>When the runtime noticed; null where it does not say, and where a watcher found out by itself.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>The event as it came; what a watcher found out by itself, in the form of one.</summary>
    public SessionLifecycleEvent Event { get; init; } = new();

    /// <summary>
    /// Whether this was there when the watch began, and did not happen since. Told by a <see cref="SessionLifecycleWatcher"/>: the wire has no word for it.
    /// </summary>
    public bool IsSnapshot { get; init; }

    /// <summary>Whether a <see cref="SessionLifecycleWatcher"/> found out by itself, since the runtime's own event was lost to it: after a break, for one.</summary>
    public bool IsResynchronized { get; init; }

    /// <summary>Whether the session was started, or was there when the watch began.</summary>
    public bool IsCreated => SessionChangeType.IsCreated(Type);

    /// <summary>Whether the session was committed to its outcome.</summary>
    public bool IsResolved => SessionChangeType.IsResolved(Type);

    /// <summary>Whether the session's time ran out.</summary>
    public bool IsExpired => SessionChangeType.IsExpired(Type);

    /// <summary>Whether the session was suspended.</summary>
    public bool IsSuspended => SessionChangeType.IsSuspended(Type);

    /// <summary>Whether the session was resumed.</summary>
    public bool IsResumed => SessionChangeType.IsResumed(Type);

    /// <summary>Whether the session was cancelled.</summary>
    public bool IsCancelled => SessionChangeType.IsCancelled(Type);

    /// <summary>Whether the runtime tells nothing of the session any more, so that nobody knows how it ended (<see cref="SessionChangeType.Gone"/>).</summary>
    public bool IsGone => SessionChangeType.IsGone(Type);

    /// <summary>Whether nothing more follows of the session: it was resolved, expired, cancelled, or is gone.</summary>
    public bool IsTerminal => SessionChangeType.IsTerminal(Type);

    internal static SessionChange Of(SessionLifecycleEvent happened) => new()
    {
        Type = happened.EventType.ToString().ToUpperInvariant(),
        Session = SessionInfo.Of(happened.Session),
        ObservedAt = UnixTime.Read(happened.ObservedAtUnixMs),
        Event = happened,
    };

    /// <summary>What nobody told, but is so.</summary>
    internal static SessionChange Found(EventType type, SessionMetadata session) =>
        Of(new() { EventType = type, Session = session }) with { IsResynchronized = true };

    /// <summary>The end of which nobody tells how it was.</summary>
    internal static SessionChange Lost(SessionMetadata lastKnown)
    {
        var session = lastKnown.Clone();
        session.State = SessionState.Unspecified;
        return Found(EventType.Unspecified, session) with { Type = SessionChangeType.Gone };
    }
}
