using Google.Protobuf;

namespace Macp.Modes;

/// <summary>What deciding a message came to: its decoded, normalised payload, or why it is refused.</summary>
public readonly struct Verdict
{
    Verdict(IMessage? payload, Rejection? rejection) => (Payload, Rejection) = (payload, rejection);

    /// <summary>Why the message is refused; null when it is accepted.</summary>
    public Rejection? Rejection { get; }

    /// <summary>The payload of an accepted message, as reducers see it.</summary>
    public IMessage? Payload { get; }

    /// <summary>The message is accepted.</summary>
    public static Verdict Accept(IMessage payload) => new(payload, null);

    /// <summary>The message is refused.</summary>
    public static implicit operator Verdict(Rejection rejection) => new(null, rejection);
}
