using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>What an identity may send: steps 8 to 11 of admission.</summary>
static class Permissions
{
    /// <summary>
    /// The runtime's own types are refused here (decisions 10): after authentication, so that the answer is <c>FORBIDDEN</c> to somebody, and
    /// before any rate is spent or any session looked at, so that it is the same to everybody.
    /// </summary>
    public static Rejection? Check(Identity? identity, Envelope envelope)
    {
        if (identity is null) return new(ErrorCode.Unauthenticated, "a credential is needed");
        if (envelope.Sender.Length != 0 && envelope.Sender != identity.Sender)
            return new(ErrorCode.Unauthenticated, $"the credential is not that of the sender '{envelope.Sender}'");
        if (MessageTypes.Annotations.Contains(envelope.MessageType))
            return Rejection.Forbidden($"{envelope.MessageType} is written by the runtime only");
        if (envelope.MessageType == MessageTypes.SessionStart && !identity.CanStartSessions)
            return Rejection.Forbidden($"'{identity.Sender}' may not start sessions");
        return identity.AllowedModes is { } allowed && !allowed.Contains(envelope.Mode)
            ? Rejection.Forbidden($"'{identity.Sender}' may not send in mode '{envelope.Mode}'")
            : null;
    }
}
