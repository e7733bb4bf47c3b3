namespace Macp.Modes;

/// <summary>The policy a session is bound to, resolved at its start, for its whole life (RFC-MACP-0012).</summary>
/// <param name="Id">The resolved id, never empty.</param>
/// <param name="Rules">The mode's typed rules; null for its defaults.</param>
/// <param name="Definition">What the id was resolved to; null where only the id is known, as on a client that has not asked.</param>
public sealed record PolicyBinding(string Id, object? Rules = null, PolicyDefinition? Definition = null)
{
    /// <summary>The schema version under which the rules are read for ever.</summary>
    public uint SchemaVersion { get; init; } = 1;

    /// <summary>What it rules about commitments.</summary>
    public CommitmentPolicy Commitment { get; init; } = CommitmentPolicy.Default;

    /// <summary>Whether these are the policy's rules, and not defaults in their place.</summary>
    public bool IsResolved => Definition is not null || Id == Protocol.MacpProtocol.DefaultPolicyVersion;

    /// <summary>The rules as the mode's type, which are its defaults when the policy sets none.</summary>
    public TRules RulesAs<TRules>()
        where TRules : class, IModeRules<TRules> => Rules as TRules ?? TRules.Default;
}
