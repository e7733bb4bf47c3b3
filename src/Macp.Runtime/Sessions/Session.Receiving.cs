using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Starts and messages.</summary>
sealed partial class Session
{
    /// <summary>Starts the session; null when its id was taken meanwhile.</summary>
    public ValueTask<Ack>? Begin(SessionFold fold)
    {
        Ack? ack;
        Mark mark;
        StartedAt = fold.LastAcceptedAt;
        lock (_gate)
        {
            // Whoever finds it in the table from now on waits for the lock.
            if (!table.TryAdd(this)) return null;
            _fold = fold;
            ack = Turn(fold.LastAcceptedAt, fold.Start, static (session, _, _, start) => session.AppendStart(start), out mark);
        }
        return WhenDurableAsync(ack ?? Acks.Refused(fold.Start.Envelope, Acks.NotKept, fold.Start.AcceptedAtUnixMs), mark);
    }

    /// <summary>Judges a message and appends it, or answers why not.</summary>
    public ValueTask<Ack> ReceiveAsync(Envelope envelope, long clock)
    {
        var ack = Turn(clock, envelope, static (session, fold, now, e) => session.Receive(fold, now, e), out var mark);
        return WhenDurableAsync(ack ?? Acks.Refused(envelope, Acks.NotKept, clock), mark);
    }

    /// <summary>
    /// Answers another start of this session: a duplicate if it is the same again (decisions 3). Null when it is not, so that it is judged
    /// by itself before it is told that the session exists.
    /// </summary>
    public ValueTask<Ack>? RepeatStart(Envelope envelope, long clock)
    {
        var ack = Turn(clock, envelope, static (_, fold, _, e) => AnswerDuplicate(fold, e) ?? NoAck, out var mark);
        // Without an answer too: what came due is told.
        var answer = WhenDurableAsync(ack ?? Acks.Refused(envelope, Acks.NotKept, clock), mark);
        return ack == NoAck ? null : answer;
    }

    /// <summary>Refuses a start because this session exists, once it is certain that it does.</summary>
    public ValueTask<Ack> RefuseStartAsync(Envelope envelope, long clock)
    {
        var exists = new Rejection(ErrorCode.SessionAlreadyExists, $"a session '{Id}' exists or existed; ids are not used twice");
        var ack = Turn(clock, (envelope, exists), static (_, _, now, a) => Acks.Refused(a.envelope, a.exists, now), out var mark);
        return WhenDurableAsync(ack ?? Acks.Refused(envelope, Acks.NotKept, clock), mark);
    }

    static readonly Ack NoAck = new();

    Ack AppendStart(HistoryRecord start)
    {
        Append(start, start.AcceptedAtUnixMs);
        return Acks.Accepted(start.Envelope, start.AcceptedAtUnixMs, SessionState.Open);
    }

    static Ack? AnswerDuplicate(SessionFold fold, Envelope envelope) =>
        fold.Find(envelope.MessageId) is { } earlier && earlier.IsRepeatedBy(envelope) ? Acks.Duplicate(envelope, earlier, fold.State) : null;

    /// <summary>The order of RFC-MACP-0001 section 8, as decisions 4 settles it for duplicates.</summary>
    Ack Receive(SessionFold fold, long now, Envelope envelope)
    {
        var earlier = fold.Find(envelope.MessageId);
        if (earlier is not null && earlier.Sender == envelope.Sender)
            return earlier.IsRepeatedBy(envelope) ? Acks.Duplicate(envelope, earlier, fold.State) : Acks.Refused(envelope, SessionRules.IdTaken(envelope.MessageId), now);
        if (CheckSession(fold, envelope) is { } rejection) return Acks.Refused(envelope, rejection, now);

        fold.ShareTexts(envelope);
        var context = MessageContext.Of(envelope);
        var verdict = fold.Handler.Decide(context, envelope.Payload);
        if (verdict.Rejection is { } refused) return Acks.Refused(envelope, refused, now);
        // Somebody else's id: told last, and only to those who might have had it themselves.
        if (earlier is not null) return Acks.Refused(envelope, SessionRules.IdTaken(envelope.MessageId), now);

        var record = new HistoryRecord(RecordKind.Sent, envelope, now, fold.Ordinal + 1);
        Accept(fold, record, context, verdict.Payload!);
        return Acks.Accepted(envelope, now, fold.State);
    }

    Rejection? CheckSession(SessionFold fold, Envelope envelope)
    {
        if (history.IsReadOnly) return ReadOnly;
        if (SessionRules.CheckMessage(fold, envelope.Mode) is { } rejection) return rejection;
        return mode.IsHosted ? null : new(ErrorCode.ModeNotSupported, $"mode '{Mode}' is not hosted any more");
    }

    /// <summary>
    /// Folds first and stores second: a message that the mode cannot fold must not stand in the history, where it would shut the session.
    /// </summary>
    void Accept(SessionFold fold, HistoryRecord record, in MessageContext context, IMessage payload)
    {
        fold.Accept(record, context, payload);
        Append(record, record.AcceptedAtUnixMs);
    }

    ValueTask<Ack> WhenDurableAsync(Ack ack, Mark mark) =>
        WhenDurableAsync(mark, ack, static lost => Acks.Refused(lost.SessionId, lost.MessageId, Acks.NotKept, lost.AcceptedAtUnixMs));

    static readonly Rejection ReadOnly = new(ErrorCode.InternalError, "a part of the session's history is damaged; it can be read and takes no more messages");
}
