using Macp.Grpc;
using Macp.Server.Tests;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>A policy under which everybody has to approve, and the calls that register one, tell it and take it out.</summary>
static class Unanimity
{
    static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> Register = Rpc.Of<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");
    static readonly GrpcMethod<UnregisterPolicyRequest, UnregisterPolicyResponse> Unregister = Rpc.Of<UnregisterPolicyRequest, UnregisterPolicyResponse>("UnregisterPolicy");
    static readonly GrpcMethod<GetPolicyRequest, GetPolicyResponse> Get = Rpc.Of<GetPolicyRequest, GetPolicyResponse>("GetPolicy");

    public const string Id = "policy.unanimous";

    public static PolicyDescriptor Policy => new()
    {
        PolicyId = Id, Mode = Envelopes.Mode, SchemaVersion = 3, Description = "unanimous", Rules = """{"voting":{"algorithm":"unanimous"}}""",
    };

    public static Task<RegisterPolicyResponse> TryPolicyAsync(this TestRuntime runtime, PolicyDescriptor policy) =>
        runtime.Channel.UnaryAsync(Register, new() { PolicyDescriptor = policy }, Rpc.As("ops")).Happens();

    public static async Task RegisterAsync(this TestRuntime runtime, PolicyDescriptor policy)
    {
        var answer = await runtime.TryPolicyAsync(policy);
        Assert.True(answer.Ok, answer.Error);
    }

    public static async Task UnregisterPolicyAsync(this TestRuntime runtime, string id)
    {
        var answer = await runtime.Channel.UnaryAsync(Unregister, new() { PolicyId = id }, Rpc.As("ops")).Happens();
        Assert.True(answer.Ok, answer.Error);
    }

    public static async Task<PolicyDescriptor> PolicyAsync(this TestRuntime runtime, string id) =>
        (await runtime.Channel.UnaryAsync(Get, new() { PolicyId = id }, Rpc.As("alice")).Happens()).PolicyDescriptor;
}
