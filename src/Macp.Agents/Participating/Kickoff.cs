using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Client;
using Macp.Modes;

namespace Macp.Agents;

/// <summary>The message by which an initiator begins: any message of any mode, its payload typed, as JSON, or as bytes.</summary>
public sealed record Kickoff
{
    readonly IMessage? _message;
    readonly string? _json;
    readonly ByteString? _bytes;

    Kickoff(string messageType, IMessage? message = null, string? json = null, ByteString? bytes = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(messageType);
        (MessageType, _message, _json, _bytes) = (messageType, message, json, bytes);
    }

    /// <summary>The message type.</summary>
    public string MessageType { get; }

    /// <summary>A kickoff with a payload of its type.</summary>
    /// <param name="messageType">The message type.</param>
    /// <param name="payload">The payload.</param>
    public static Kickoff Of(string messageType, IMessage payload) => new(messageType, message: payload ?? throw new ArgumentNullException(nameof(payload)));

    /// <summary>A kickoff with a payload in protobuf's JSON, its fields in either spelling; for an extension mode whatever JSON that mode's payloads are.</summary>
    /// <param name="messageType">The message type.</param>
    /// <param name="payload">The payload.</param>
    public static Kickoff OfJson(string messageType, JsonElement payload) => new(messageType, json: payload.GetRawText());

    /// <summary>A kickoff with an encoded payload.</summary>
    /// <param name="messageType">The message type.</param>
    /// <param name="payload">The payload's bytes.</param>
    public static Kickoff OfBytes(string messageType, ByteString payload) => new(messageType, bytes: payload ?? throw new ArgumentNullException(nameof(payload)));

    /// <summary>The payload as it travels.</summary>
    /// <exception cref="MacpConfigurationException">The mode has no such message, or the payload is not one of it.</exception>
    internal ByteString Encode(ModeDescriptor mode)
    {
        // Of an extension mode only the runtime knows the messages.
        if (mode.Messages.Count == 0) return _bytes ?? _message?.ToByteString() ?? ByteString.CopyFromUtf8(_json!);

        var payload = mode.Messages.FirstOrDefault(message => message.Type == MessageType)?.Payload ?? throw new MacpConfigurationException(
            $"The kickoff '{MessageType}' is no message of {mode.Identifier}; it has {string.Join(", ", mode.Messages.Select(message => message.Type))}.");
        return _message is { } typed ? Typed(typed, payload) : Parsed(payload);
    }

    ByteString Typed(IMessage message, MessageDescriptor payload) => message.Descriptor == payload ? message.ToByteString()
        : throw new MacpConfigurationException($"The kickoff '{MessageType}' takes a {payload.FullName}, not a {message.Descriptor.FullName}.");

    ByteString Parsed(MessageDescriptor payload)
    {
        try
        {
            return (_json is null ? payload.Parser.ParseFrom(_bytes) : JsonParser.Default.Parse(_json, payload)).ToByteString();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new MacpConfigurationException($"The payload of the kickoff '{MessageType}' is not a {payload.FullName}: {e.Message}", e);
        }
    }
}
