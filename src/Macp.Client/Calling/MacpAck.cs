using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The runtime's answer to a message, or to a request about a session or a policy.</summary>
public sealed record MacpAck
{
    /// <summary>Whether it was accepted. A duplicate counts as accepted, since the message stands in the history.</summary>
    public required bool Ok { get; init; }

    /// <summary>Whether the message had been accepted before; nothing happened this time.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The message's id.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>The session's id; empty for ambient messages.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>When it was accepted, by the runtime's clock, to the millisecond; null when it was not, or the runtime does not say.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>The session's state after the message.</summary>
    public SessionState State { get; init; }

    /// <summary>Why it was refused; null when it was not.</summary>
    public MacpError? Error { get; init; }

    /// <summary>The ack as the client sees it.</summary>
    internal static MacpAck Of(Ack ack) => new()
    {
        Ok = ack.Ok || ack.Duplicate,
        Duplicate = ack.Duplicate,
        MessageId = ack.MessageId,
        SessionId = ack.SessionId,
        AcceptedAt = UnixTime.Read(ack.AcceptedAtUnixMs),
        State = ack.SessionState,
        Error = ack.Ok || ack.Duplicate ? null : MacpError.Of(ack.Error, ack.SessionId, ack.MessageId),
    };

    /// <summary>This ack, unless it is negative.</summary>
    /// <exception cref="MacpNackException">It is negative.</exception>
    public MacpAck EnsureOk() => Ok ? this : throw new MacpNackException(this);
}

/// <summary>Why the runtime refused.</summary>
/// <param name="Code">The registry code.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record MacpError(ErrorCode Code, string Message)
{
    /// <summary>The session it is about; empty when it is about none.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>The message it is about; empty when it is about none.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>Each reason of the policy that denied a commitment; empty for other codes.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The code and the sentence.</summary>
    public override string ToString() => $"{Code}: {Message}";

    // The ack's own ids count before those in its error.
    internal static MacpError Of(MACPError? error, string sessionId = "", string messageId = "") =>
        error is null ? new(new("UNKNOWN"), "the runtime refused and did not say why") { SessionId = sessionId, MessageId = messageId } : new(new(error.Code), error.Message)
        {
            SessionId = sessionId.Length != 0 ? sessionId : error.SessionId,
            MessageId = messageId.Length != 0 ? messageId : error.MessageId,
            Reasons = ErrorDetails.Reasons(error.Details.Span),
        };
}
