using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>Governance policies (RFC-MACP-0012).</summary>
public sealed partial class MacpClient
{
    readonly ConcurrentDictionary<string, PolicyDescriptor> _policies = new(StringComparer.Ordinal);

    /// <summary>
    /// Registers a policy, so that sessions can be bound to it. An id means the same for ever, so that the same policy cannot be registered a second time
    /// either. Never retried.
    /// </summary>
    /// <param name="policy">The policy; the generated <c>Create</c> of a mode's policy builder makes one.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the request may have arrived.</param>
    /// <exception cref="MacpNackException">The runtime refused the policy with <c>INVALID_POLICY_DEFINITION</c>, and <see cref="MacpCallOptions.ThrowOnNack"/> is set.</exception>
    /// <exception cref="MacpTransportException">
    /// The call failed: FAILED_PRECONDITION when the runtime's policies are fixed, PERMISSION_DENIED when they are not the caller's to manage.
    /// </exception>
    public async Task<MacpAck> RegisterPolicyAsync(PolicyDescriptor policy, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var request = new RegisterPolicyRequest { PolicyDescriptor = policy };
        var response = await _connection.CallAsync(RuntimeMethods.RegisterPolicy, request, RequireAuth(call, "RegisterPolicy"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AnswerOf(response.Ok, response.Error, ErrorCode.InvalidPolicyDefinition), call);
    }

    /// <summary>Takes a policy out of the registry; sessions bound to it keep it. Never retried.</summary>
    /// <param name="policyId">The policy's id.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the request may have arrived.</param>
    /// <exception cref="MacpNackException">There is no such policy, or it stays; and <see cref="MacpCallOptions.ThrowOnNack"/> is set.</exception>
    /// <inheritdoc cref="RegisterPolicyAsync" path="/exception[2]"/>
    public async Task<MacpAck> UnregisterPolicyAsync(string policyId, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var request = new UnregisterPolicyRequest { PolicyId = policyId };
        var response = await _connection.CallAsync(RuntimeMethods.UnregisterPolicy, request, RequireAuth(call, "UnregisterPolicy"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AnswerOf(response.Ok, response.Error, ErrorCode.InvalidPolicyDefinition), call);
    }

    /// <summary>The policy of this id.</summary>
    /// <exception cref="MacpTransportException">The call failed: NOT_FOUND when no such policy is registered.</exception>
    public async Task<PolicyDescriptor> GetPolicyAsync(string policyId, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var response = await ReadAsync(RuntimeMethods.GetPolicy, new() { PolicyId = policyId }, RequireAuth(call, "GetPolicy"), call, cancellationToken).ConfigureAwait(false);
        return response.PolicyDescriptor ?? throw new MacpProtocolException("GetPolicy was answered without a policy.");
    }

    /// <summary>The registered policies, by id.</summary>
    /// <param name="mode">The mode's identifier, for the policies that govern it; empty for all.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<IReadOnlyList<PolicyDescriptor>> ListPoliciesAsync(string mode = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var response = await ReadAsync(RuntimeMethods.ListPolicies, new() { Mode = mode }, RequireAuth(call, "ListPolicies"), call, cancellationToken).ConfigureAwait(false);
        return [.. response.Descriptors];
    }

    /// <summary>
    /// Watches the registered policies: all of them at once, and all again after every change; several changes at once may be told as one. A stream that
    /// breaks ends the enumeration; watch again then, and the first item tells what was missed; a <see cref="PolicyWatcher"/> does.
    /// </summary>
    /// <param name="call">The credential and the headers count; a timeout does not.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpTransportException">On enumeration: the stream failed, with UNAUTHENTICATED for one.</exception>
    public async IAsyncEnumerable<PolicyChange> WatchPoliciesAsync(
        MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool isSnapshot = true;
        var responses = _connection.WatchAsync(RuntimeMethods.WatchPolicies, new(), RequireAuth(call, "WatchPolicies"), call, cancellationToken);
        await foreach (var response in responses.ConfigureAwait(false))
        {
            yield return PolicyChange.Of(response, isSnapshot);
            isSnapshot = false;
        }
    }

    /// <summary>The policy of this id; asked once, since what an id means never changes.</summary>
    internal async Task<PolicyDescriptor> RecallPolicyAsync(string policyId, MacpCallOptions call, CancellationToken cancellationToken) =>
        _policies.TryGetValue(policyId, out var known)
            ? known
            : _policies.GetOrAdd(policyId, await GetPolicyAsync(policyId, call, cancellationToken).ConfigureAwait(false));
}
