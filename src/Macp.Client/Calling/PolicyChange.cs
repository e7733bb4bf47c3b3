using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The registered policies at some time.</summary>
/// <param name="Policies">All of them, by id.</param>
/// <param name="IsSnapshot">Whether this is what was there when the watch began, and not a change.</param>
/// <param name="ObservedAt">When, by the runtime's clock; null where it does not say.</param>
public sealed record PolicyChange(IReadOnlyList<PolicyDescriptor> Policies, bool IsSnapshot, DateTimeOffset? ObservedAt)
{
    /// <summary>Whether they changed while the stream of a <see cref="PolicyWatcher"/> was broken, which it found afterwards.</summary>
    public bool IsResynchronized { get; init; }

    internal static PolicyChange Of(WatchPoliciesResponse response, bool isSnapshot) => new([.. response.Descriptors], isSnapshot, UnixTime.Read(response.ObservedAtUnixMs));
}
