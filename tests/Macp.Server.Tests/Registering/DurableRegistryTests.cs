using Google.Protobuf;
using Macp.Grpc;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>What clients registered outlives the process, and what could not be stored was never registered.</summary>
public sealed class DurableRegistryTests : IDisposable
{
    const string Policy = "policy.unanimous";

    static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Rpc.Of<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");
    static readonly GrpcMethod<UnregisterPolicyRequest, UnregisterPolicyResponse> UnregisterPolicy = Rpc.Of<UnregisterPolicyRequest, UnregisterPolicyResponse>("UnregisterPolicy");
    static readonly GrpcMethod<ListPoliciesRequest, ListPoliciesResponse> ListPolicies = Rpc.Of<ListPoliciesRequest, ListPoliciesResponse>("ListPolicies");

    readonly string _folder = Directory.CreateTempSubdirectory("macp-registries-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_registered_is_there_after_a_restart_and_sessions_go_on_with_it()
    {
        string decision = Envelopes.NewSession(), standup = Envelopes.NewSession(), before;
        await using (var runtime = await TestRuntime.StartAsync(data: _folder))
        {
            await RegisterPolicyAsync(runtime);
            await runtime.RegisterAsync(Standup.Descriptor());
            await runtime.AcceptsAsync("ini", Envelopes.Start(decision, start => start.PolicyVersion = Policy));
            await runtime.AcceptsAsync("alice", Envelopes.Proposal(decision));
            await runtime.AcceptsAsync("ini", Standup.Start(standup));
            before = await TracesAsync(runtime);
        }

        await using var again = await TestRuntime.StartAsync(data: _folder);
        Assert.Equal(before, await TracesAsync(again));
        await again.AcceptsAsync("alice", Envelopes.Of(standup, "Status", mode: Standup.Mode));
        Assert.Equal("POLICY_DENIED", (await again.SendAsync("ini", Commitment(decision))).Error.Code);
        foreach (string voter in (string[])["alice", "bob", "carol"]) await again.AcceptsAsync(voter, Envelopes.Vote(decision));
        Assert.Equal(SessionState.Resolved, (await again.AcceptsAsync("ini", Commitment(decision))).SessionState);

        // And what begins now is bound to them as what began then.
        string later = Envelopes.NewSession();
        await again.AcceptsAsync("ini", Envelopes.Start(later, start => start.PolicyVersion = Policy));
        await again.AcceptsAsync("alice", Envelopes.Proposal(later));
        Assert.Equal("POLICY_DENIED", (await again.SendAsync("ini", Commitment(later))).Error.Code);
        await again.AcceptsAsync("ini", Standup.Start(Envelopes.NewSession()));
        Assert.Contains("already registered", (await again.RegisterAsync(Standup.Descriptor())).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RegisterPolicy")]
    [InlineData("UnregisterPolicy")]
    [InlineData("RegisterExtMode")]
    [InlineData("UnregisterExtMode")]
    [InlineData("PromoteMode")]
    public async Task A_change_that_is_not_stored_is_internal_and_was_not_made(string method)
    {
        var history = new LossyHistory();
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IHistory>(history));
        if (method is "UnregisterPolicy") await RegisterPolicyAsync(runtime);
        if (method is "UnregisterExtMode" or "PromoteMode") await runtime.RegisterAsync(Standup.Descriptor());
        string before = await TracesAsync(runtime);

        history.Loses = true;
        Assert.StartsWith("INTERNAL_ERROR: ", await CallAsync(runtime, method).FailsWith(GrpcStatusCode.Internal), StringComparison.Ordinal);
        Assert.Equal(before, await TracesAsync(runtime));

        history.Loses = false;
        Assert.Contains("\"ok\": true", (await CallAsync(runtime, method)).ToString(), StringComparison.Ordinal);
        Assert.NotEqual(before, await TracesAsync(runtime));
    }

    static Task<IMessage> CallAsync(TestRuntime runtime, string method)
    {
        var ops = Rpc.As("ops");
        return method switch
        {
            "RegisterPolicy" => Of(runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = Unanimous() }, ops)),
            "UnregisterPolicy" => Of(runtime.Channel.UnaryAsync(UnregisterPolicy, new() { PolicyId = Policy }, ops)),
            "RegisterExtMode" => Of(runtime.Channel.UnaryAsync(Rpc.RegisterExtMode, new() { ModeDescriptor = Standup.Descriptor() }, ops)),
            "UnregisterExtMode" => Of(runtime.Channel.UnaryAsync(Rpc.UnregisterExtMode, new() { Mode = Standup.Mode }, ops)),
            _ => Of(runtime.Channel.UnaryAsync(Rpc.PromoteMode, new() { Mode = Standup.Mode, PromotedModeName = "com.example.standup.v1" }, ops)),
        };

        static async Task<IMessage> Of<T>(Task<T> call)
            where T : IMessage => await call.Happens();
    }

    static async Task RegisterPolicyAsync(TestRuntime runtime) =>
        Assert.True((await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = Unanimous() }, Rpc.As("ops")).Happens()).Ok);

    /// <summary>All that is listed.</summary>
    static async Task<string> TracesAsync(TestRuntime runtime) => string.Join(
        '\n',
        await runtime.Channel.UnaryAsync(ListPolicies, new(), Rpc.As("bob")).Happens(),
        await runtime.Channel.UnaryAsync(Rpc.ListModes, new(), Rpc.As(null)).Happens(),
        await runtime.Channel.UnaryAsync(Rpc.ListExtModes, new(), Rpc.As(null)).Happens());

    static PolicyDescriptor Unanimous() => DecisionPolicy.Create(
        Policy, "Everybody approves.", new() { Voting = new() { Algorithm = VotingAlgorithm.Unanimous } }, new() { RequireVoteQuorum = true });

    static Envelope Commitment(string session) => Envelopes.Commitment(session, commitment => commitment.PolicyVersion = Policy);
}
