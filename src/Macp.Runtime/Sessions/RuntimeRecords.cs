using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The records that the runtime itself writes in a session's history. Pure: they follow from what stands there already.</summary>
static class RuntimeRecords
{
    const string RuntimeSender = "_runtime";

    /// <summary>Whether what is next due is a message of the mode's, and not the expiry, which comes after the messages of its instant.</summary>
    public static bool IsMessageNext(SessionFold fold) =>
        fold.State is SessionState.Open && fold.Times.FromSessionTime(fold.Due.NextAt) <= fold.Times.ExpiresAt;

    /// <summary>Takes the next due message, to be decided; null when one of its id stands in the history already.</summary>
    public static HistoryRecord? TakeDue(SessionFold fold)
    {
        long at = fold.Due.NextAt;
        var due = fold.Due.Take();
        return fold.Find(due.MessageId) is null ? CameDue(fold, due, at) : null;
    }

    /// <summary>A message of the mode's that comes due at this session time.</summary>
    public static HistoryRecord CameDue(SessionFold fold, DueMessage due, long sessionTime)
    {
        long at = fold.Times.FromSessionTime(sessionTime);
        var envelope = ToEnvelope(fold, due.Type, due.MessageId, due.Sender, at, due.Payload.ToByteString());
        return new(RecordKind.CameDue, envelope, at, fold.Ordinal + 1);
    }

    /// <summary>An annotation: part of the history, without an ordinal of its own (decisions 21).</summary>
    public static HistoryRecord Annotation(SessionFold fold, string type, long at, ByteString payload) =>
        new(RecordKind.Annotation, ToEnvelope(fold, type, AnnotationId(fold, type), RuntimeSender, at, payload), at, fold.Ordinal);

    /// <summary>
    /// The id follows from the history, so that it is the same wherever it is read. Clients drop ids that they know, so it must differ from
    /// those that a client has chosen.
    /// </summary>
    static string AnnotationId(SessionFold fold, string type)
    {
        for (int number = fold.Annotations + 1; ; number++)
        {
            string id = $"{RuntimeSender}:{type}:{number}";
            if (fold.Find(id) is null) return id;
        }
    }

    static Envelope ToEnvelope(SessionFold fold, string type, string messageId, string sender, long at, ByteString payload) => new()
    {
        MacpVersion = MacpProtocol.Version,
        Mode = fold.Context.Mode,
        MessageType = type,
        MessageId = messageId,
        SessionId = fold.Context.SessionId,
        Sender = sender,
        TimestampUnixMs = at,
        Payload = payload,
    };
}
