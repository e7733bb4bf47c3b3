using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The registry of extension modes, for those who may change it. What it refuses to do is an answer, not a failure.</summary>
public sealed class ModeDesk
{
    const string RegistryName = "modes";

    readonly ModeRegistry _registry;
    readonly Func<long> _now;

    internal ModeDesk(ModeRegistry registry, Func<long> now) => (_registry, _now) = (registry, now);

    /// <summary>
    /// Hosts a mode by its descriptor; needs <see cref="Identity.CanManageModeRegistry"/>. Its payloads are passed through, and a start of it may leave
    /// out participants and versions.
    /// </summary>
    public Outcome<RegisterExtModeResponse> Register(Identity? identity, ModeDescriptor? descriptor)
    {
        if (Failure.UnlessManager(identity, RegistryName) is { } failure) return failure;
        if (descriptor is null) return new Failure(FailureKind.InvalidArgument, "INVALID_REQUEST: mode_descriptor is missing");
        string? fault = _registry.Register(descriptor);
        return new RegisterExtModeResponse { Ok = fault is null, Error = fault ?? "" };
    }

    /// <summary>Hosts a registered mode no more; needs <see cref="Identity.CanManageModeRegistry"/>. Its open sessions can still be cancelled, and expire.</summary>
    public Outcome<UnregisterExtModeResponse> Unregister(Identity? identity, string mode)
    {
        if (Failure.UnlessManager(identity, RegistryName) is { } failure) return failure;
        string? fault = _registry.Unregister(mode);
        return new UnregisterExtModeResponse { Ok = fault is null, Error = fault ?? "" };
    }

    /// <summary>
    /// Puts an extension mode on the standards track; needs <see cref="Identity.CanManageModeRegistry"/>. Starts of it are judged strictly from then on.
    /// </summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="newName">Its identifier from then on; empty to keep the one it has. Open sessions under the old one take no more messages.</param>
    public Outcome<PromoteModeResponse> Promote(Identity? identity, string mode, string newName)
    {
        if (Failure.UnlessManager(identity, RegistryName) is { } failure) return failure;
        string? fault = _registry.Promote(mode, newName, out string promoted);
        return fault is null ? new PromoteModeResponse { Ok = true, Mode = promoted } : new PromoteModeResponse { Error = fault };
    }

    /// <summary>Tells at once that there is a registry, and again after every change of it; several at once may be told as one. Ends by cancellation only.</summary>
    public Outcome<IAsyncEnumerable<WatchModeRegistryResponse>> Watch(Identity? identity) => identity is null
        ? Failure.Unauthenticated
        : Outcome.Of(_registry.Changed.TellAsync(() => new WatchModeRegistryResponse { Change = new() { Registry = RegistryName, ObservedAtUnixMs = _now() } }));
}
