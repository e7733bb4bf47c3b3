using System.Collections.Frozen;
using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>A hosted mode with what the kernel looks up for each of its messages.</summary>
sealed class KernelMode(HostedMode mode)
{
    readonly FrozenDictionary<string, MessageType> _types = mode.Descriptor.AllMessageTypes
        .Select(t => new MessageType(t, mode.Descriptor.PayloadOf(t)!.Parser))
        .ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    public string Identifier => mode.Descriptor.Identifier;

    public string Version => mode.Descriptor.Version;

    public SessionHandler Open(SessionContext session) => mode.Open(session);

    /// <summary>The payload of a stored message. It was judged when it was accepted; what cannot be read now, nobody ever accepted.</summary>
    /// <exception cref="InvalidDataException">The mode has no such message.</exception>
    public IMessage Parse(Envelope envelope)
    {
        if (!_types.TryGetValue(envelope.MessageType, out var type))
            throw new InvalidDataException($"{mode.Descriptor.Identifier} has no {envelope.MessageType}");
        return type.Parser.ParseFrom(envelope.Payload);
    }

    /// <summary>Makes an envelope that stays in history use texts that are there already: equal ones, some 300 bytes a message less.</summary>
    public void ShareTexts(Envelope envelope, Envelope start, string sender)
    {
        envelope.MacpVersion = MacpProtocol.Version;
        envelope.Mode = start.Mode;
        envelope.SessionId = start.SessionId;
        envelope.Sender = sender;
        if (_types.TryGetValue(envelope.MessageType, out var type)) envelope.MessageType = type.Name;
    }

    readonly record struct MessageType(string Name, MessageParser Parser);
}
