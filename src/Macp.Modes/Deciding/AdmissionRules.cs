using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// What every runtime asks of the form of an envelope and of a start, whatever the mode (RFC-MACP-0001 sections 6 and 7). Said once, for the runtime that
/// refuses and for the client that would rather not send.
/// </summary>
public static class AdmissionRules
{
    /// <summary>A message id: not empty, and not one of those that the runtime gives (decisions 4).</summary>
    public static Rejection? CheckMessageId(string messageId)
    {
        if (messageId.Length == 0) return Rejection.InvalidEnvelope("message_id must not be empty");
        return messageId.StartsWith(MacpProtocol.ImplicitAcceptPrefix, StringComparison.Ordinal)
            ? Rejection.InvalidEnvelope($"message ids that begin with '{MacpProtocol.ImplicitAcceptPrefix}' are the runtime's own")
            : null;
    }

    /// <summary>A payload's size, in bytes.</summary>
    public static Rejection? CheckPayloadSize(int size, int most) => size <= most
        ? null
        : new(ErrorCode.PayloadTooLarge, $"the payload has {size} bytes; {most} are accepted");

    /// <summary>The id of a session that is to be started.</summary>
    public static Rejection? CheckSessionId(string sessionId) => SessionIds.IsValid(sessionId)
        ? null
        : new(ErrorCode.InvalidSessionId, "session_id must be a lower-case UUID of version 4 or 7, or at least 22 base64url characters");

    /// <summary>What a Progress is about: a session of a mode, or neither.</summary>
    public static Rejection? CheckProgressScope(string sessionId, string mode) => sessionId.Length != 0 != !string.IsNullOrWhiteSpace(mode)
        ? Rejection.InvalidEnvelope("a Progress has both session_id and mode, or neither")
        : null;

    /// <summary>The fields of a start, in the order in which they are judged. How few participants will do is the mode's to say (decisions 7).</summary>
    public static Rejection? CheckStart(SessionStartPayload start)
    {
        if (CheckTimeToLive(start.TtlMs) is { } ttl) return ttl;
        if (string.IsNullOrWhiteSpace(start.ModeVersion)) return Refuse.Blank("mode_version");
        if (string.IsNullOrWhiteSpace(start.ConfigurationVersion)) return Refuse.Blank("configuration_version");
        return CheckParticipants(start.Participants) ?? CheckMaxSuspend(start.MaxSuspendMs);
    }

    /// <summary>A time to live, in milliseconds.</summary>
    public static Rejection? CheckTimeToLive(long milliseconds) => milliseconds is >= 1 and <= MacpProtocol.MaxTtlMs
        ? null
        : Rejection.InvalidEnvelope($"ttl_ms must be from 1 to {MacpProtocol.MaxTtlMs}; it is {milliseconds}");

    /// <summary>A cap on suspension, in milliseconds; 0 stands for the runtime's default.</summary>
    public static Rejection? CheckMaxSuspend(long milliseconds) => milliseconds >= 0
        ? null
        : Rejection.InvalidEnvelope($"max_suspend_ms must not be negative; it is {milliseconds}");

    /// <summary>Participants: not too many, none blank, no two equal once trimmed.</summary>
    public static Rejection? CheckParticipants(IReadOnlyCollection<string> participants)
    {
        if (participants.Count > MacpProtocol.MaxParticipants)
            return Rejection.InvalidEnvelope($"participants must name at most {MacpProtocol.MaxParticipants}; there are {participants.Count}");
        var names = new HashSet<string>(participants.Count, StringComparer.Ordinal);
        foreach (string name in participants)
        {
            if (string.IsNullOrWhiteSpace(name)) return Refuse.Blank($"participants[{names.Count}]");
            if (!names.Add(name.Trim())) return Rejection.InvalidEnvelope($"participants must differ; {Refuse.Quoted(name)} is named twice");
        }
        return null;
    }
}
