namespace Macp.Runtime;

/// <summary>
/// What happened to sessions, for those who watch them. A session announces its changes under its own lock, and whoever begins to watch asks each
/// session for its state under the same lock: so that an event is either before that state or after the position at which the watching began.
/// </summary>
sealed class LifecycleFeed
{
    // A watcher that is this many changes behind has to begin anew, or fewer of large sessions: 32 MiB of what they are bound to.
    const int Slots = 16_384;

    readonly EventRing<LifecycleEvent> _events = new(Slots);

    /// <summary>Where whoever begins to watch now goes on.</summary>
    public long End => _events.End;

    /// <summary>Tells it, to be followed by <see cref="Pulse"/> outside the session's lock.</summary>
    public void Announce(LifecycleEvent happened) => _events.Add(happened);

    public void Pulse() => _events.Pulse();

    /// <inheritdoc cref="EventRing{T}.ReadAsync"/>
    public IAsyncEnumerable<LifecycleEvent> ReadAsync(long position, CancellationToken cancellationToken) => _events.ReadAsync(position, cancellationToken);
}
