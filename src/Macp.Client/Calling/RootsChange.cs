using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The runtime's roots are there, or have changed.</summary>
/// <param name="IsSnapshot">Whether this is what was there when the watch began, and not a change.</param>
/// <param name="ObservedAt">When, by the runtime's clock; null where it does not say.</param>
public sealed record RootsChange(bool IsSnapshot, DateTimeOffset? ObservedAt)
{
    /// <summary>Whether a <see cref="RootsWatcher"/> tells how things stand after a break: whether they changed meanwhile, nobody knows.</summary>
    public bool IsResynchronized { get; init; }

    internal static RootsChange Of(WatchRootsResponse response, bool isSnapshot) => new(isSnapshot, UnixTime.Read(response.Change?.ObservedAtUnixMs ?? 0));
}
