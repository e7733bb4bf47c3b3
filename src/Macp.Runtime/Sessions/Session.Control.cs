using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Cancel, suspend, resume (RFC-MACP-0001 section 7).</summary>
sealed partial class Session
{
    /// <summary>Ends the session. Repeating it, or cancelling what has ended, is no error and leaves no record; so it has no rate: a team can always stop.</summary>
    public ValueTask<Outcome<Ack>> CancelAsync(Control control) => ControlAsync(control, spendsRate: false, static (session, fold, now, control) =>
    {
        if (SessionRules.CheckAnnotation(fold.State, MessageTypes.SessionCancel) is not null) return Acks.Done(session.Id, now, fold.State);
        return session.Done(fold, MessageTypes.SessionCancel, now, control, new SessionCancelPayload { Reason = control.Reason, CancelledBy = control.By });
    });

    /// <summary>Stops an open session's clocks.</summary>
    public ValueTask<Outcome<Ack>> SuspendAsync(Control control) => ControlAsync(control, spendsRate: true, static (session, fold, now, control) =>
    {
        if (SessionRules.CheckAnnotation(fold.State, MessageTypes.SessionSuspend) is { } refused) return session.Refused(refused, now);
        return session.Done(fold, MessageTypes.SessionSuspend, now, control, new SessionSuspendPayload { Reason = control.Reason, SuspendedBy = control.By });
    });

    /// <summary>Lets a suspended session's clocks run again, and moves its deadline by what the suspension took.</summary>
    public ValueTask<Outcome<Ack>> ResumeAsync(Control control) => ControlAsync(control, spendsRate: true, static (session, fold, now, control) =>
    {
        if (SessionRules.CheckAnnotation(fold.State, MessageTypes.SessionResume) is { } refused) return session.Refused(refused, now);
        var payload = new SessionResumePayload { Reason = control.Reason, ResumedBy = control.By, BankedMs = fold.Times.SuspendedFor(now) };
        return session.Done(fold, MessageTypes.SessionResume, now, control, payload);
    });

    async ValueTask<Outcome<Ack>> ControlAsync(Control control, bool spendsRate, Func<Session, SessionFold, long, Control, Ack> operation)
    {
        long clock = control.Clock;
        if (SessionRules.CheckController(context, control.By) is { } denied) return await DenyAsync(Failure.Forbidden(denied.Reason), clock).ConfigureAwait(false);
        if (spendsRate && control.TakeRate() is { } limited) return Refused(limited, clock);
        if (history.IsReadOnly) return Refused(ReadOnly, clock);
        var ack = Turn(clock, (control, operation), static (session, fold, now, a) => a.operation(session, fold, now, a.control), out var mark);
        return await WhenDurableAsync(ack ?? Refused(Acks.NotKept, clock), mark).ConfigureAwait(false);
    }

    Ack Done(SessionFold fold, string type, long now, Control control, IMessage payload)
    {
        if (control.CheckSize(payload) is { } oversized) return Refused(oversized, now);
        Annotate(fold, RuntimeRecords.Annotation(fold, type, now, payload.ToByteString()), now);
        return Acks.Done(Id, now, fold.State);
    }

    Ack Refused(Rejection rejection, long now) => Acks.Refused(Id, "", rejection, now);
}
