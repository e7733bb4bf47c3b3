using Macp.Client;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Fixtures;

/// <summary>Sees to it that a fixture's policy is there before the start.</summary>
static class FixturePolicies
{
    /// <summary>Registers the policy that the fixture brings.</summary>
    /// <returns>The policy that the session will be bound to; null for the default one.</returns>
    /// <exception cref="MacpException">The runtime refused the policy, or does not have the one that the fixture names.</exception>
    public static async Task<PolicyDescriptor?> ProvideAsync(MacpClient client, Fixture fixture, CancellationToken cancellationToken)
    {
        if (fixture.Policy is { } own) await RegisterAsync(client, own, cancellationToken).ConfigureAwait(false);
        if (fixture.PolicyVersion is "" or MacpProtocol.DefaultPolicyVersion) return null;
        if (fixture.PolicyVersion == fixture.Policy?.PolicyId) return fixture.Policy;
        return await client.GetPolicyAsync(fixture.PolicyVersion, null, cancellationToken).ConfigureAwait(false);
    }

    // A runtime that has seen the fixture before has its policy, for ever; with the same rules it does as well as a new one.
    static async Task RegisterAsync(MacpClient client, PolicyDescriptor policy, CancellationToken cancellationToken)
    {
        var answer = await client.RegisterPolicyAsync(policy, new() { ThrowOnNack = false }, cancellationToken).ConfigureAwait(false);
        if (answer.Error is not { } refused || await IsRegisteredAsync(client, policy, cancellationToken).ConfigureAwait(false)) return;
        throw new MacpNackException(refused with { Message = $"the runtime refused the policy: {refused.Message}" });
    }

    static async Task<bool> IsRegisteredAsync(MacpClient client, PolicyDescriptor policy, CancellationToken cancellationToken)
    {
        try
        {
            return RulesTheSame(policy, await client.GetPolicyAsync(policy.PolicyId, null, cancellationToken).ConfigureAwait(false));
        }
        catch (MacpTransportException e) when (e.StatusCode is Grpc.GrpcStatusCode.NotFound)
        {
            return false;
        }
    }

    static bool RulesTheSame(PolicyDescriptor left, PolicyDescriptor right) => Meaning(left) == Meaning(right);

    static (string, string, uint) Meaning(PolicyDescriptor policy)
    {
        try
        {
            return (policy.Mode, PolicyDefinition.Recall(policy).ToDescriptor().Rules, policy.SchemaVersion);
        }
        catch (InvalidDataException e)
        {
            throw new MacpProtocolException($"The runtime's policy '{policy.PolicyId}' cannot be read.", e);
        }
    }
}
