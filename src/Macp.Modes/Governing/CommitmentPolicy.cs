namespace Macp.Modes;

/// <summary>What a policy rules about commitments, in whatever mode: the <c>commitment</c> block of its rules (RFC-MACP-0012 section 4).</summary>
public sealed record CommitmentPolicy
{
    /// <summary>The block when nothing is said: the initiator alone commits.</summary>
    public static CommitmentPolicy Default { get; } = new();

    /// <summary>Who may commit.</summary>
    public CommitmentAuthority Authority { get; init; } = CommitmentAuthority.InitiatorOnly;

    /// <summary>The ids that may commit under <see cref="CommitmentAuthority.DesignatedRole"/>; they need not be participants, and the initiator is not implied.</summary>
    public IReadOnlyList<string> DesignatedRoles { get; init; } = [];

    /// <summary>Whether a mode with votes needs its quorum of voters before a commitment; read by Decision alone.</summary>
    public bool RequireVoteQuorum { get; init; }

    /// <summary>Whether a decline may be committed over a vote that passed; read by Decision alone, from schema version 2 on.</summary>
    public bool AllowDeclineOverApproval { get; init; }

    /// <summary>Whether this sender may commit in this session. Breach: <c>FORBIDDEN</c>.</summary>
    public bool Permits(string sender, SessionContext session) => Authority switch
    {
        CommitmentAuthority.AnyParticipant => sender == session.Initiator || session.IsParticipant(sender),
        CommitmentAuthority.DesignatedRole => DesignatedRoles.Contains(sender),
        _ => sender == session.Initiator,
    };

    // In the order of the enum.
    static readonly string[] Authorities = ["initiator_only", "any_participant", "designated_role"];

    internal static RuleSchema Schema { get; } = new(
        new ChoiceRule("authority", Authorities),
        new TextsRule("designated_roles"),
        new FlagRule("require_vote_quorum"),
        new FlagRule("allow_decline_over_approval"));

    internal static CommitmentPolicy Read(RulesReader rules) => new()
    {
        Authority = rules.Text("authority") is { } authority ? (CommitmentAuthority)Array.IndexOf(Authorities, authority) : CommitmentAuthority.InitiatorOnly,
        DesignatedRoles = rules.Texts("designated_roles") ?? [],
        RequireVoteQuorum = rules.Flag("require_vote_quorum") ?? false,
        AllowDeclineOverApproval = rules.Flag("allow_decline_over_approval") ?? false,
    };

    internal RuleFault? Check(uint schemaVersion)
    {
        if (Authority is CommitmentAuthority.DesignatedRole && DesignatedRoles.Count == 0)
            return new("commitment.designated_roles", "'designated_role' needs designated_roles with at least one id");
        if (DesignatedRoles.Any(string.IsNullOrWhiteSpace)) return new("commitment.designated_roles", "an id in designated_roles must not be blank");
        return AllowDeclineOverApproval && schemaVersion < 2 ? new("commitment.allow_decline_over_approval", "needs schema_version 2 or 3") : null;
    }

    internal void WriteTo(Protocol.CanonicalJson json)
    {
        json.BeginObject();
        // A rule that a schema version does not have yet is written only where it says something.
        if (AllowDeclineOverApproval) json.Key("allow_decline_over_approval").Value(true);
        json.Key("authority").Value(Authorities[(int)Authority]);
        json.Key("designated_roles").BeginArray();
        foreach (string role in DesignatedRoles) json.Value(role);
        json.EndArray();
        json.Key("require_vote_quorum").Value(RequireVoteQuorum).EndObject();
    }
}

/// <summary>Who may commit (RFC-MACP-0012 section 4).</summary>
public enum CommitmentAuthority
{
    /// <summary>The initiator alone.</summary>
    InitiatorOnly,

    /// <summary>The initiator, and every participant.</summary>
    AnyParticipant,

    /// <summary>Those whom the policy designates, and nobody else.</summary>
    DesignatedRole,
}
