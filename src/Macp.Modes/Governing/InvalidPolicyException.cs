using Macp.Protocol;

namespace Macp.Modes;

/// <summary>A policy that no runtime would register.</summary>
/// <param name="fault">Where and why.</param>
public sealed class InvalidPolicyException(RuleFault fault) : Exception($"{ErrorCode.InvalidPolicyDefinition}: {fault.Path}: {fault.Reason}")
{
    /// <summary>The registry code: <c>INVALID_POLICY_DEFINITION</c>.</summary>
    public ErrorCode Code => ErrorCode.InvalidPolicyDefinition;

    /// <summary>Where and why.</summary>
    public RuleFault Fault { get; } = fault;
}
