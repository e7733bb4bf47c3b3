using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// What can be said of an envelope without knowing who sent it: steps 1 to 7 of admission (RFC-MACP-0001 section 6). The first that
/// fails answers.
/// </summary>
static class EnvelopeShape
{
    public static Rejection? Check(Envelope envelope, int maxPayloadBytes)
    {
        if (envelope.MacpVersion != MacpProtocol.Version)
            return new(ErrorCode.UnsupportedProtocolVersion, $"macp_version must be {MacpProtocol.Version}; it is '{envelope.MacpVersion}'");
        if (envelope.MessageType.Length == 0) return Rejection.InvalidEnvelope("message_type must not be empty");
        // Here and not in the session: there a client could have its repetition of the runtime's own message acknowledged (decisions 4).
        if (AdmissionRules.CheckMessageId(envelope.MessageId) is { } misnamed) return misnamed;
        return CheckScope(envelope) ?? AdmissionRules.CheckPayloadSize(envelope.Payload.Length, maxPayloadBytes);
    }

    /// <summary>A Signal belongs to no session, a Progress to a session or to none, everything else to one (RFC-MACP-0001 section 6).</summary>
    static Rejection? CheckScope(Envelope envelope)
    {
        bool hasSession = envelope.SessionId.Length != 0, hasMode = !string.IsNullOrWhiteSpace(envelope.Mode);
        return envelope.MessageType switch
        {
            MessageTypes.Signal => hasSession || hasMode ? Rejection.InvalidEnvelope("a Signal has neither session_id nor mode") : null,
            MessageTypes.Progress => AdmissionRules.CheckProgressScope(envelope.SessionId, envelope.Mode),
            _ when !hasSession => Rejection.InvalidEnvelope("session_id must not be empty"),
            _ when !hasMode => Rejection.InvalidEnvelope("mode must not be blank"),
            _ => null,
        };
    }
}
