using System.Collections.Frozen;

namespace Macp.Protocol;

/// <summary>The message types that do not depend on a mode.</summary>
public static class MessageTypes
{
    /// <summary>Opens a session.</summary>
    public const string SessionStart = "SessionStart";

    /// <summary>Binds the session's one outcome.</summary>
    public const string Commitment = "Commitment";

    /// <summary>Ambient: binds nobody, belongs to no session.</summary>
    public const string Signal = "Signal";

    /// <summary>Ambient, or scoped to a session; never in its history.</summary>
    public const string Progress = "Progress";

    /// <summary>Annotation: the session was suspended.</summary>
    public const string SessionSuspend = "SessionSuspend";

    /// <summary>Annotation: the session was resumed.</summary>
    public const string SessionResume = "SessionResume";

    /// <summary>Annotation: the session was cancelled.</summary>
    public const string SessionCancel = "SessionCancel";

    /// <summary>Annotation: the session's time was up.</summary>
    public const string TtlExpired = "TtlExpired";

    /// <summary>Reserved for the runtime's own records.</summary>
    public const string Checkpoint = "Checkpoint";

    /// <summary>The runtime's own types. From a client, every one of them is <c>FORBIDDEN</c>, to everybody.</summary>
    public static FrozenSet<string> Annotations { get; } =
        FrozenSet.Create(StringComparer.Ordinal, SessionSuspend, SessionResume, SessionCancel, Checkpoint, TtlExpired);
}
