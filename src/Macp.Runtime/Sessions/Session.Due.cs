using Google.Protobuf;
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
            if (RuntimeRecords.IsMessageNext(fold)) AppendDue(fold);
            else Annotate(fold, MessageTypes.TtlExpired, fold.LapsesAt, ByteString.Empty, clock);
        }
    }

    /// <summary>Decided like any message, and dropped without a word when it would be refused by now (RFC-MACP-0010 section 5.1).</summary>
    void AppendDue(SessionFold fold)
    {
        if (RuntimeRecords.TakeDue(fold) is not { } record || !TryFold(fold, record)) return;
        // Not the mode's doing when this throws: then it is due again.
        Append(record, record.AcceptedAtUnixMs);
    }

    /// <summary>Whether the mode accepts a due message, which is folded then.</summary>
    bool TryFold(SessionFold fold, HistoryRecord record)
    {
        try
        {
            var context = record.Context;
            var verdict = fold.Handler.Decide(context, record.Payload);
            if (verdict.Rejection is null) fold.Accept(record, context, verdict.Payload!);
            return verdict.Rejection is null;
        }
        catch (Exception)
        {
            (_brokenDue ??= []).Add(record.MessageId);
            throw;
        }
    }

    /// <summary>Appends an annotation: part of the history, without an ordinal (decisions 21). It may have come due long before the clock's time.</summary>
    void Annotate(SessionFold fold, string type, long at, ByteString payload, long clock)
    {
        var record = RuntimeRecords.Annotation(fold, type, at, payload);
        fold.Annotate(record);
        Append(record, clock);
    }
}
