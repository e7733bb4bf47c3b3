using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The policies that stored sessions are bound to. Every start has its own whole; those that are equal are read and kept once.</summary>
sealed class StoredPolicies
{
    readonly Dictionary<PolicyDescriptor, PolicyBinding> _policies = [];

    /// <summary>What a start is bound to. What the policy comes to in the session's mode is found out by whoever folds the session.</summary>
    /// <exception cref="InvalidDataException">Nobody ever judged that.</exception>
    public PolicyBinding Of(PolicyDescriptor policy)
    {
        if (_policies.TryGetValue(policy, out var known)) return known;
        var definition = PolicyDefinition.Recall(policy);
        return _policies[policy] = new(definition.Id, Definition: definition);
    }
}
