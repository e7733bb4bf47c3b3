using System.Text.Json;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>What a mode lets policies rule: the shape of its rules, and how they are read, judged and written.</summary>
public abstract class ModeGovernance
{
    private protected ModeGovernance(RuleSchema schema) => Schema = schema;

    /// <summary>The mode's own keys; <c>commitment</c> and <c>audit</c> are every mode's.</summary>
    public RuleSchema Schema { get; }

    /// <summary>Policies that come with the mode.</summary>
    public abstract IReadOnlyList<PolicyDescriptor> Policies { get; }

    /// <summary>The default rules, as canonical JSON.</summary>
    public abstract string DefaultJson { get; }

    internal abstract object Read(JsonElement rules);

    internal abstract RuleFault? Check(object rules, uint schemaVersion);
}

/// <summary>The governance of a mode with rules of this type; the generator makes it.</summary>
/// <typeparam name="TRules">The mode's rules.</typeparam>
/// <param name="schema">Their shape.</param>
/// <param name="read">Reads rules of that shape; what they do not say is as in the rules given.</param>
/// <param name="write">Writes the keys of a rules object in ordinal order, between its braces.</param>
public sealed class ModeGovernance<TRules>(RuleSchema schema, Func<RulesReader, TRules, TRules> read, Action<TRules, CanonicalJson> write) : ModeGovernance(schema)
    where TRules : class, IModeRules<TRules>
{
    /// <inheritdoc/>
    public override IReadOnlyList<PolicyDescriptor> Policies => TRules.Policies;

    /// <inheritdoc/>
    public override string DefaultJson => Write(TRules.Default, null);

    /// <summary>The rules of a policy, as this mode reads them; what they do not say is the default.</summary>
    /// <exception cref="InvalidPolicyException">The policy is none that a runtime would register for this mode.</exception>
    public TRules RulesOf(PolicyDescriptor policy) => (TRules)PolicyDefinition.Parse(policy, this).RulesFor(this);

    /// <summary>A policy as <c>RegisterPolicy</c> takes it; judged as the runtime will judge it.</summary>
    /// <param name="mode">The mode's identifier.</param>
    /// <param name="policyId">The policy's id.</param>
    /// <param name="description">A sentence for people.</param>
    /// <param name="rules">The rules; null for the defaults.</param>
    /// <param name="commitment">Who may commit, and the like; null for the default.</param>
    /// <param name="schemaVersion">1, 2 or 3.</param>
    /// <exception cref="InvalidPolicyException">No runtime would register it; the message names the rule and the way out.</exception>
    public PolicyDescriptor CreatePolicy(string mode, string policyId, string description, TRules? rules, CommitmentPolicy? commitment, uint schemaVersion)
    {
        var policy = new PolicyDescriptor
        {
            PolicyId = policyId,
            Mode = mode,
            Description = description,
            Rules = Write(rules ?? TRules.Default, commitment ?? CommitmentPolicy.Default),
            SchemaVersion = schemaVersion,
        };
        PolicyDefinition.Parse(policy, this);
        return policy;
    }

    internal override object Read(JsonElement rules) => read(new(rules), TRules.Default);

    internal override RuleFault? Check(object rules, uint schemaVersion) => ((TRules)rules).Check(schemaVersion);

    string Write(TRules rules, CommitmentPolicy? commitment)
    {
        var json = new CanonicalJson();
        json.BeginObject();
        commitment?.WriteTo(json.Key("commitment"));
        write(rules, json);
        json.EndObject();
        // The block that all modes share goes among the mode's own keys, in their order.
        using var written = JsonDocument.Parse(json.ToString());
        return JsonText.Canonical(written.RootElement);
    }
}
