using System.Diagnostics;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The way of an envelope: admission, then its session, the ambient plane or a start; and who watches it.</summary>
public sealed partial class MacpRuntime
{
    /// <summary>
    /// Judges an envelope and, if it is accepted, appends it to its session. Every refusal is a nack with a code of the registry. The answer comes
    /// when everything that it depends on is durable; once appended, a message is not taken back by <paramref name="cancellationToken"/>.
    /// </summary>
    /// <param name="identity">Who sends; null when the caller could not be authenticated, which is told only of a well-formed envelope.</param>
    /// <param name="envelope">The envelope. It may be given equal texts in the place of its own; what the history keeps are its parts.</param>
    /// <param name="cancellationToken">Checked before anything is done.</param>
    public ValueTask<Ack> SendAsync(Identity? identity, Envelope envelope, CancellationToken cancellationToken = default) =>
        SendAsync(identity, envelope, default, cancellationToken);

    /// <inheritdoc cref="SendAsync(Identity, Envelope, CancellationToken)"/>
    /// <param name="identity">Who sends; null when the caller could not be authenticated.</param>
    /// <param name="envelope">The envelope.</param>
    /// <param name="caller">Where in a trace the caller is; the default for where <see cref="Activity.Current"/> is.</param>
    /// <param name="cancellationToken">Checked before anything is done.</param>
    public ValueTask<Ack> SendAsync(Identity? identity, Envelope envelope, ActivityContext caller, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Ack>(cancellationToken);
        if (KernelSpans.AreHeard) return SendTracedAsync(identity, envelope, caller);
        var ack = JudgeAsync(identity, envelope, caller);
        return _meter.CountsEnvelopes ? CountAsync(envelope, ack) : ack;
    }

    /// <summary>Judges what is true of any envelope, whoever sends it and whatever its session: its version, its fields, its size.</summary>
    public Rejection? CheckShape(Envelope envelope) => EnvelopeShape.Check(envelope, _options.MaxPayloadBytes);

    async ValueTask<Ack> SendTracedAsync(Identity? identity, Envelope envelope, ActivityContext caller)
    {
        using var span = KernelSpans.BeginSend(envelope, caller);
        var ack = await CountAsync(envelope, JudgeAsync(identity, envelope, span?.Context ?? caller)).ConfigureAwait(false);
        span.Answered(ack);
        return ack;
    }

    /// <summary>Counts what became of an envelope: without a state machine where it is known at once.</summary>
    ValueTask<Ack> CountAsync(Envelope envelope, ValueTask<Ack> judged) =>
        judged.IsCompletedSuccessfully ? new(Count(envelope, judged.Result)) : CountAwaitedAsync(envelope, judged);

    async ValueTask<Ack> CountAwaitedAsync(Envelope envelope, ValueTask<Ack> judged) => Count(envelope, await judged.ConfigureAwait(false));

    Ack Count(Envelope envelope, Ack ack)
    {
        _meter.Answered(envelope, ack);
        return ack;
    }

    /// <summary>What becomes of an envelope, whoever watches.</summary>
    internal ValueTask<Ack> JudgeAsync(Identity? identity, Envelope envelope, ActivityContext caller)
    {
        long now = Now;
        if (Admit(identity, envelope) is { } rejection) return new(Acks.Refused(envelope, rejection, now));
        var signed = Sign(envelope, identity!.Sender);
        return signed.MessageType switch
        {
            MessageTypes.SessionStart => _starter.StartAsync(identity, signed, TraceContext.Write(TraceContext.Of(caller)), now),
            MessageTypes.Signal or MessageTypes.Progress => new(_ambient.Receive(signed, now)),
            _ when _sessions.TryFind(signed.SessionId, out var session) => session.ReceiveAsync(signed, now),
            _ => SendToFinishedAsync(signed, now),
        };
    }

    async ValueTask<Ack> SendToFinishedAsync(Envelope envelope, long now)
    {
        var found = await _finder.FindAsync(envelope.SessionId).ConfigureAwait(false);
        return found.Succeeded(out var session, out var failure)
            ? await session.ReceiveAsync(envelope, now).ConfigureAwait(false)
            : Acks.Refused(envelope, Acks.RejectionOf(failure, envelope.SessionId), now);
    }

    /// <summary>Steps 1 to 12 of admission; the first that fails answers. Only what passes all of them spends rate.</summary>
    Rejection? Admit(Identity? identity, Envelope envelope)
    {
        if (CheckShape(envelope) is { } misshapen) return misshapen;
        if (Permissions.Check(identity, envelope) is { } forbidden) return forbidden;
        return _rates.Take(identity!.Sender, envelope.MessageType == MessageTypes.SessionStart);
    }

    /// <summary>The envelope with its authenticated sender: the caller's own when it names it, else a copy.</summary>
    static Envelope Sign(Envelope envelope, string sender)
    {
        if (envelope.Sender.Length != 0) return envelope;
        var signed = envelope.Clone();
        signed.Sender = sender;
        return signed;
    }
}
