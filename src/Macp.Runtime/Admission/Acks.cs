using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The answers to a <c>Send</c>, and to the control operations.</summary>
static class Acks
{
    /// <summary>The message stands in the history with this acceptance time.</summary>
    public static Ack Accepted(Envelope envelope, long acceptedAt, SessionState state) => new()
    {
        Ok = true,
        MessageId = envelope.MessageId,
        SessionId = envelope.SessionId,
        AcceptedAtUnixMs = acceptedAt,
        SessionState = state,
    };

    /// <summary>The message was accepted before; the time is that of its acceptance (decisions 4).</summary>
    public static Ack Duplicate(Envelope envelope, HistoryRecord earlier, SessionState state)
    {
        var ack = Accepted(envelope, earlier.AcceptedAtUnixMs, state);
        ack.Duplicate = true;
        return ack;
    }

    /// <summary>The message was refused, and left no trace.</summary>
    public static Ack Refused(Envelope envelope, Rejection rejection, long now) => Refused(envelope.SessionId, envelope.MessageId, rejection, now);

    /// <summary>A control operation succeeded. It has no message id.</summary>
    public static Ack Done(string sessionId, long at, SessionState state) => new()
    {
        Ok = true,
        SessionId = sessionId,
        AcceptedAtUnixMs = at,
        SessionState = state,
    };

    /// <summary>A message, or with an empty id a control operation, was refused. A refusal tells no state.</summary>
    public static Ack Refused(string sessionId, string messageId, Rejection rejection, long now) => new()
    {
        MessageId = messageId,
        SessionId = sessionId,
        AcceptedAtUnixMs = now,
        Error = new MACPError
        {
            Code = rejection.Code.Value,
            Message = rejection.Reason,
            SessionId = sessionId,
            MessageId = messageId,
            Details = Details(rejection),
        },
    };

    /// <summary>The history could not take it, or the mode broke its contract.</summary>
    public static Rejection NotKept { get; } =
        new(ErrorCode.InternalError, "the runtime could not keep the message; nothing of it was stored, send it again");

    /// <summary>Why a session that a message is for cannot be had, as a refusal of the message.</summary>
    public static Rejection RejectionOf(Failure failure, string sessionId) => failure.Kind switch
    {
        FailureKind.NotFound => new(ErrorCode.SessionNotFound, $"no session '{sessionId}' is known"),
        // It ended, whatever else is forgotten of it.
        FailureKind.HistoryUnavailable => new(ErrorCode.SessionNotOpen, failure.Message),
        _ => NotKept,
    };

    static ByteString Details(Rejection rejection)
    {
        if (rejection.Code != ErrorCode.PolicyDenied) return ByteString.Empty;
        var json = new CanonicalJson().BeginObject().Key("reasons").BeginArray();
        foreach (string reason in rejection.Reasons) json.Value(reason);
        return UnsafeByteOperations.UnsafeWrap(json.EndArray().EndObject().ToUtf8());
    }
}
