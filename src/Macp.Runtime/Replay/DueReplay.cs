using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>Tells what should have come due in a session, and is not in its history.</summary>
sealed class DueReplay(SessionFold fold, Differences differences)
{
    // The end of the session, or of its suspension, that the history is known to lack.
    long _missedLapse = -1;

    /// <summary>What is due by the time of a record stands before it, in due order: up to the record itself, where that is what comes due.</summary>
    public void CatchUpWith(HistoryRecord record)
    {
        bool isExpiry = record.MessageType is MessageTypes.TtlExpired && record.IsAnnotation;
        while (fold.NextDueAt <= record.AcceptedAtUnixMs)
        {
            if (!RuntimeRecords.IsMessageNext(fold))
            {
                if (!isExpiry) MissLapse();
                return;
            }
            if (record.Kind is RecordKind.CameDue && fold.Due.Next.MessageId == record.MessageId) return;
            if (RuntimeRecords.TakeDue(fold) is { } due && WouldComeDue(due)) differences.Missing(due);
        }
    }

    /// <summary>Dropped without a word when it would be refused by then (RFC-MACP-0010 section 5.1), and dropped too when the mode throws.</summary>
    bool WouldComeDue(HistoryRecord due)
    {
        try
        {
            return fold.Handler.Decide(due.Context, due.Payload).Rejection is null;
        }
        catch (Exception e)
        {
            differences.Broken(due, e);
            return false;
        }
    }

    /// <summary>Told once: the rest is judged as if there had been time.</summary>
    void MissLapse()
    {
        if (_missedLapse == fold.LapsesAt) return;
        _missedLapse = fold.LapsesAt;
        differences.Missing(RuntimeRecords.Annotation(fold, MessageTypes.TtlExpired, fold.LapsesAt, ByteString.Empty));
    }
}
