using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// Watches the registered policies: tells all of them, and all again after every change; several changes at once may be told as one. After a break they
/// are told only where they are others than before.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="options">The credential, and when to connect again.</param>
public sealed class PolicyWatcher(MacpClient client, WatchOptions? options = null) : MacpWatcher<PolicyChange>(client, options)
{
    internal override IAsyncEnumerable<PolicyChange> Begin(CancellationToken cancellationToken) => new Telling(Client, Options).RunAsync(cancellationToken);

    internal override bool IsSnapshot(PolicyChange told) => told.IsSnapshot;

    sealed class Telling(MacpClient client, WatchOptions options)
        : RegistryWatch<WatchPoliciesRequest, WatchPoliciesResponse, PolicyChange>(client, options, RuntimeMethods.WatchPolicies)
    {
        PolicyDescriptor[] _last = [];

        protected override PolicyChange? Read(WatchPoliciesResponse response, bool isSnapshot, bool isResynchronized)
        {
            // Older runtimes tell them in any order.
            PolicyDescriptor[] policies = [.. response.Descriptors.OrderBy(policy => policy.PolicyId, StringComparer.Ordinal)];
            bool isSame = policies.SequenceEqual(_last);
            _last = policies;
            return isResynchronized && isSame ? null : PolicyChange.Of(response, isSnapshot) with { IsResynchronized = isResynchronized };
        }
    }
}
