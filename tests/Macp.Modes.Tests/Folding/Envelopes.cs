using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Modes.Tests.Folding;

/// <summary>The envelopes of a session of the counting mode.</summary>
static class Envelopes
{
    public static Envelope Start(string messageId = "start", string session = "s-1", params string[] participants)
    {
        var start = new SessionStartPayload { ModeVersion = "1.0.0", ConfigurationVersion = "c", Participants = { participants } };
        return Of(MessageTypes.SessionStart, messageId, start.ToByteString(), session);
    }

    public static Envelope Word(string word, string messageId, string session = "s-1") =>
        Of("Word", messageId, new SignalPayload { SignalType = word }.ToByteString(), session);

    public static Envelope Commitment(string messageId = "commitment", bool positive = true) =>
        Of(MessageTypes.Commitment, messageId, new CommitmentPayload { Action = "tally.completed", OutcomePositive = positive }.ToByteString());

    public static Envelope Of(string type, string messageId, ByteString payload, string session = "s-1", string mode = "ext.tally.v1") => new()
    {
        MacpVersion = "1.0",
        Mode = mode,
        MessageType = type,
        MessageId = messageId,
        SessionId = session,
        Sender = "ana",
        Payload = payload,
    };
}
