using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// Watches the registry of modes: tells that it is there, then that it changed; several changes at once may be told as one. Which modes there are,
/// <see cref="MacpClient.ListModesAsync"/> and <see cref="MacpClient.ListExtModesAsync"/> tell.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="options">The credential, and when to connect again.</param>
public sealed class ModeRegistryWatcher(MacpClient client, WatchOptions? options = null) : MacpWatcher<ModeRegistryChange>(client, options)
{
    internal override IAsyncEnumerable<ModeRegistryChange> Begin(CancellationToken cancellationToken) => new Telling(Client, Options).RunAsync(cancellationToken);

    internal override bool IsSnapshot(ModeRegistryChange told) => told.IsSnapshot;

    sealed class Telling(MacpClient client, WatchOptions options)
        : RegistryWatch<WatchModeRegistryRequest, WatchModeRegistryResponse, ModeRegistryChange>(client, options, RuntimeMethods.WatchModeRegistry)
    {
        protected override ModeRegistryChange? Read(WatchModeRegistryResponse response, bool isSnapshot, bool isResynchronized) =>
            ModeRegistryChange.Of(response, isSnapshot) with { IsResynchronized = isResynchronized };
    }
}
