using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// The registry of extension modes, for those who may change it. What it refuses to do is an answer, not a failure. A change shows when it is durable; one
/// that could not be stored is <see cref="FailureKind.Internal"/>, and was not made.
/// </summary>
public sealed class ModeDesk
{
    const string RegistryName = "modes";

    readonly ModeRegistry _registry;
    readonly RegistryChanges _changes;
    readonly Func<long> _now;

    internal ModeDesk(ModeRegistry registry, RegistryChanges changes, Func<long> now) => (_registry, _changes, _now) = (registry, changes, now);

    /// <summary>
    /// Hosts a mode by its descriptor; needs <see cref="Identity.CanManageModeRegistry"/>. Its payloads are passed through, and a start of it may leave
    /// out participants and versions.
    /// </summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="descriptor">The mode's descriptor.</param>
    /// <param name="cancellationToken">Gives up waiting for earlier changes.</param>
    public async ValueTask<Outcome<RegisterExtModeResponse>> RegisterAsync(Identity? identity, ModeDescriptor? descriptor, CancellationToken cancellationToken = default)
    {
        if (Failure.UnlessManager(identity, RegistryName) is { } failure) return failure;
        if (descriptor is null) return new Failure(FailureKind.InvalidArgument, "INVALID_REQUEST: mode_descriptor is missing");
        var made = await _changes.MakeAsync(new ModeRegistered(descriptor.Clone()), cancellationToken).ConfigureAwait(false);
        return made.Select(refusal => new RegisterExtModeResponse { Ok = refusal.Length == 0, Error = refusal });
    }

    /// <summary>Hosts a registered mode no more; needs <see cref="Identity.CanManageModeRegistry"/>. Its open sessions can still be cancelled, and expire.</summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="cancellationToken">Gives up waiting for earlier changes.</param>
    public async ValueTask<Outcome<UnregisterExtModeResponse>> UnregisterAsync(Identity? identity, string mode, CancellationToken cancellationToken = default)
    {
        if (Failure.UnlessManager(identity, RegistryName) is { } failure) return failure;
        var made = await _changes.MakeAsync(new ModeUnregistered(mode), cancellationToken).ConfigureAwait(false);
        return made.Select(refusal => new UnregisterExtModeResponse { Ok = refusal.Length == 0, Error = refusal });
    }

    /// <summary>
    /// Puts an extension mode on the standards track; needs <see cref="Identity.CanManageModeRegistry"/>. Starts of it are judged strictly from then on.
    /// </summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="newName">Its identifier from then on; empty to keep the one it has. Open sessions under the old one take no more messages.</param>
    /// <param name="cancellationToken">Gives up waiting for earlier changes.</param>
    public async ValueTask<Outcome<PromoteModeResponse>> PromoteAsync(Identity? identity, string mode, string newName, CancellationToken cancellationToken = default)
    {
        if (Failure.UnlessManager(identity, RegistryName) is { } failure) return failure;
        string promoted = newName.Length == 0 ? mode : newName;
        var made = await _changes.MakeAsync(new ModePromoted(mode, promoted), cancellationToken).ConfigureAwait(false);
        return made.Select(refusal => refusal.Length == 0 ? new PromoteModeResponse { Ok = true, Mode = promoted } : new() { Error = refusal });
    }

    /// <summary>Tells at once that there is a registry, and again after every change of it; several at once may be told as one. Ends by cancellation only.</summary>
    public Outcome<IAsyncEnumerable<WatchModeRegistryResponse>> Watch(Identity? identity) => identity is null
        ? Failure.Unauthenticated
        : Outcome.Of(_registry.Changed.TellAsync(() => new WatchModeRegistryResponse { Change = new() { Registry = RegistryName, ObservedAtUnixMs = _now() } }));
}
