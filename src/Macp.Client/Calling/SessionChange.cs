using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>Something that happened to a session, as whoever watches sessions is told. For each session that is there at the start of a watch it is <c>CREATED</c>.</summary>
public sealed record SessionChange
{
    /// <summary>What happened: <c>CREATED</c>, <c>RESOLVED</c>, <c>EXPIRED</c>, <c>SUSPENDED</c>, <c>RESUMED</c> or <c>CANCELLED</c>; the number of a type that this client does not know.</summary>
    public required string Type { get; init; }

    /// <summary>The session. Its state is the authority: one that was there before the watch may be suspended, and with some runtimes ended.</summary>
    public required SessionInfo Session { get; init; }

    /// <summary>When the runtime noticed; null where it does not say.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>The event as it came.</summary>
    public SessionLifecycleEvent Event { get; init; } = new();

    /// <summary>Whether the session was started, or was there when the watch began.</summary>
    public bool IsCreated => Type == "CREATED";

    /// <summary>Whether the session was committed to its outcome.</summary>
    public bool IsResolved => Type == "RESOLVED";

    /// <summary>Whether the session's time ran out.</summary>
    public bool IsExpired => Type == "EXPIRED";

    /// <summary>Whether the session was suspended.</summary>
    public bool IsSuspended => Type == "SUSPENDED";

    /// <summary>Whether the session was resumed.</summary>
    public bool IsResumed => Type == "RESUMED";

    /// <summary>Whether the session was cancelled.</summary>
    public bool IsCancelled => Type == "CANCELLED";

    /// <summary>Whether the session has ended by it: resolved, expired or cancelled. Nothing more follows of it.</summary>
    public bool IsTerminal => IsResolved || IsExpired || IsCancelled;

    internal static SessionChange Of(SessionLifecycleEvent happened) => new()
    {
        Type = happened.EventType.ToString().ToUpperInvariant(),
        Session = SessionInfo.Of(happened.Session),
        ObservedAt = UnixTime.Read(happened.ObservedAtUnixMs),
        Event = happened,
    };
}
