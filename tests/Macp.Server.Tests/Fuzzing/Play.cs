using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>A conversation of the corpus on its way through a session of its own, and what a hostile participant makes of it.</summary>
sealed class Play(Conversation conversation)
{
    int _next;

    public string Session { get; } = SessionIds.New();

    public bool HasBegun => _next > 0;

    public bool IsOver => _next >= conversation.Messages.Count;

    /// <summary>The next message as it should be.</summary>
    public Envelope Next() => conversation.In(Session, _next++);

    /// <summary>Any message of the conversation, whenever it is due, with its own id or another.</summary>
    public Envelope Any(Random random)
    {
        var message = conversation.In(Session, random.Next(conversation.Messages.Count));
        if (random.Next(3) > 0) message.MessageId = $"x{random.NextInt64()}";
        if (random.Next(6) == 0) message.Sender = conversation.Messages[random.Next(conversation.Messages.Count)].Sender;
        if (random.Next(12) == 0) message.SessionId = SessionIds.New();
        return message;
    }

    /// <summary>A message whose payload is nearly valid.</summary>
    public Envelope Mangled(Random random)
    {
        var message = Any(random);
        var payload = FuzzServer.Modes.Newest(message.Mode)!.Descriptor.PayloadOf(message.MessageType)!;
        message.Payload = ByteString.CopyFrom(IsReadable(message.Payload, payload) ? Mutation.Of(random, message.Payload.Span, payload) : Hostile.Damage(random, message.Payload.ToByteArray()));
        if (random.Next(200) == 0) message.Payload = ByteString.CopyFrom(new byte[FuzzServer.LargestPayload + random.Next(-2, 3)]);
        return message;
    }

    // A mode may take payloads that are not protobuf too.
    static bool IsReadable(ByteString payload, Google.Protobuf.Reflection.MessageDescriptor type) => WireShape.Of(type).HasOnlyKnownFields(payload.Span);
}
