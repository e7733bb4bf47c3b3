using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// The registry of policies, for those who may use it (RFC-MACP-0012). What it refuses to register is an answer, not a failure. A change shows when it is
/// durable; one that could not be stored is <see cref="FailureKind.Internal"/>, and was not made.
/// </summary>
public sealed class PolicyDesk
{
    readonly PolicyRegistry _registry;
    readonly RegistryChanges _changes;
    readonly Func<long> _now;

    internal PolicyDesk(PolicyRegistry registry, RegistryChanges changes, Func<long> now) => (_registry, _changes, _now) = (registry, changes, now);

    /// <summary>Registers a policy; needs <see cref="Identity.CanManageModeRegistry"/>. What is wrong with it is told by its path, and nothing is kept.</summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="cancellationToken">Gives up waiting for earlier changes.</param>
    public async ValueTask<Outcome<RegisterPolicyResponse>> RegisterAsync(Identity? identity, PolicyDescriptor? policy, CancellationToken cancellationToken = default)
    {
        if (CheckManager(identity) is { } failure) return failure;
        if (policy is null) return new Failure(FailureKind.InvalidArgument, "INVALID_REQUEST: policy_descriptor is missing");
        var made = await _changes.MakeAsync(new PolicyRegistered(policy.Clone(), _now()), cancellationToken).ConfigureAwait(false);
        return made.Select(refusal => new RegisterPolicyResponse { Ok = refusal.Length == 0, Error = refusal });
    }

    /// <summary>Takes a policy out; needs <see cref="Identity.CanManageModeRegistry"/>. Sessions bound to it keep it.</summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="policyId">The policy's id.</param>
    /// <param name="cancellationToken">Gives up waiting for earlier changes.</param>
    public async ValueTask<Outcome<UnregisterPolicyResponse>> UnregisterAsync(Identity? identity, string policyId, CancellationToken cancellationToken = default)
    {
        if (CheckManager(identity) is { } failure) return failure;
        var made = await _changes.MakeAsync(new PolicyUnregistered(policyId), cancellationToken).ConfigureAwait(false);
        return made.Select(refusal => new UnregisterPolicyResponse { Ok = refusal.Length == 0, Error = refusal });
    }

    /// <summary>The policy of this id.</summary>
    public Outcome<GetPolicyResponse> Get(Identity? identity, string policyId)
    {
        if (identity is null) return Failure.Unauthenticated;
        return _registry.Find(policyId) is { } policy
            ? new GetPolicyResponse { PolicyDescriptor = policy }
            : new Failure(FailureKind.NotFound, $"Policy '{policyId}' not found");
    }

    /// <summary>All policies by id; with a mode, those that govern it.</summary>
    public Outcome<ListPoliciesResponse> List(Identity? identity, string mode) =>
        identity is null ? Failure.Unauthenticated : new ListPoliciesResponse { Descriptors = { _registry.List(mode) } };

    /// <summary>All policies at once, and again after every change; several changes at once may be told as one. Ends by cancellation only.</summary>
    public Outcome<IAsyncEnumerable<WatchPoliciesResponse>> Watch(Identity? identity) => identity is null
        ? Failure.Unauthenticated
        : Outcome.Of(_registry.Changed.TellAsync(() => new WatchPoliciesResponse { Descriptors = { _registry.List("") }, ObservedAtUnixMs = _now() }));

    // Whether there is anything to manage is told to everybody, as older runtimes do.
    Failure? CheckManager(Identity? identity) => _registry.IsReadOnly
        ? new(FailureKind.FailedPrecondition, "FAILED_PRECONDITION: this runtime's policies are fixed by its configuration")
        : Failure.UnlessManager(identity, "policies");
}
