using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// The runtime's rules on the form of what is sent, for use before the wire. Each answers null for what is in order, and otherwise what
/// the runtime would say.
/// </summary>
public static class MacpValidation
{
    /// <summary>A session id: a lower-case UUID of version 4 or 7, or a base64url token of at least 22 characters.</summary>
    public static Rejection? SessionId(string sessionId) => AdmissionRules.CheckSessionId(sessionId);

    /// <summary>A message id: not empty, and not one of the runtime's own.</summary>
    public static Rejection? MessageId(string messageId) => AdmissionRules.CheckMessageId(messageId);

    /// <summary>Participants: enough, at most 1000, none blank, no two equal once trimmed.</summary>
    /// <param name="participants">The names.</param>
    /// <param name="least">The fewest that the mode takes.</param>
    public static Rejection? Participants(IReadOnlyCollection<string> participants, int least = 1) =>
        participants.Count < least ? Refuse.TooFewParticipants(least) : AdmissionRules.CheckParticipants(participants);

    /// <summary>A time to live, in milliseconds: from 1 to 86,400,000, a day.</summary>
    public static Rejection? TimeToLive(long milliseconds) => AdmissionRules.CheckTimeToLive(milliseconds);

    /// <summary>A cap on suspension, in milliseconds: not negative; 0 stands for the runtime's default.</summary>
    public static Rejection? MaxSuspend(long milliseconds) => AdmissionRules.CheckMaxSuspend(milliseconds);

    /// <summary>
    /// A whole start. Beyond the runtime's rules it wants an intent: the protocol lets that be empty, but nobody who reads the session later
    /// would know what it was for.
    /// </summary>
    /// <param name="start">The payload.</param>
    /// <param name="leastParticipants">The fewest that the mode takes.</param>
    public static Rejection? SessionStart(SessionStartPayload start, int leastParticipants = 1)
    {
        if (string.IsNullOrWhiteSpace(start.Intent)) return Refuse.Blank("intent");
        if (AdmissionRules.CheckStart(start) is { } rejection) return rejection;
        return start.Participants.Count < leastParticipants ? Refuse.TooFewParticipants(leastParticipants) : null;
    }

    /// <summary>A commitment: required fields, what it supersedes, and a sign that its action allows.</summary>
    public static Rejection? Commitment(CommitmentPayload commitment) =>
        CommitmentRules.CheckFields(commitment) ?? CommitmentRules.CheckSign(commitment);

    /// <summary>A signal: a type, and a finite confidence.</summary>
    public static Rejection? Signal(SignalPayload signal)
    {
        if (string.IsNullOrWhiteSpace(signal.SignalType)) return Refuse.Blank("signal_type");
        return double.IsFinite(signal.Confidence) ? null : Rejection.InvalidEnvelope("confidence must be a finite number");
    }

    /// <summary>Progress: finite numbers, and session and mode both or neither.</summary>
    public static Rejection? Progress(ProgressPayload progress, string sessionId, string mode)
    {
        if (AdmissionRules.CheckProgressScope(sessionId, mode) is { } scope) return scope;
        return double.IsFinite(progress.Progress) && double.IsFinite(progress.Total)
            ? null
            : Rejection.InvalidEnvelope("progress and total must be finite numbers");
    }

    /// <summary>The descriptor of an extension mode: sessions of it can be committed.</summary>
    public static Rejection? ExtMode(Wire.V1.ModeDescriptor descriptor) => descriptor.TerminalMessageTypes.Contains(MessageTypes.Commitment)
        ? null
        : Rejection.InvalidEnvelope($"terminal_message_types must name {MessageTypes.Commitment}");

    /// <summary>A payload's size, in bytes.</summary>
    /// <param name="size">The size.</param>
    /// <param name="most">The most that the runtime takes.</param>
    public static Rejection? PayloadSize(int size, int most = MacpProtocol.DefaultMaxPayloadBytes) => AdmissionRules.CheckPayloadSize(size, most);
}
