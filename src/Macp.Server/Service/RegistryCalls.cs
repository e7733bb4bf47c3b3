using Macp.Grpc;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Server.Telemetry;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>The calls to the registries of modes and policies. Whoever changes one is written to the log.</summary>
sealed class RegistryCalls(MacpRuntime runtime, IAuthenticator authenticator, SecurityLog log)
{
    public async ValueTask<RegisterPolicyResponse> RegisterPolicyAsync(RegisterPolicyRequest request, GrpcServerCall call)
    {
        string name = request.PolicyDescriptor?.PolicyId ?? "";
        var response = await ChangeAsync(call, name, identity => runtime.Policies.RegisterAsync(identity, request.PolicyDescriptor, call.CancellationToken), "registered policy", r => r.Ok).ConfigureAwait(false);
        if (response.Ok && PolicyAdvice.NeedsNoVotes(request.PolicyDescriptor!)) log.NeedsNoVotes(name);
        return response;
    }

    public ValueTask<UnregisterPolicyResponse> UnregisterPolicyAsync(UnregisterPolicyRequest request, GrpcServerCall call) =>
        ChangeAsync(call, request.PolicyId, identity => runtime.Policies.UnregisterAsync(identity, request.PolicyId, call.CancellationToken), "unregistered policy", r => r.Ok);

    public async ValueTask<GetPolicyResponse> GetPolicyAsync(GetPolicyRequest request, GrpcServerCall call) =>
        Statuses.ValueOf(runtime.Policies.Get(await authenticator.AuthenticateAsync(call).ConfigureAwait(false), request.PolicyId));

    public async ValueTask<ListPoliciesResponse> ListPoliciesAsync(ListPoliciesRequest request, GrpcServerCall call) =>
        Statuses.ValueOf(runtime.Policies.List(await authenticator.AuthenticateAsync(call).ConfigureAwait(false), request.Mode));

    public ValueTask<RegisterExtModeResponse> RegisterModeAsync(RegisterExtModeRequest request, GrpcServerCall call) =>
        ChangeAsync(call, request.ModeDescriptor?.Mode ?? "", identity => runtime.Modes.RegisterAsync(identity, request.ModeDescriptor, call.CancellationToken), "registered mode", r => r.Ok);

    public ValueTask<UnregisterExtModeResponse> UnregisterModeAsync(UnregisterExtModeRequest request, GrpcServerCall call) =>
        ChangeAsync(call, request.Mode, identity => runtime.Modes.UnregisterAsync(identity, request.Mode, call.CancellationToken), "unregistered mode", r => r.Ok);

    public ValueTask<PromoteModeResponse> PromoteModeAsync(PromoteModeRequest request, GrpcServerCall call) =>
        ChangeAsync(call, request.Mode, identity => runtime.Modes.PromoteAsync(identity, request.Mode, request.PromotedModeName, call.CancellationToken), "promoted mode", r => r.Ok);

    async ValueTask<TResponse> ChangeAsync<TResponse>(
        GrpcServerCall call, string name, Func<Identity?, ValueTask<Outcome<TResponse>>> change, string done, Func<TResponse, bool> isDone)
        where TResponse : class
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        var response = Statuses.ValueOf(log.Heard(call, identity, name, await change(identity).ConfigureAwait(false)));
        if (isDone(response)) log.Changed(identity, done, name);
        return response;
    }
}
