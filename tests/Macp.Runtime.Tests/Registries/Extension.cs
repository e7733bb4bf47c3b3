using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>A mode of which the runtime knows the descriptor only, and its envelopes.</summary>
static class Extension
{
    public const string Mode = "ext.standup.v1";

    public static ModeDescriptor Standup() => new()
    {
        Mode = Mode,
        ModeVersion = "1.0.0",
        Title = "Stand-up",
        DeterminismClass = "whatever",
        ParticipantModel = "circle",
        MessageTypes = { "SessionStart", "Status", "Commitment" },
        TerminalMessageTypes = { "Commitment" },
        SchemaUris = { ["json"] = "https://example.com/standup.json" },
    };

    /// <summary>Ada starts it for Ada and Bob, with no version named.</summary>
    public static Envelope Start(World world, string session = World.Session, Action<SessionStartPayload>? change = null)
    {
        var start = world.Start(session, payload =>
        {
            (payload.ModeVersion, payload.ConfigurationVersion) = ("", "");
            change?.Invoke(payload);
        });
        start.Mode = Mode;
        return start;
    }

    public static Envelope Message(World world, Identity sender, string type, string session = World.Session, byte[]? payload = null)
    {
        var message = world.Note(sender, "", session);
        (message.Mode, message.MessageType, message.Payload) = (Mode, type, ByteString.CopyFrom(payload ?? [0xFF, 0x00, 0x7B]));
        return message;
    }

    public static Envelope Commitment(World world, Identity sender, Action<CommitmentPayload>? change = null)
    {
        var commitment = world.Commitment();
        var payload = CommitmentPayload.Parser.ParseFrom(commitment.Payload);
        (payload.Action, payload.ConfigurationVersion) = ("standup.held", "");
        change?.Invoke(payload);
        (commitment.Mode, commitment.Sender, commitment.Payload) = (Mode, sender.Sender, payload.ToByteString());
        return commitment;
    }
}
