using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>A signal: ambient, it binds nobody and enters no history.</summary>
/// <param name="Type">What kind of signal; never blank.</param>
public sealed record MacpSignal(string Type)
{
    /// <summary>Whatever the signal carries.</summary>
    public ByteString Data { get; init; } = ByteString.Empty;

    /// <summary>How sure the sender is; the protocol sets no range, but it must be finite.</summary>
    public double Confidence { get; init; }

    /// <summary>The session that the signal is about; empty for none.</summary>
    public string CorrelationSessionId { get; init; } = "";

    internal SignalPayload ToPayload() => new() { SignalType = Type, Data = Data, Confidence = Confidence, CorrelationSessionId = CorrelationSessionId };

    internal static MacpSignal Of(SignalPayload signal) =>
        new(signal.SignalType) { Data = signal.Data, Confidence = signal.Confidence, CorrelationSessionId = signal.CorrelationSessionId };
}

/// <summary>A report of progress: ambient, or about a session; it never enters a history.</summary>
/// <param name="Token">What the progress is of.</param>
/// <param name="Progress">How far it is, in the unit of <paramref name="Total"/>.</param>
/// <param name="Total">How far it goes.</param>
public sealed record MacpProgress(string Token, double Progress, double Total)
{
    /// <summary>A sentence for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>The message whose handling progresses; empty for none.</summary>
    public string TargetMessageId { get; init; } = "";

    /// <summary>The session; empty for ambient progress. Goes with <see cref="Mode"/>: both or neither.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>The session's mode; empty for ambient progress.</summary>
    public string Mode { get; init; } = "";

    internal ProgressPayload ToPayload() => new() { ProgressToken = Token, Progress = Progress, Total = Total, Message = Message, TargetMessageId = TargetMessageId };

    // Session and mode travel in the envelope.
    internal static MacpProgress Of(ProgressPayload progress, Envelope envelope) => new(progress.ProgressToken, progress.Progress, progress.Total)
    {
        Message = progress.Message,
        TargetMessageId = progress.TargetMessageId,
        SessionId = envelope.SessionId,
        Mode = envelope.Mode,
    };
}
