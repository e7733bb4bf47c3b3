using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Cli.Live;

/// <summary>Reads payloads by the descriptors of a mode and of the protocol.</summary>
/// <param name="mode">The session's mode; null for one that is not hosted here, and for ambient messages.</param>
sealed class PayloadText(Macp.Modes.ModeDescriptor? mode)
{
    /// <summary>For a session of a mode in a version; where that is not hosted, the newest is the best guess.</summary>
    public static PayloadText Of(Macp.Modes.ModeCatalog modes, string mode, string version) => new((modes.Find(mode, version) ?? modes.Newest(mode))?.Descriptor);

    /// <summary>The payload as JSON; null for one of a type that nobody here knows, and for bytes that are not of that type.</summary>
    public string? JsonOf(Envelope envelope)
    {
        if (TypeOf(envelope.MessageType) is not { } type) return null;
        try
        {
            return WireJson.Of(type.Parser.ParseFrom(envelope.Payload));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            // InvalidOperationException: a google.protobuf.Any, whose type is not known here.
            return null;
        }
    }

    /// <summary>The payload as JSON, else its bytes as base64.</summary>
    public string Of(Envelope envelope) => JsonOf(envelope) ?? envelope.Payload.ToBase64();

    MessageDescriptor? TypeOf(string messageType) => mode?.PayloadOf(messageType) ?? messageType switch
    {
        MessageTypes.SessionStart => SessionStartPayload.Descriptor,
        MessageTypes.Commitment => CommitmentPayload.Descriptor,
        MessageTypes.SessionCancel => SessionCancelPayload.Descriptor,
        MessageTypes.SessionSuspend => SessionSuspendPayload.Descriptor,
        MessageTypes.SessionResume => SessionResumePayload.Descriptor,
        MessageTypes.Signal => SignalPayload.Descriptor,
        MessageTypes.Progress => ProgressPayload.Descriptor,
        _ => null,
    };
}
