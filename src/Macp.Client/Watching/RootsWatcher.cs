using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>Watches the roots: tells that they are there, then that they changed. Which they are, <see cref="MacpClient.ListRootsAsync"/> tells.</summary>
/// <param name="client">The connection.</param>
/// <param name="options">The credential, and when to connect again.</param>
public sealed class RootsWatcher(MacpClient client, WatchOptions? options = null) : MacpWatcher<RootsChange>(client, options)
{
    internal override IAsyncEnumerable<RootsChange> Begin(CancellationToken cancellationToken) => new Telling(Client, Options).RunAsync(cancellationToken);

    internal override bool IsSnapshot(RootsChange told) => told.IsSnapshot;

    sealed class Telling(MacpClient client, WatchOptions options)
        : RegistryWatch<WatchRootsRequest, WatchRootsResponse, RootsChange>(client, options, RuntimeMethods.WatchRoots)
    {
        protected override RootsChange? Read(WatchRootsResponse response, bool isSnapshot, bool isResynchronized) =>
            RootsChange.Of(response, isSnapshot) with { IsResynchronized = isResynchronized };
    }
}
