using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>
/// What comes due: the mode's messages, the deadline, the end of the suspension's cap. Each is appended with the time at which it came due, in
/// that order, whoever notices and however late. At one instant the mode's messages come before the expiry, as a client's would.
/// </summary>
sealed partial class Session
{
    // What failed is tried again, but not at once and for ever.
    const long RetryMs = 1000;

    // Due messages on which the mode threw; not tried again.
    List<string>? _brokenDue;

    // Messages that came due in this turn.
    int _cameDue;

    // Where the sweeper finds the session: in time for what is due next, or sooner.
    DuePlace? _place;
    long _notSweptBefore;

    /// <summary>Appends what is due, as the sweeper does. Answers whether all of it is durable.</summary>
    public ValueTask<bool> CatchUpAsync(long clock)
    {
        Turn(clock, 0, static (session, _, _, _) => session, out var mark);
        return WhenDurableAsync(mark);
    }

    /// <summary>Tells the sweeper of what is due earlier than it knows. What is due later than that it finds out when it comes to look.</summary>
    void Reschedule()
    {
        long at = Math.Max(_nextDueAt, _notSweptBefore);
        if (_place is { IsHeld: true } && _place.At <= at && at < long.MaxValue) return;
        _place?.Take();
        _place = at < long.MaxValue ? table.Schedule.Add(this, at) : null;
    }

    void CatchUp(long clock)
    {
        while (_fold is { } fold && fold.NextDueAt <= clock)
        {
            if (RuntimeRecords.IsMessageNext(fold)) AppendDue(fold, clock);
            else Expire(fold, clock);
        }
    }

    /// <summary>Decided like any message, and dropped without a word when it would be refused by now (RFC-MACP-0010 section 5.1).</summary>
    void AppendDue(SessionFold fold, long clock)
    {
        if (RuntimeRecords.TakeDue(fold) is not { } record) return;
        using var span = KernelSpans.BeginDue(fold.Start, record);
        var refused = TryFold(fold, record);
        span.Decided(refused);
        if (refused is not null) return;
        // Not the mode's doing when this throws: then it is due again.
        Append(record, record.AcceptedAtUnixMs);
        _cameDue++;
        meter.Noticed(clock - record.AcceptedAtUnixMs);
    }

    void Expire(SessionFold fold, long clock)
    {
        long at = fold.LapsesAt;
        var record = RuntimeRecords.Annotation(fold, MessageTypes.TtlExpired, at, ByteString.Empty);
        using var span = KernelSpans.BeginDue(fold.Start, record);
        Annotate(fold, record, clock);
        span.Decided(null);
        meter.Noticed(clock - at);
    }

    /// <summary>Folds a due message; answers why not, if the mode refuses it.</summary>
    Rejection? TryFold(SessionFold fold, HistoryRecord record)
    {
        try
        {
            var context = record.Context;
            var verdict = fold.Handler.Decide(context, record.Payload);
            if (verdict.Rejection is null) fold.Accept(record, context, verdict.Payload!);
            return verdict.Rejection;
        }
        catch (Exception)
        {
            (_brokenDue ??= []).Add(record.MessageId);
            throw;
        }
    }

    /// <summary>Appends an annotation: part of the history, without an ordinal (decisions 21). It may have come due long before the clock's time.</summary>
    void Annotate(SessionFold fold, HistoryRecord record, long clock)
    {
        fold.Annotate(record);
        Append(record, clock);
    }
}
