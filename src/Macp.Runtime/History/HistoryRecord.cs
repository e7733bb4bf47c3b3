using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>One item of a session's history. It never changes.</summary>
/// <param name="kind">Whether it is a message, and whose, or an annotation.</param>
/// <param name="envelope">The envelope, with the authenticated sender and the payload's bytes as they came.</param>
/// <param name="acceptedAtUnixMs">When it was accepted, in Unix milliseconds. Never earlier than the record before it.</param>
/// <param name="ordinal">Of a message its number among the accepted ones, from 1; of an annotation that of the message it follows.</param>
/// <param name="binding">What the start bound; on a <c>SessionStart</c> only.</param>
public sealed class HistoryRecord(RecordKind kind, Envelope envelope, long acceptedAtUnixMs, long ordinal, SessionBinding? binding = null)
{
    // The envelope's own parts, and not the envelope: histories are long, and what an open session keeps is what its collections cost.
    readonly ReadOnlyMemory<byte> _payload = envelope.Payload.Memory;

    /// <summary>The session's mode.</summary>
    internal string Mode { get; } = envelope.Mode;

    /// <summary>The session's id.</summary>
    internal string SessionId { get; } = envelope.SessionId;

    /// <summary>The sender's time, as it came.</summary>
    internal long TimestampUnixMs { get; } = envelope.TimestampUnixMs;

    /// <summary>Whether this is a message, and whose, or an annotation.</summary>
    public RecordKind Kind { get; } = kind;

    /// <summary>The message type.</summary>
    public string MessageType { get; } = envelope.MessageType;

    /// <summary>The message's id.</summary>
    public string MessageId { get; } = envelope.MessageId;

    /// <summary>The authenticated sender.</summary>
    public string Sender { get; } = envelope.Sender;

    /// <summary>The payload's bytes as they came.</summary>
    public ByteString Payload => UnsafeByteOperations.UnsafeWrap(_payload);

    /// <summary>The envelope, made anew each time: it is the caller's.</summary>
    public Envelope Envelope => new()
    {
        MacpVersion = MacpProtocol.Version,
        Mode = Mode,
        MessageType = MessageType,
        MessageId = MessageId,
        SessionId = SessionId,
        Sender = Sender,
        TimestampUnixMs = TimestampUnixMs,
        Payload = Payload,
    };

    /// <summary>When it was accepted, in Unix milliseconds.</summary>
    public long AcceptedAtUnixMs { get; } = acceptedAtUnixMs;

    /// <summary>Of a message its number among the session's accepted ones, from 1; of an annotation the number of the message it follows.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>What the start bound; null on everything but a <c>SessionStart</c>.</summary>
    public SessionBinding? Binding { get; } = binding;

    /// <summary>Whether this is an annotation: it takes no ordinal and is streamed on demand only (decisions 21).</summary>
    public bool IsAnnotation => Kind is RecordKind.Annotation;

    /// <summary>Whether nothing can follow it: the commitment, the expiry, the cancellation.</summary>
    public bool EndsSession => Ends(MessageType);

    internal static bool Ends(string messageType) => messageType is MessageTypes.Commitment or MessageTypes.TtlExpired or MessageTypes.SessionCancel;

    internal MessageContext Context => new MessageContext(MessageType, Sender, MessageId) with { IsFromRuntime = Kind is RecordKind.CameDue };

    /// <summary>Whether this envelope is the same message again: same sender, type and payload (decisions 4).</summary>
    internal bool IsRepeatedBy(Envelope other) =>
        Sender == other.Sender && MessageType == other.MessageType && _payload.Span.SequenceEqual(other.Payload.Span);
}

/// <summary>What stands in a history.</summary>
public enum RecordKind : byte
{
    /// <summary>A client's message.</summary>
    Sent,

    /// <summary>A message that the runtime wrote because it came due, such as an implicit accept (RFC-MACP-0010 section 5.1).</summary>
    CameDue,

    /// <summary>A suspension, resumption, cancellation or expiry.</summary>
    Annotation,
}

/// <summary>What a session is bound to from its start on, resolved: recovery reads it and asks neither the clock nor a registry.</summary>
/// <param name="SemanticsRevision">The revision of the rules under which the session was accepted (decisions 2).</param>
/// <param name="ModeVersion">The version of the mode, also where the start left it open.</param>
/// <param name="Policy">The resolved policy.</param>
/// <param name="ExpiresAtUnixMs">The deadline before any suspension, in Unix milliseconds.</param>
/// <param name="MaxSuspendMs">How long the session may be suspended in all, in milliseconds.</param>
/// <param name="TraceParent">
/// The trace context under which the start was accepted, as the W3C's header <c>traceparent</c>; null when there was none. It binds nothing: spans join by it.
/// </param>
public sealed record SessionBinding(int SemanticsRevision, string ModeVersion, PolicyBinding Policy, long ExpiresAtUnixMs, long MaxSuspendMs, string? TraceParent = null)
{
    /// <summary>The one revision there is.</summary>
    public const int CurrentRevision = 1;

    /// <summary>The id of the trace in which the session began, in hexadecimal; null when there was none.</summary>
    public string? TraceId => TraceContext.Read(TraceParent) is var began && began == default ? null : began.TraceId.ToHexString();
}
