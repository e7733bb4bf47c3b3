using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>A signal or a report of progress, as a watcher gets it.</summary>
public sealed record AmbientMessage
{
    /// <summary>The message as it came, its sender authenticated.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>Who sent it.</summary>
    public string Sender => Envelope.Sender;

    /// <summary>The signal; null for a message of another type, and for a payload that is empty or cannot be read.</summary>
    public MacpSignal? Signal { get; init; }

    /// <summary>The progress; null for a message of another type, and for a payload that is empty or cannot be read.</summary>
    public MacpProgress? Progress { get; init; }

    internal static AmbientMessage Of(Envelope envelope) => new()
    {
        Envelope = envelope,
        Signal = envelope.MessageType == MessageTypes.Signal && Read(SignalPayload.Parser, envelope) is { } signal ? MacpSignal.Of(signal) : null,
        Progress = envelope.MessageType == MessageTypes.Progress && Read(ProgressPayload.Parser, envelope) is { } progress ? MacpProgress.Of(progress, envelope) : null,
    };

    // An empty payload is allowed of both, and says nothing.
    static T? Read<T>(MessageParser<T> parser, Envelope envelope)
        where T : class, IMessage<T>
    {
        if (envelope.Payload.IsEmpty) return null;
        try
        {
            return parser.ParseFrom(envelope.Payload);
        }
        catch (InvalidProtocolBufferException)
        {
            // One sender's nonsense must not end everybody's watch.
            return null;
        }
    }
}
