using Macp.Protocol;

namespace Macp.Modes;

/// <summary>Why a message is refused. A value, not an exception: refusing is what a validator is for.</summary>
/// <param name="Code">The registry code that travels.</param>
/// <param name="Reason">A sentence for people that names the field or the rule.</param>
public sealed record Rejection(ErrorCode Code, string Reason)
{
    /// <summary>For <c>POLICY_DENIED</c>, each reason of the policy; they travel in the error's details.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The message breaks a rule of its mode (RFC-MACP-0002 section 6.1).</summary>
    public static Rejection InvalidEnvelope(string reason) => new(ErrorCode.InvalidEnvelope, reason);

    /// <summary>The sender may not send this (RFC-MACP-0002 section 6.1).</summary>
    public static Rejection Forbidden(string reason) => new(ErrorCode.Forbidden, reason);

    /// <summary>The bound policy denies this commitment (RFC-MACP-0012).</summary>
    public static Rejection PolicyDenied(params IReadOnlyList<string> reasons) => new(ErrorCode.PolicyDenied, string.Join("; ", reasons)) { Reasons = reasons };
}
