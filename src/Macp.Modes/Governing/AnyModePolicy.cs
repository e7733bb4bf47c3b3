using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>Policies for any mode: they rule who commits. What they rule about one mode, that mode's own builder writes; set the policy's mode to <c>*</c> then.</summary>
public static class AnyModePolicy
{
    /// <summary>A policy for any mode, judged as the runtime will judge it.</summary>
    /// <param name="policyId">Its id; registered ids are never used again for other rules.</param>
    /// <param name="description">A sentence for people.</param>
    /// <param name="commitment">Who may commit; the initiator when null.</param>
    /// <param name="schemaVersion">Under which its rules are read for ever: 1, 2 or 3.</param>
    /// <exception cref="InvalidPolicyException">No runtime would register it; the message names the rule.</exception>
    public static PolicyDescriptor Create(string policyId, string description, CommitmentPolicy? commitment = null, uint schemaVersion = 3)
    {
        var json = new CanonicalJson().BeginObject();
        (commitment ?? CommitmentPolicy.Default).WriteTo(json.Key("commitment"));
        var policy = new PolicyDescriptor { PolicyId = policyId, Mode = PolicyDefinition.AnyMode, Description = description, Rules = json.EndObject().ToString(), SchemaVersion = schemaVersion };
        return PolicyDefinition.Check(policy) is { } fault ? throw new InvalidPolicyException(fault) { PolicyId = policyId } : policy;
    }

    /// <summary>Who may commit under a policy, whatever its mode.</summary>
    /// <exception cref="InvalidDataException">No runtime ever registered it.</exception>
    public static CommitmentPolicy CommitmentOf(PolicyDescriptor policy) => PolicyDefinition.Recall(policy).Commitment;
}
