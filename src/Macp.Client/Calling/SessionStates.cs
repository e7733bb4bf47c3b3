using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>What a session's state means.</summary>
public static class SessionStates
{
    /// <summary>Whether the session has ended, for good: resolved, expired or cancelled (RFC-MACP-0001 section 7).</summary>
    public static bool IsTerminal(this SessionState state) => state is SessionState.Resolved or SessionState.Expired or SessionState.Cancelled;

    /// <summary>What an entry of a history says of the session's state; most say nothing.</summary>
    internal static SessionState After(Envelope entry) => entry.MessageType switch
    {
        MessageTypes.SessionStart or MessageTypes.SessionResume => SessionState.Open,
        MessageTypes.SessionSuspend => SessionState.Suspended,
        MessageTypes.Commitment => SessionState.Resolved,
        MessageTypes.SessionCancel => SessionState.Cancelled,
        MessageTypes.TtlExpired => SessionState.Expired,
        _ => SessionState.Unspecified,
    };
}
