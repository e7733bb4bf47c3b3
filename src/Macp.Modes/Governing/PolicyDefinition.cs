using System.Collections.Concurrent;
using System.Text.Json;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// A policy that was judged: a runtime registers it, and binds sessions to it for ever (RFC-MACP-0012). What is bound is not judged again, so that
/// a rule about policies mended later can never make an old session unreadable.
/// </summary>
public sealed class PolicyDefinition
{
    /// <summary>The mode of a policy that governs any mode.</summary>
    public const string AnyMode = "*";

    // Every mode's keys (decisions 17). What is audited is for operators; no outcome depends on it.
    static readonly RuleSchema Shared = new(
        new GroupRule("commitment", CommitmentPolicy.Schema),
        new GroupRule("audit", new(new TextRule("level"))));

    readonly PolicyDescriptor _descriptor;
    readonly JsonElement _rules;

    // What it comes to in each mode: read once, and the same for all sessions.
    readonly ConcurrentDictionary<(string Mode, ModeGovernance? Governance), PolicyBinding> _bindings = new();

    PolicyDefinition(PolicyDescriptor descriptor, JsonElement rules)
    {
        (_descriptor, _rules) = (descriptor, rules);
        Commitment = CommitmentPolicy.Read(new RulesReader(rules).In("commitment"));
    }

    /// <summary>The policy that binds a session that asks for none: it rules nothing, in any mode.</summary>
    public static PolicyDefinition Default { get; } = Recall(
        new() { PolicyId = MacpProtocol.DefaultPolicyVersion, Mode = AnyMode, Description = "The default policy: the initiator commits, and nothing else is ruled.", Rules = "{}", SchemaVersion = 1 });

    /// <summary>The policy's id.</summary>
    public string Id => _descriptor.PolicyId;

    /// <summary>The mode that it governs, or <see cref="AnyMode"/>.</summary>
    public string Mode => _descriptor.Mode;

    /// <summary>What it rules about commitments.</summary>
    public CommitmentPolicy Commitment { get; }

    /// <summary>The policy as it travels; a copy, its rules with keys in ordinal order.</summary>
    public PolicyDescriptor ToDescriptor() => _descriptor.Clone();

    /// <summary>Judges a policy as registration does.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="modes">What is hosted: a policy for any mode may use any of their keys, and must make sense to each.</param>
    /// <param name="definition">The definition, when nothing is wrong.</param>
    /// <returns>The first thing that is wrong; null when nothing is.</returns>
    public static RuleFault? Read(PolicyDescriptor policy, IReadOnlyList<HostedMode> modes, out PolicyDefinition definition)
    {
        definition = null!;
        var governed = modes.Where(mode => policy.Mode == AnyMode || policy.Mode == mode.Descriptor.Identifier).ToList();
        if (CheckHead(policy) is { } wrong) return wrong;
        if (governed.Count == 0) return new("mode", $"'{policy.Mode}' is neither hosted here nor '{AnyMode}', which governs any mode");
        return Read(policy, governed.Select(mode => mode.Governance), out definition);
    }

    /// <summary>A policy that was judged when it was stored.</summary>
    /// <exception cref="InvalidDataException">Nobody ever judged that: its rules are no JSON object, or do not say who commits.</exception>
    public static PolicyDefinition Recall(PolicyDescriptor policy) =>
        JsonText.TryParse(policy.Rules) is { ValueKind: JsonValueKind.Object } rules && Shared.Check(rules, "", closed: false) is null
            ? Of(policy, rules)
            : throw new InvalidDataException($"policy '{policy.PolicyId}' has rules that no runtime can have registered");

    /// <summary>Resolves what a session of this mode is bound to; a policy for any mode is read with the mode's own rules.</summary>
    /// <param name="mode">The mode's identifier.</param>
    /// <param name="governance">What policies may rule about it.</param>
    /// <param name="binding">The binding, when nothing is wrong.</param>
    /// <returns>Why no session of this mode can be bound to it; null when one can.</returns>
    public RuleFault? Bind(string mode, ModeGovernance? governance, out PolicyBinding binding)
    {
        if (_bindings.TryGetValue((mode, governance), out binding!)) return null;
        if (Mode != AnyMode && Mode != mode) return new("mode", $"policy '{Id}' governs '{Mode}', not '{mode}'");
        if (governance?.Schema.Check(_rules, "", closed: false) is { } misfit) return misfit;
        var bound = new PolicyBinding(Id, governance is null ? null : RulesFor(governance), this) { SchemaVersion = _descriptor.SchemaVersion, Commitment = Commitment };
        binding = _bindings.GetOrAdd((mode, governance), bound);
        return null;
    }

    internal static PolicyDefinition Parse(PolicyDescriptor policy, ModeGovernance governance)
    {
        PolicyDefinition definition = null!;
        return (CheckHead(policy) ?? Read(policy, [governance], out definition)) is { } fault ? throw new InvalidPolicyException(fault) : definition;
    }

    /// <summary>Judges a policy that rules about no mode in particular.</summary>
    internal static RuleFault? Check(PolicyDescriptor policy) => CheckHead(policy) ?? Read(policy, Array.Empty<ModeGovernance?>().AsEnumerable(), out _);

    internal object RulesFor(ModeGovernance governance) => governance.Read(_rules);

    static PolicyDefinition Of(PolicyDescriptor policy, JsonElement rules)
    {
        var kept = policy.Clone();
        kept.Rules = JsonText.Canonical(rules);
        return new(kept, rules);
    }

    static RuleFault? CheckHead(PolicyDescriptor policy)
    {
        if (string.IsNullOrWhiteSpace(policy.PolicyId)) return new("policy_id", "policy_id must not be blank");
        return policy.SchemaVersion is 1 or 2 or 3 ? null : new("schema_version", $"schema_version must be 1, 2 or 3; it is {policy.SchemaVersion}");
    }

    static RuleFault? Read(PolicyDescriptor policy, IEnumerable<ModeGovernance?> governed, out PolicyDefinition definition)
    {
        definition = null!;
        var modes = governed.OfType<ModeGovernance>().ToList();
        if (JsonText.TryParse(policy.Rules) is not { ValueKind: JsonValueKind.Object } rules)
            return new("rules", "must be a JSON object in which no key stands twice and all text is Unicode; write {} for no rules");
        var schema = modes.Aggregate(Shared, (all, mode) => all.Or(mode.Schema));
        if (schema.Check(rules, "", closed: true) is { } misfit) return misfit with { Reason = $"the rules do not match schema: it {misfit.Reason}" };

        var read = Of(policy, rules);
        if (read.Commitment.Check(policy.SchemaVersion) is { } fault) return fault;
        foreach (var mode in modes)
            if (mode.Schema.Check(rules, "", closed: false) is null && mode.Check(mode.Read(rules), policy.SchemaVersion) is { } senseless) return senseless;
        definition = read;
        return null;
    }
}
