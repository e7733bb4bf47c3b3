using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The registry of policies, for those who may use it (RFC-MACP-0012). What it refuses to register is an answer, not a failure.</summary>
public sealed class PolicyDesk
{
    readonly PolicyRegistry _registry;
    readonly Func<long> _now;

    internal PolicyDesk(PolicyRegistry registry, Func<long> now) => (_registry, _now) = (registry, now);

    /// <summary>Registers a policy; needs <see cref="Identity.CanManageModeRegistry"/>. What is wrong with it is told by its path, and nothing is kept.</summary>
    public Outcome<RegisterPolicyResponse> Register(Identity? identity, PolicyDescriptor? policy)
    {
        if (CheckManager(identity) is { } failure) return failure;
        if (policy is null) return new Failure(FailureKind.InvalidArgument, "INVALID_REQUEST: policy_descriptor is missing");
        var fault = _registry.Register(policy, _now());
        return new RegisterPolicyResponse { Ok = fault is null, Error = Tell(fault) };
    }

    /// <summary>Takes a policy out; needs <see cref="Identity.CanManageModeRegistry"/>. Sessions bound to it keep it.</summary>
    public Outcome<UnregisterPolicyResponse> Unregister(Identity? identity, string policyId)
    {
        if (CheckManager(identity) is { } failure) return failure;
        var fault = _registry.Unregister(policyId);
        return new UnregisterPolicyResponse { Ok = fault is null, Error = Tell(fault) };
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

    static string Tell(RuleFault? fault) => fault is null ? "" : $"{ErrorCode.InvalidPolicyDefinition}: {fault.Path}: {fault.Reason}";
}
