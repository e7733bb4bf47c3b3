using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Cancel, suspend, resume (RFC-MACP-0001 section 7).</summary>
sealed partial class Session
{
    /// <summary>Ends the session. Repeating it, or cancelling what has ended, is no error and leaves no record.</summary>
    public ValueTask<Outcome<Ack>> CancelAsync(Identity identity, string reason, long clock) =>
        ControlAsync(identity, reason, clock, static (session, fold, now, by, reason) =>
        {
            if (SessionRules.CheckAnnotation(fold.State, MessageTypes.SessionCancel) is not null) return Acks.Done(session.Id, now, fold.State);
            return session.Done(fold, MessageTypes.SessionCancel, now, new SessionCancelPayload { Reason = reason, CancelledBy = by });
        });

    /// <summary>Stops an open session's clocks.</summary>
    public ValueTask<Outcome<Ack>> SuspendAsync(Identity identity, string reason, long clock) =>
        ControlAsync(identity, reason, clock, static (session, fold, now, by, reason) =>
        {
            if (SessionRules.CheckAnnotation(fold.State, MessageTypes.SessionSuspend) is { } refused) return Acks.Refused(session.Id, "", refused, now);
            return session.Done(fold, MessageTypes.SessionSuspend, now, new SessionSuspendPayload { Reason = reason, SuspendedBy = by });
        });

    /// <summary>Lets a suspended session's clocks run again, and moves its deadline by what the suspension took.</summary>
    public ValueTask<Outcome<Ack>> ResumeAsync(Identity identity, string reason, long clock) =>
        ControlAsync(identity, reason, clock, static (session, fold, now, by, reason) =>
        {
            if (SessionRules.CheckAnnotation(fold.State, MessageTypes.SessionResume) is { } refused) return Acks.Refused(session.Id, "", refused, now);
            var payload = new SessionResumePayload { Reason = reason, ResumedBy = by, BankedMs = fold.Times.SuspendedFor(now) };
            return session.Done(fold, MessageTypes.SessionResume, now, payload);
        });

    async ValueTask<Outcome<Ack>> ControlAsync(
        Identity identity, string reason, long clock, Func<Session, SessionFold, long, string, string, Ack> operation)
    {
        if (SessionRules.CheckController(context, identity.Sender) is { } denied) return await DenyAsync(Failure.Forbidden(denied.Reason), clock).ConfigureAwait(false);
        if (history.IsReadOnly) return Acks.Refused(Id, "", ReadOnly, clock);
        var ack = Turn(clock, (identity, reason, operation), static (session, fold, now, a) => a.operation(session, fold, now, a.identity.Sender, a.reason), out var mark);
        return await WhenDurableAsync(ack ?? Acks.Refused(Id, "", Acks.NotKept, clock), mark).ConfigureAwait(false);
    }

    Ack Done(SessionFold fold, string type, long now, IMessage payload)
    {
        Annotate(fold, RuntimeRecords.Annotation(fold, type, now, payload.ToByteString()), now);
        return Acks.Done(Id, now, fold.State);
    }
}
