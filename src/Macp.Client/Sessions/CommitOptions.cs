using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The outcome that a session is committed to.</summary>
public sealed record CommitOptions
{
    /// <summary>What is decided, such as <c>deployment.approved</c>.</summary>
    public required string Action { get; init; }

    /// <summary>By whose authority, or how far it reaches.</summary>
    public required string AuthorityScope { get; init; }

    /// <summary>Why, for whoever audits it.</summary>
    public required string Reason { get; init; }

    /// <summary>The commitment's id. When null the id that the call gives its message, so that the same is sent when that is repeated, else a new UUID.</summary>
    public string? CommitmentId { get; init; }

    /// <summary>
    /// The outcome's sign. When null the action's ending says it: negative for <c>rejected</c>, <c>failed</c> and <c>declined</c>, else positive. Endings that say a
    /// sign do not go with the other one.
    /// </summary>
    public bool? OutcomePositive { get; init; }

    /// <summary>The commitment of another session that this one replaces; null for none.</summary>
    public SupersededCommitment? Supersedes { get; init; }

    internal CommitmentPayload ToPayload(string modeVersion, string configurationVersion, string policyVersion, string? messageId = null) => new()
    {
        CommitmentId = CommitmentId ?? messageId ?? Protocol.CommitmentIds.New(),
        Action = Action,
        AuthorityScope = AuthorityScope,
        Reason = Reason,
        ModeVersion = modeVersion,
        ConfigurationVersion = configurationVersion,
        PolicyVersion = policyVersion,
        OutcomePositive = OutcomePositive ?? CommitmentRules.SignOf(Action) ?? true,
        Supersedes = Supersedes is { } s ? new() { SessionId = s.SessionId, CommitmentHash = s.CommitmentHash } : null,
    };
}

/// <summary>A commitment that another one replaces (RFC-MACP-0001 section 7.3.1). The runtime checks the form; it does not look it up.</summary>
/// <param name="SessionId">The session it was made in.</param>
/// <param name="CommitmentHash">Its canonical hash: <c>sha256:</c> and 64 lower-case hexadecimal digits.</param>
public sealed record SupersededCommitment(string SessionId, string CommitmentHash)
{
    /// <summary>Names a commitment by its content.</summary>
    /// <param name="sessionId">The session it was made in.</param>
    /// <param name="commitment">The commitment as it was accepted, such as a projection's.</param>
    public static SupersededCommitment Of(string sessionId, CommitmentPayload commitment) =>
        new(sessionId, Protocol.CommitmentHash.Compute(commitment));
}
