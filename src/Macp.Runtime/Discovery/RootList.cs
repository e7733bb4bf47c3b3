using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// The roots of the runtime. It has none: the roots of a session stand in its start. So the list is empty and never changes, which is what the capability
/// <c>roots.list_changed = false</c> says.
/// </summary>
sealed class RootList(Func<long> now)
{
    readonly WakeUp _changed = new();

    public ListRootsResponse List() => new();

    /// <summary>One message at once, and none after it. Needs an identity (decisions 18); ends by cancellation only.</summary>
    public Outcome<IAsyncEnumerable<WatchRootsResponse>> Watch(Identity? identity) => identity is null
        ? Failure.Unauthenticated
        : Outcome.Of(_changed.TellAsync(() => new WatchRootsResponse { Change = new() { ObservedAtUnixMs = now() } }));
}
