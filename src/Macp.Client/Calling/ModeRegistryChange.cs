using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>A registry of the runtime is there, or has changed.</summary>
/// <param name="Registry">Which one: <c>modes</c>.</param>
/// <param name="IsSnapshot">Whether this is what was there when the watch began, and not a change.</param>
/// <param name="ObservedAt">When, by the runtime's clock; null where it does not say.</param>
public sealed record ModeRegistryChange(string Registry, bool IsSnapshot, DateTimeOffset? ObservedAt)
{
    /// <summary>Whether a <see cref="ModeRegistryWatcher"/> tells how things stand after a break: whether they changed meanwhile, nobody knows.</summary>
    public bool IsResynchronized { get; init; }

    internal static ModeRegistryChange Of(WatchModeRegistryResponse response, bool isSnapshot) =>
        new(response.Change?.Registry ?? "", isSnapshot, UnixTime.Read(response.Change?.ObservedAtUnixMs ?? 0));
}
