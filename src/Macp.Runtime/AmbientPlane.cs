using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// Signals and Progress: judged, acknowledged and passed on. They bind nobody, enter no history and need no session (RFC-MACP-0001 section 6).
/// </summary>
sealed class AmbientPlane(Action<Envelope> publish)
{
    readonly PayloadReader<SignalPayload> _signals = new();
    readonly PayloadReader<ProgressPayload> _progress = new();

    public Ack Receive(Envelope envelope, long now)
    {
        if (Check(envelope) is { } rejection) return Acks.Refused(envelope, rejection, now);
        publish(envelope);
        return Acks.Accepted(envelope, now, SessionState.Open);
    }

    /// <summary>An empty payload is allowed of both.</summary>
    Rejection? Check(Envelope envelope)
    {
        if (envelope.Payload.IsEmpty) return null;
        if (envelope.MessageType == MessageTypes.Progress) return _progress.Read(envelope.Payload, out _);
        if (_signals.Read(envelope.Payload, out var signal) is { } unreadable) return unreadable;
        return string.IsNullOrWhiteSpace(signal.SignalType) ? Refuse.Blank("signal_type") : null;
    }
}
