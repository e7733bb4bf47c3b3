using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>What the kernel asks of a message or an operation in a session. Pure: a live session is judged by it, and so is a history that is judged again.</summary>
static class SessionRules
{
    /// <summary>Whether the session takes a message of this mode now, whatever it says (RFC-MACP-0001 section 8).</summary>
    public static Rejection? CheckMessage(SessionFold fold, string mode)
    {
        if (mode != fold.Context.Mode) return Rejection.InvalidEnvelope($"mode '{mode}' is not the session's; it is '{fold.Context.Mode}'");
        return fold.State is SessionState.Open ? null : Refuse.NotOpen(fold.State);
    }

    /// <summary>Whether a session in this state can take this annotation: whatever has not ended can end (RFC-MACP-0001 section 7).</summary>
    public static Rejection? CheckAnnotation(SessionState state, string type) => type switch
    {
        MessageTypes.SessionSuspend => state is SessionState.Open ? null : Refuse.NotOpen(state),
        MessageTypes.SessionResume => state is SessionState.Suspended ? null : Refuse.NotSuspended(state),
        _ => state is SessionState.Open or SessionState.Suspended ? null : Refuse.NotOpen(state),
    };

    /// <summary>Who may cancel, suspend and resume: the initiator always, and whoever may commit under the bound policy.</summary>
    public static Rejection? CheckController(SessionContext context, string sender) => sender == context.Initiator || context.MayCommit(sender)
        ? null
        : Rejection.Forbidden($"'{sender}' may not cancel, suspend or resume this session");

    /// <summary>The message has the id of another (decisions 4).</summary>
    public static Rejection IdTaken(string messageId) => Rejection.InvalidEnvelope($"message_id '{messageId}' is taken by another message of this session");
}
