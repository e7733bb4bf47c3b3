using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>What every mode asks of a commitment's payload, before it asks whether the session is ready for it.</summary>
public static class CommitmentRules
{
    static readonly string[] NegativeEndings = ["rejected", "failed", "declined"];
    static readonly string[] PositiveEndings = ["selected", "accepted", "completed", "approved"];

    /// <summary>What <see cref="CheckFields"/> and <see cref="CheckBinding"/> ask, in their order.</summary>
    public static IReadOnlyList<Check> Checks { get; } =
    [
        new Check.Required("commitment_id"), new Check.Required("action"), new Check.Required("authority_scope"), new Check.Required("reason"),
        new Check.Written("is unset, or names a session_id and a commitment_hash of the form sha256 and 64 hexadecimal digits", "supersedes"),
        new Check.Written("is the version of the mode that the session is bound to", "mode_version"),
        new Check.Written("is the configuration that the session is bound to", "configuration_version"),
        new Check.Written("is empty or the policy that the session is bound to", "policy_version"),
        new Check.Written($"fits outcome_positive: false for an action that ends in {string.Join(", ", NegativeEndings)}, true for {string.Join(", ", PositiveEndings)}", "action"),
    ];

    /// <summary>
    /// The sign that an action's ending commits to, or null for an ending that is free: <c>decision.rejected</c> is negative,
    /// <c>task.completed</c> positive. Case counts.
    /// </summary>
    public static bool? SignOf(string action) =>
        EndsWithAny(action, NegativeEndings) ? false : EndsWithAny(action, PositiveEndings) ? true : null;

    /// <summary>Required fields, and the form of what is superseded; the commitment it names is never looked up (RFC-MACP-0001 section 7.3.1).</summary>
    public static Rejection? CheckFields(CommitmentPayload commitment)
    {
        if (string.IsNullOrWhiteSpace(commitment.CommitmentId)) return Refuse.Blank("commitment_id");
        if (string.IsNullOrWhiteSpace(commitment.Action)) return Refuse.Blank("action");
        if (string.IsNullOrWhiteSpace(commitment.AuthorityScope)) return Refuse.Blank("authority_scope");
        if (string.IsNullOrWhiteSpace(commitment.Reason)) return Refuse.Blank("reason");
        if (commitment.Supersedes is not { } superseded) return null;
        if (string.IsNullOrWhiteSpace(superseded.SessionId)) return Refuse.Blank("supersedes.session_id");
        return CommitmentHash.IsWellFormed(superseded.CommitmentHash)
            ? null
            : Rejection.InvalidEnvelope("supersedes.commitment_hash must be 'sha256:' and 64 lower-case hexadecimal digits");
    }

    /// <summary>The versions must be the ones the session is bound to, and the outcome's sign the one the action says.</summary>
    public static Rejection? CheckBinding(CommitmentPayload commitment, SessionContext session)
    {
        if (commitment.ModeVersion != session.ModeVersion) return Mismatch("mode_version", commitment.ModeVersion, session.ModeVersion);
        if (commitment.ConfigurationVersion != session.ConfigurationVersion)
            return Mismatch("configuration_version", commitment.ConfigurationVersion, session.ConfigurationVersion);
        // An empty policy version matches whatever is bound (RFC-MACP-0012).
        if (commitment.PolicyVersion.Length != 0 && commitment.PolicyVersion != session.Policy.Id)
            return Mismatch("policy_version", commitment.PolicyVersion, session.Policy.Id);
        return CheckSign(commitment);
    }

    /// <summary>The outcome's sign must be the one the action's ending says.</summary>
    public static Rejection? CheckSign(CommitmentPayload commitment) =>
        SignOf(commitment.Action) is { } sign && sign != commitment.OutcomePositive
            ? Rejection.InvalidEnvelope($"action {Refuse.Quoted(commitment.Action)} needs outcome_positive = {(sign ? "true" : "false")}")
            : null;

    static Rejection Mismatch(string field, string given, string bound) =>
        Rejection.InvalidEnvelope($"{field} {Refuse.Quoted(given)} is not the session's; it is bound to {Refuse.Quoted(bound)}");

    static bool EndsWithAny(string action, string[] endings)
    {
        foreach (string ending in endings)
            if (action.EndsWith(ending, StringComparison.Ordinal)) return true;
        return false;
    }
}
