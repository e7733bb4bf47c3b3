using System.Collections.Immutable;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// The policies that a start may bind (RFC-MACP-0012). An id means the same for ever: what was registered under it once is all that it can be again.
/// <see cref="RegistryChanges"/> alone changes it, one change after the other; readers take no lock.
/// </summary>
sealed class PolicyRegistry
{
    // Built-in policies are the modes' to bring, and nobody else's to define.
    const string ReservedPrefix = "policy.std.";

    readonly ModeRegistry _modes;
    readonly Dictionary<string, PolicyDescriptor> _everRegistered = new(StringComparer.Ordinal);
    readonly HashSet<string> _builtIn = new(StringComparer.Ordinal);
    volatile ImmutableSortedDictionary<string, PolicyDefinition> _policies = ImmutableSortedDictionary.Create<string, PolicyDefinition>(StringComparer.Ordinal);

    /// <param name="modes">What is hosted; their own policies are registered.</param>
    /// <param name="policies">All other policies there will ever be; null where clients register them.</param>
    /// <exception cref="InvalidPolicyException">One of these policies cannot be registered.</exception>
    public PolicyRegistry(ModeRegistry modes, IReadOnlyList<PolicyDescriptor>? policies)
    {
        _modes = modes;
        IsReadOnly = policies is not null;
        Add(PolicyDefinition.Default);
        foreach (var policy in modes.All.SelectMany(mode => mode.Governance?.Policies ?? [])) Add(PolicyDefinition.Recall(policy));
        _builtIn.UnionWith(_policies.Keys);
        foreach (var policy in policies ?? [])
        {
            if (Check(policy, 0, out var definition) is { } fault) throw new InvalidPolicyException(fault) { PolicyId = policy.PolicyId };
            Add(definition);
        }
    }

    /// <summary>Whether nobody can register or unregister.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Wakes those who watch, after every change.</summary>
    public WakeUp Changed { get; } = new();

    /// <summary>Resolves the policy that a start names; an empty name is the default's.</summary>
    public Rejection? Resolve(string policyVersion, KernelMode mode, out PolicyBinding policy)
    {
        policy = null!;
        string id = policyVersion is "" ? MacpProtocol.DefaultPolicyVersion : policyVersion;
        if (!_policies.TryGetValue(id, out var registered)) return new(ErrorCode.UnknownPolicyVersion, $"no policy '{policyVersion}' is registered");
        return registered.Bind(mode.Identifier, mode.Governance, out policy) is { } fault ? new(ErrorCode.InvalidPolicyDefinition, $"{fault.Path}: {fault.Reason}") : null;
    }

    /// <summary>To register a policy.</summary>
    public ChangePlan Register(PolicyDescriptor policy, long now) =>
        Check(policy, now, out var definition) is { } fault ? Tell(fault) : ChangePlan.To(() => Add(definition));

    /// <summary>To take a policy out. Sessions bound to it keep it.</summary>
    public ChangePlan Unregister(string policyId)
    {
        if (_builtIn.Contains(policyId)) return Tell(new("policy_id", $"'{policyId}' is a default of this runtime, and stays"));
        if (!_policies.ContainsKey(policyId)) return Tell(new("policy_id", $"'{policyId}' is not found"));
        return ChangePlan.To(() =>
        {
            _policies = _policies.Remove(policyId);
            Changed.Pulse();
        });
    }

    /// <summary>The policy of this id; null when none is registered.</summary>
    public PolicyDescriptor? Find(string policyId) => _policies.TryGetValue(policyId, out var policy) ? policy.ToDescriptor() : null;

    /// <summary>All policies by id, or those that govern a mode.</summary>
    public IEnumerable<PolicyDescriptor> List(string mode) => _policies.Values
        .Where(policy => mode.Length == 0 || policy.Mode == mode || policy.Mode == PolicyDefinition.AnyMode)
        .Select(policy => policy.ToDescriptor());

    /// <summary>Why a policy cannot be registered; null when it can.</summary>
    RuleFault? Check(PolicyDescriptor policy, long now, out PolicyDefinition definition)
    {
        definition = null!;
        if (policy.PolicyId is MacpProtocol.DefaultPolicyVersion || policy.PolicyId.StartsWith(ReservedPrefix, StringComparison.Ordinal))
            return new("policy_id", $"'{policy.PolicyId}' is reserved{(_policies.ContainsKey(policy.PolicyId) ? ", and already registered" : "")}");
        var stamped = policy.Clone();
        stamped.RegisteredAtUnixMs = now;
        if (PolicyDefinition.Read(stamped, _modes.All, out definition) is { } fault) return fault;
        if (_policies.ContainsKey(policy.PolicyId)) return new("policy_id", $"'{policy.PolicyId}' is already registered");
        return _everRegistered.TryGetValue(policy.PolicyId, out var before) && !RulesTheSame(before, definition.ToDescriptor())
            ? new("policy_id", $"'{policy.PolicyId}' was already registered with other rules; ids are never used again, choose another")
            : null;
    }

    void Add(PolicyDefinition policy)
    {
        _everRegistered[policy.Id] = policy.ToDescriptor();
        _policies = _policies.SetItem(policy.Id, policy);
        Changed.Pulse();
    }

    static string Tell(RuleFault fault) => $"{ErrorCode.InvalidPolicyDefinition}: {fault.Path}: {fault.Reason}";

    static bool RulesTheSame(PolicyDescriptor left, PolicyDescriptor right) =>
        (left.Mode, left.Rules, left.SchemaVersion) == (right.Mode, right.Rules, right.SchemaVersion);
}
