using Google.Protobuf;
using Macp.Client;
using Macp.Modes;
using Macp.Wire.V1;
using Microsoft.Extensions.Logging;

namespace Macp.Agents;

/// <summary>What a handler is told of a message, and by what it answers: the session, whose methods are the actions of its mode.</summary>
/// <typeparam name="TSession">The session client of the mode.</typeparam>
public sealed class AgentContext<TSession>
    where TSession : class, IModeSession
{
    IMessage? _payload;

    internal AgentContext(string participantId, TSession session, LiveChange change, ILogger logger) =>
        (ParticipantId, Session, Change, Logger) = (participantId, session, change, logger);

    /// <summary>Who takes part.</summary>
    public string ParticipantId { get; }

    /// <summary>
    /// The session. What is sent by it goes out under the bound versions and comes back as a message of its own. Its projection holds this message, and where the
    /// handler is slower than the stream the later ones too.
    /// </summary>
    public TSession Session { get; }

    /// <summary>What happened: the message, and how phase and state stand after it.</summary>
    public LiveChange Change { get; }

    /// <summary>The participant's log.</summary>
    public ILogger Logger { get; }

    /// <summary>The message as it was accepted; an annotation of the runtime is one too.</summary>
    public Envelope Message => Change.Envelope;

    /// <summary>The message's type.</summary>
    public string MessageType => Message.MessageType;

    /// <summary>Who sent it.</summary>
    public string Sender => Message.Sender;

    /// <summary>Whether this participant sent it.</summary>
    public bool IsOwn => Sender == ParticipantId;

    /// <summary>The message's payload, which is decoded once for all handlers of the message.</summary>
    /// <typeparam name="TPayload">The payload's type.</typeparam>
    /// <exception cref="InvalidDataException">The payload is not of that type.</exception>
    public TPayload Payload<TPayload>()
        where TPayload : class, IMessage<TPayload>, new()
    {
        if (_payload is TPayload decoded) return decoded;
        var payload = Readers<TPayload>.Reader.Recall(Message.Payload);
        _payload = payload;
        return payload;
    }

    static class Readers<TPayload>
        where TPayload : class, IMessage<TPayload>, new()
    {
        public static readonly PayloadReader<TPayload> Reader = new();
    }
}
