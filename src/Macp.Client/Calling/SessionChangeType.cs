using System.Collections.Frozen;

namespace Macp.Client;

/// <summary>The types of changes of sessions, as text: what a <see cref="SessionChange.Type"/> says, for those who have kept no more than that.</summary>
public static class SessionChangeType
{
    /// <summary>The session was started, or was there when the watch began.</summary>
    public const string Created = "CREATED";

    /// <summary>The session was committed to its outcome.</summary>
    public const string Resolved = "RESOLVED";

    /// <summary>The session's time ran out.</summary>
    public const string Expired = "EXPIRED";

    /// <summary>The session was suspended.</summary>
    public const string Suspended = "SUSPENDED";

    /// <summary>The session was resumed.</summary>
    public const string Resumed = "RESUMED";

    /// <summary>The session was cancelled.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>
    /// The runtime tells nothing of the session any more, so that nobody knows how it ended: its history was removed while the stream was broken, or never
    /// kept, or is not for the caller any more. Told by a <see cref="SessionLifecycleWatcher"/> only; it is no type of the wire.
    /// </summary>
    public const string Gone = "GONE";

    /// <summary>Those after which nothing follows of a session: resolved, expired, cancelled, and gone.</summary>
    public static IReadOnlySet<string> Terminal { get; } = FrozenSet.Create(StringComparer.Ordinal, Resolved, Expired, Cancelled, Gone);

    /// <summary>Whether the type is <see cref="Created"/>.</summary>
    public static bool IsCreated(string type) => type == Created;

    /// <summary>Whether the type is <see cref="Resolved"/>.</summary>
    public static bool IsResolved(string type) => type == Resolved;

    /// <summary>Whether the type is <see cref="Expired"/>.</summary>
    public static bool IsExpired(string type) => type == Expired;

    /// <summary>Whether the type is <see cref="Suspended"/>.</summary>
    public static bool IsSuspended(string type) => type == Suspended;

    /// <summary>Whether the type is <see cref="Resumed"/>.</summary>
    public static bool IsResumed(string type) => type == Resumed;

    /// <summary>Whether the type is <see cref="Cancelled"/>.</summary>
    public static bool IsCancelled(string type) => type == Cancelled;

    /// <summary>Whether the type is <see cref="Gone"/>.</summary>
    public static bool IsGone(string type) => type == Gone;

    /// <summary>Whether nothing follows of a session after a change of this type.</summary>
    public static bool IsTerminal(string type) => Terminal.Contains(type);
}
