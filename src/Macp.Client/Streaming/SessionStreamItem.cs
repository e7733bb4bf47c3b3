using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>What a session stream delivers: an accepted envelope, an annotation of the runtime, or an inline error.</summary>
public abstract record SessionStreamItem
{
    SessionStreamItem() { }

    /// <summary>The entry of the history that it brings; null for an inline error.</summary>
    internal Envelope? Entry => this switch
    {
        Accepted accepted => accepted.Envelope,
        Annotation annotation => annotation.Envelope,
        _ => null,
    };

    /// <summary>An envelope of the session's accepted history.</summary>
    /// <param name="Envelope">The envelope, its sender authenticated.</param>
    /// <param name="Ordinal">
    /// Its place in the history, from 1: what to subscribe after in order to go on behind it. Counted by the client, and null where it cannot
    /// count: on a stream whose first frame was not its only subscription.
    /// </param>
    public sealed record Accepted(Envelope Envelope, ulong? Ordinal) : SessionStreamItem;

    /// <summary>A record of the runtime (suspended, resumed, cancelled, expired). It stands in the history without an ordinal, and may come again after a resubscription, with the same message id.</summary>
    /// <param name="Envelope">The record.</param>
    public sealed record Annotation(Envelope Envelope) : SessionStreamItem;

    /// <summary>A frame of this stream was refused; the stream goes on.</summary>
    /// <param name="Error">Which frame, and why.</param>
    public sealed record InlineError(MacpError Error) : SessionStreamItem;
}
