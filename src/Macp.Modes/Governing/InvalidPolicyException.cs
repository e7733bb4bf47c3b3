using Macp.Protocol;

namespace Macp.Modes;

/// <summary>A policy that no runtime would register.</summary>
/// <param name="fault">Where and why.</param>
public sealed class InvalidPolicyException(RuleFault fault) : Exception($"{ErrorCode.InvalidPolicyDefinition}: {fault.Path}: {fault.Reason}")
{
    /// <summary>The registry code: <c>INVALID_POLICY_DEFINITION</c>.</summary>
    public ErrorCode Code => ErrorCode.InvalidPolicyDefinition;

    /// <summary>The policy's id; empty where only one is in question.</summary>
    public string PolicyId { get; init; } = "";

    /// <summary>Where and why.</summary>
    public RuleFault Fault { get; } = fault;
}
