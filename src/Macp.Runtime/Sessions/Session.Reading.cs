using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Metadata and subscriptions.</summary>
sealed partial class Session
{
    /// <summary>What may be read about the session without its history.</summary>
    public async ValueTask<Outcome<SessionMetadata>> GetMetadataAsync(Identity identity, long clock)
    {
        var metadata = Turn(clock, identity, static (_, fold, _, reader) =>
            MayRead(fold.Context, reader) ? fold.ToMetadata() : Unreadable, out var mark);
        if (metadata == Unreadable) return AccessDenied;
        return await WhenDurableAsync(mark).ConfigureAwait(false) && metadata is not null ? metadata : Failure.NotStored;
    }

    /// <summary>A cursor that stands after the message with this ordinal.</summary>
    public async ValueTask<Outcome<SessionCursor>> SubscribeAsync(
        Identity identity, ulong afterOrdinal, bool includeAnnotations, long clock, CancellationToken cancellationToken)
    {
        var readable = Turn(clock, identity, static (session, fold, _, reader) =>
            MayRead(fold.Context, reader) ? (object)session : Unreadable, out var mark);
        if (readable == Unreadable) return AccessDenied;
        if (!await WhenDurableAsync(mark).ConfigureAwait(false) || readable is null) return Failure.NotStored;
        long after = (long)Math.Min(afterOrdinal, long.MaxValue);
        return await SessionCursor.OpenAsync(this, after, includeAnnotations, cancellationToken).ConfigureAwait(false);
    }

    static readonly SessionMetadata Unreadable = new();

    static readonly Failure AccessDenied = Failure.Forbidden("session access denied");

    /// <summary>The initiator, participants, whoever may commit, and observers (decisions 24).</summary>
    static bool MayRead(SessionContext session, Identity identity) =>
        identity.IsObserver || identity.Sender == session.Initiator || session.IsParticipant(identity.Sender) || session.MayCommit(identity.Sender);
}
