using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Metadata and subscriptions.</summary>
sealed partial class Session
{
    /// <summary>Whether the identity may read the session.</summary>
    public bool IsReadableBy(Identity identity) => SessionReaders.Include(identity, context);

    /// <summary>Everybody but observers who may read it, by name.</summary>
    public IEnumerable<string> Readers => SessionReaders.Of(context.Initiator, context.Participants, context.Policy.Commitment.DesignatedRoles);

    /// <summary>What may be read about the session without its history.</summary>
    public async ValueTask<Outcome<SessionMetadata>> GetMetadataAsync(Identity identity, long clock)
    {
        if (!IsReadableBy(identity)) return await DenyAsync(AccessDenied, clock).ConfigureAwait(false);
        return await DescribeAsync(clock).ConfigureAwait(false) is { } metadata ? metadata : Failure.NotStored;
    }

    /// <summary>The metadata as it is durable; null when that cannot be said.</summary>
    public async ValueTask<SessionMetadata?> DescribeAsync(long clock)
    {
        var metadata = Turn(clock, 0, static (_, fold, _, _) => fold.ToMetadata(), out var mark);
        return await WhenDurableAsync(mark).ConfigureAwait(false) ? metadata : null;
    }

    /// <summary>A cursor that stands after the message with this ordinal.</summary>
    public async ValueTask<Outcome<SessionCursor>> SubscribeAsync(
        Identity identity, ulong afterOrdinal, bool includeAnnotations, long clock, CancellationToken cancellationToken)
    {
        if (!IsReadableBy(identity)) return await DenyAsync(AccessDenied, clock).ConfigureAwait(false);
        var folded = Turn(clock, 0, static (_, fold, _, _) => fold, out var mark);
        if (!await WhenDurableAsync(mark).ConfigureAwait(false) || folded is null) return Failure.NotStored;
        long after = (long)Math.Min(afterOrdinal, long.MaxValue);
        return await SessionCursor.OpenAsync(this, after, includeAnnotations, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What has come due is noticed by whoever looks, also by those who may not see it.</summary>
    async ValueTask<Failure> DenyAsync(Failure failure, long clock)
    {
        await CatchUpAsync(clock).ConfigureAwait(false);
        return failure;
    }

    static readonly Failure AccessDenied = Failure.Forbidden("session access denied");
}
