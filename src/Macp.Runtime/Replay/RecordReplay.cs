using System.Globalization;
using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>Decides the records of one session again, one after the other, at the times at which they were accepted.</summary>
sealed class RecordReplay(SessionFold fold, Differences differences)
{
    readonly DueReplay _due = new(fold, differences);
    HistoryRecord _last = fold.Start;

    /// <summary>Decides the next record, and folds it as it was recorded. Answers why the rest cannot be decided; null when it can.</summary>
    public string? Follow(HistoryRecord record)
    {
        CheckOrder(record);
        _due.CatchUpWith(record);
        string? undecided = record.Kind switch
        {
            RecordKind.Sent => FollowMessage(record),
            RecordKind.CameDue => FollowDue(record),
            _ => FollowAnnotation(record),
        };
        _last = record;
        return undecided;
    }

    void CheckOrder(HistoryRecord record)
    {
        differences.Compare(record,
            ("session_id", record.SessionId, fold.Context.SessionId),
            ("ordinal", Text(record.Ordinal), Text(_last.Ordinal + (record.IsAnnotation ? 0 : 1))));
        if (record.AcceptedAtUnixMs < _last.AcceptedAtUnixMs)
            differences.Compare(record, ("accepted_at_unix_ms", Text(record.AcceptedAtUnixMs), $"{_last.AcceptedAtUnixMs} or later"));
    }

    string? FollowMessage(HistoryRecord record)
    {
        var envelope = record.Envelope;
        return (EnvelopeShape.Check(envelope, int.MaxValue) ?? SessionRules.CheckMessage(fold, envelope.Mode)) is { } refused ? FoldRefused(record, refused) : Decide(record);
    }

    string? FollowDue(HistoryRecord record)
    {
        if (SessionRules.CheckMessage(fold, record.Mode) is { } refused) return FoldRefused(record, refused);
        if (fold.Due.Find(record.MessageId) is not { } due)
        {
            differences.NotDue(record, "nothing of this id comes due");
            return FoldAsRecorded(record);
        }
        Compare(record, RuntimeRecords.CameDue(fold, due.Message, due.At));
        return Decide(record);
    }

    string? FollowAnnotation(HistoryRecord record)
    {
        if (Expect(record, out var expected) is { } refused)
        {
            // What it would do to the clocks makes no sense in this state.
            differences.Refused(record, refused);
            fold.Count(record);
            return null;
        }
        Compare(record, expected);
        fold.Annotate(record);
        return null;
    }

    string? Decide(HistoryRecord record)
    {
        // Neither would recovery fold it.
        if (fold.Find(record.MessageId) is not null)
        {
            differences.Refused(record, SessionRules.IdTaken(record.MessageId));
            return null;
        }
        var context = record.Context;
        var verdict = fold.Handler.Decide(context, record.Payload);
        if (verdict.Rejection is { } refused) return FoldRefused(record, refused);
        fold.Accept(record, context, verdict.Payload!);
        return null;
    }

    string? FoldRefused(HistoryRecord record, Rejection rejection)
    {
        differences.Refused(record, rejection);
        return fold.Find(record.MessageId) is null ? FoldAsRecorded(record) : null;
    }

    /// <summary>What the mode would not accept it may not be able to fold either.</summary>
    string? FoldAsRecorded(HistoryRecord record)
    {
        try
        {
            fold.Fold(record);
            return null;
        }
        catch (Exception e)
        {
            return $"the mode cannot fold message {record.Ordinal}: {e.Message}";
        }
    }

    /// <summary>What the runtime would write in the place of an annotation, or why it would write none.</summary>
    Rejection? Expect(HistoryRecord record, out HistoryRecord expected)
    {
        expected = null!;
        if (AnnotationPayload.Read(record, fold.Times) is not { } read) return Rejection.InvalidEnvelope("no runtime writes this annotation");
        if (SessionRules.CheckAnnotation(fold.State, record.MessageType) is { } untimely) return untimely;
        if (read.By is not null && SessionRules.CheckController(fold.Context, read.By) is { } forbidden) return forbidden;
        long at = record.MessageType is MessageTypes.TtlExpired ? fold.LapsesAt : record.AcceptedAtUnixMs;
        expected = RuntimeRecords.Annotation(fold, record.MessageType, at, read.Bytes);
        return null;
    }

    void Compare(HistoryRecord record, HistoryRecord expected) => differences.Compare(record,
        ("message_type", record.MessageType, expected.MessageType),
        ("message_id", record.MessageId, expected.MessageId),
        ("sender", record.Sender, expected.Sender),
        ("timestamp_unix_ms", Text(record.TimestampUnixMs), Text(expected.TimestampUnixMs)),
        ("accepted_at_unix_ms", Text(record.AcceptedAtUnixMs), Text(expected.AcceptedAtUnixMs)),
        ("payload", Text(record.Payload), Text(expected.Payload)));

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Text(ByteString payload) => Convert.ToHexStringLower(payload.Span);
}
