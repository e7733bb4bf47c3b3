using System.Runtime.CompilerServices;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// Signals and Progress: judged, acknowledged and passed on. They bind nobody, enter no history and need no session (RFC-MACP-0001 section 6).
/// </summary>
sealed class AmbientPlane(SessionFinder sessions)
{
    // 16 MiB of envelopes as they travel: a slow watcher costs its position, and all of them together this ring.
    const int Slots = 8192, BytesASlot = 2048;

    readonly PayloadReader<SignalPayload> _signals = new();
    readonly PayloadReader<ProgressPayload> _progress = new();
    readonly EventRing<Heard> _heard = new(Slots);

    public Ack Receive(Envelope envelope, long now)
    {
        if (Check(envelope) is { } rejection) return Acks.Refused(envelope, rejection, now);
        // The sender may use its own again.
        _heard.Add(new(envelope.Clone()));
        _heard.Pulse();
        return Acks.Accepted(envelope, now, SessionState.Open);
    }

    /// <summary>
    /// What is heard from now on: ambient messages from everybody, and the progress of the sessions that the identity may read (decisions 18). A
    /// progress whose session nobody knows is for its sender and for observers.
    /// </summary>
    public Outcome<IAsyncEnumerable<WatchSignalsResponse>> Watch(Identity? identity) =>
        identity is null ? Failure.Unauthenticated : Outcome.Of(WatchAsync(identity, _heard.End));

    async IAsyncEnumerable<WatchSignalsResponse> WatchAsync(Identity identity, long position, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var heard in _heard.ReadAsync(position, cancellationToken).ConfigureAwait(false))
            if (await IsForAsync(identity, heard.Envelope).ConfigureAwait(false)) yield return new() { Envelope = heard.Envelope.Clone() };
    }

    async ValueTask<bool> IsForAsync(Identity identity, Envelope envelope)
    {
        if (envelope.SessionId.Length == 0) return true;
        var found = await sessions.FindAsync(envelope.SessionId).ConfigureAwait(false);
        return found.Value?.IsReadableBy(identity) ?? (identity.IsObserver || identity.Sender == envelope.Sender);
    }

    /// <summary>An empty payload is allowed of both.</summary>
    Rejection? Check(Envelope envelope)
    {
        if (envelope.Payload.IsEmpty) return null;
        if (envelope.MessageType == MessageTypes.Progress) return _progress.Read(envelope.Payload, out _);
        if (_signals.Read(envelope.Payload, out var signal) is { } unreadable) return unreadable;
        return string.IsNullOrWhiteSpace(signal.SignalType) ? Refuse.Blank("signal_type") : null;
    }

    sealed class Heard(Envelope envelope) : RingEvent
    {
        public Envelope Envelope => envelope;

        // Of all of it: texts may be as long as a payload.
        public override int Width { get; } = 1 + (envelope.CalculateSize() / BytesASlot);
    }
}
