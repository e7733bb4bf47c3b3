using System.Collections.Frozen;
using Google.Protobuf;
using Macp.Modes;

namespace Macp.Runtime;

/// <summary>A hosted mode with what the kernel looks up for each of its messages.</summary>
sealed class KernelMode(HostedMode mode)
{
    readonly FrozenDictionary<string, MessageType> _types = mode.Descriptor.AllMessageTypes
        .Select(t => new MessageType(t, mode.Descriptor.PayloadOf(t)!.Parser))
        .ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    public string Identifier => mode.Descriptor.Identifier;

    public ModeGovernance? Governance => mode.Governance;

    public int MinimumParticipants => mode.Descriptor.MinimumParticipants;

    public string Version => mode.Descriptor.Version;

    public SessionHandler Open(SessionContext session) => mode.Open(session);

    /// <summary>The payload of a stored message. It was judged when it was accepted; what cannot be read now, nobody ever accepted.</summary>
    /// <exception cref="InvalidDataException">The mode has no such message.</exception>
    public IMessage Parse(string messageType, ByteString payload) => _types.TryGetValue(messageType, out var type)
        ? type.Parser.ParseFrom(payload)
        : throw new InvalidDataException($"{mode.Descriptor.Identifier} has no {messageType}");

    /// <summary>A message type's name: the same string every time.</summary>
    public string NameOf(string messageType) => _types.TryGetValue(messageType, out var type) ? type.Name : messageType;

    readonly record struct MessageType(string Name, MessageParser Parser);
}
