using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Modes;

/// <summary>
/// A mode at work in one session: it holds the state, decides messages and folds the accepted ones. Not safe for threads: a session has one
/// writer. <see cref="Decide"/> never changes anything; what it accepted is folded by <see cref="Evolve(in MessageContext, IMessage)"/>.
/// </summary>
public abstract class SessionHandler
{
    /// <summary>The session.</summary>
    public abstract SessionContext Session { get; }

    /// <summary>The phase, by the name that the mode declares; computed now where the mode computes it.</summary>
    public abstract string Phase { get; }

    /// <summary>Whether a commitment has been folded.</summary>
    public abstract bool IsCommitted { get; }

    /// <summary>Judges the start itself: how many participants, and the mode's start rules.</summary>
    public abstract Rejection? CanStart();

    /// <summary>Judges one message, in the order that every mode shares: authority, payload, fields, references, phase, guards, commitment.</summary>
    public abstract Verdict Decide(in MessageContext message, ByteString payload);

    /// <summary>Folds an accepted message, with the payload of its <see cref="Verdict"/>.</summary>
    public abstract void Evolve(in MessageContext message, IMessage payload);

    /// <summary>The payload of a message of a stored history as its <see cref="Verdict"/> had it, from its bytes. Nothing is decided again.</summary>
    /// <exception cref="InvalidDataException">The history holds a message that this mode never accepted.</exception>
    public abstract IMessage Recall(in MessageContext message, ByteString payload);

    /// <summary>Folds a message of a stored history, from its bytes.</summary>
    /// <exception cref="InvalidDataException">The history holds a message that this mode never accepted.</exception>
    public void Evolve(in MessageContext message, ByteString payload) => Evolve(message, Recall(message, payload));

    /// <summary>What comes due because this message was accepted; asked after it was folded.</summary>
    public abstract IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload);

    /// <summary>Writes the state as canonical JSON: snake_case keys in ordinal order, <c>phase</c> among them.</summary>
    public abstract void WriteState(CanonicalJson json);
}
