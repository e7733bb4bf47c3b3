using Macp.Grpc;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>The five methods of the policy registry on the wire (RFC-MACP-0012, runtime-semantics 4.5 and 6.1).</summary>
public sealed class PolicyRpcTests
{
    static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Rpc.Of<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");
    static readonly GrpcMethod<UnregisterPolicyRequest, UnregisterPolicyResponse> UnregisterPolicy = Rpc.Of<UnregisterPolicyRequest, UnregisterPolicyResponse>("UnregisterPolicy");
    static readonly GrpcMethod<GetPolicyRequest, GetPolicyResponse> GetPolicy = Rpc.Of<GetPolicyRequest, GetPolicyResponse>("GetPolicy");
    static readonly GrpcMethod<ListPoliciesRequest, ListPoliciesResponse> ListPolicies = Rpc.Of<ListPoliciesRequest, ListPoliciesResponse>("ListPolicies");
    static readonly GrpcMethod<WatchPoliciesRequest, WatchPoliciesResponse> WatchPolicies = Rpc.Of<WatchPoliciesRequest, WatchPoliciesResponse>("WatchPolicies");

    static readonly string[] BuiltIn = ["policy.default", "policy.std.majority", "policy.std.supermajority", "policy.std.unanimous"];

    [Fact]
    public async Task A_policy_is_registered_found_listed_and_taken_out()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var policy = Policy("policy.a");

        Assert.Equal(new RegisterPolicyResponse { Ok = true }, await RegisterAsync(runtime, policy));
        policy.RegisteredAtUnixMs = runtime.Time.NowMs;
        Assert.Equal(policy, (await runtime.Channel.UnaryAsync(GetPolicy, new() { PolicyId = "policy.a" }, Rpc.As("bob")).Happens()).PolicyDescriptor);
        Assert.Equal(BuiltIn.Prepend("policy.a"), await IdsAsync(runtime));
        Assert.Equal(["policy.default"], await IdsAsync(runtime, "macp.mode.task.v1"));

        Assert.Equal(new UnregisterPolicyResponse { Ok = true }, await UnregisterAsync(runtime, "policy.a"));
        Assert.Equal(BuiltIn, await IdsAsync(runtime));
    }

    public static TheoryData<string, PolicyDescriptor, string[]> Refusals => new()
    {
        { "no id", new(Policy("")), ["policy_id"] },
        { "the default", new(Policy("policy.default")), ["reserved"] },
        { "a reserved id", new(Policy("policy.std.majority")), ["reserved"] },
        { "no version", new(Policy("policy.b")) { SchemaVersion = 0 }, ["schema_version"] },
        { "a version of the future", new(Policy("policy.b")) { SchemaVersion = 4 }, ["schema_version"] },
        { "no object", new(Policy("policy.b")) { Rules = "[]" }, ["JSON object"] },
        { "no json", new(Policy("policy.b")) { Rules = "{" }, ["JSON object"] },
        { "half a character", new(Policy("policy.b")) { Rules = """{"commitment":{"designated_roles":["\ud800"]}}""" }, ["JSON object"] },
        { "a wrong type", new(Policy("policy.b")) { Rules = """{"voting":{"threshold":"half"}}""" }, ["do not match schema", "voting.threshold"] },
        { "no weights", new(Policy("policy.b")) { Rules = """{"voting":{"algorithm":"weighted"}}""" }, ["weights"] },
        { "half is no supermajority", new(Policy("policy.b")) { Rules = """{"voting":{"algorithm":"supermajority"}}""" }, ["threshold > 0.5"] },
        { "no roles", new(Policy("policy.b")) { Rules = """{"commitment":{"authority":"designated_role"}}""" }, ["designated_roles"] },
        { "a mode that is not hosted", new(Policy("policy.b")) { Mode = "macp.mode.task.v1" }, ["mode"] },
        { "an id that is taken", new(Policy("policy.a")), ["already registered"] },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_policy_is_an_answer_with_the_words_that_clients_look_for(string why, PolicyDescriptor policy, string[] phrases)
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.True((await RegisterAsync(runtime, Policy("policy.a"))).Ok);

        var answer = await RegisterAsync(runtime, policy);

        Assert.Equal((why, false), (why, answer.Ok));
        Assert.StartsWith("INVALID_POLICY_DEFINITION: ", answer.Error, StringComparison.Ordinal);
        Assert.All(phrases, phrase => Assert.Contains(phrase, answer.Error, StringComparison.Ordinal));
        Assert.Equal(BuiltIn.Length + 1, (await IdsAsync(runtime)).Count());
    }

    [Theory]
    [InlineData("policy.default", "default")]
    [InlineData("policy.std.unanimous", "policy.std.unanimous")]
    [InlineData("policy.unheard", "not found")]
    public async Task What_cannot_be_taken_out_is_told_the_same_way(string id, string phrase)
    {
        await using var runtime = await TestRuntime.StartAsync();
        var answer = await UnregisterAsync(runtime, id);

        Assert.False(answer.Ok);
        Assert.StartsWith("INVALID_POLICY_DEFINITION: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(phrase, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_credential_nothing_is_told_nor_watched()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var nobody = Rpc.As(null);

        await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = Policy("policy.a") }, nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await runtime.Channel.UnaryAsync(RegisterPolicy, new(), nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await runtime.Channel.UnaryAsync(UnregisterPolicy, new() { PolicyId = "policy.default" }, nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await runtime.Channel.UnaryAsync(GetPolicy, new() { PolicyId = "policy.unheard" }, nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await runtime.Channel.UnaryAsync(ListPolicies, new(), nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await using var watch = runtime.Channel.ServerStreaming(WatchPolicies, new(), nobody).GetAsyncEnumerator();
        await watch.MoveNextAsync().AsTask().FailsWith(GrpcStatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Whoever_has_not_the_right_may_read_and_not_change()
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Readers>());

        Assert.StartsWith("FORBIDDEN:", await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = Policy("policy.a") }, Rpc.As("bob")).FailsWith(GrpcStatusCode.PermissionDenied), StringComparison.Ordinal);
        await runtime.Channel.UnaryAsync(RegisterPolicy, new(), Rpc.As("bob")).FailsWith(GrpcStatusCode.PermissionDenied); // before what is missing
        await runtime.Channel.UnaryAsync(UnregisterPolicy, new() { PolicyId = "policy.default" }, Rpc.As("bob")).FailsWith(GrpcStatusCode.PermissionDenied);
        Assert.Equal(BuiltIn, await IdsAsync(runtime));
    }

    [Fact]
    public async Task A_request_without_a_policy_is_invalid_and_an_unknown_id_is_not_found()
    {
        await using var runtime = await TestRuntime.StartAsync();

        await runtime.Channel.UnaryAsync(RegisterPolicy, new(), Rpc.As("ops")).FailsWith(GrpcStatusCode.InvalidArgument);
        Assert.Equal("Policy 'policy.unheard' not found", await runtime.Channel.UnaryAsync(GetPolicy, new() { PolicyId = "policy.unheard" }, Rpc.As("bob")).FailsWith(GrpcStatusCode.NotFound));
    }

    [Fact]
    public async Task A_registry_that_the_host_fixed_is_so_for_everybody_and_promises_no_registration()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { Policies = [Policy("policy.house")] });
        foreach (string? anybody in (string?[])[null, "ops"])
        {
            await runtime.Channel.UnaryAsync(RegisterPolicy, new(), Rpc.As(anybody)).FailsWith(GrpcStatusCode.FailedPrecondition);
            await runtime.Channel.UnaryAsync(UnregisterPolicy, new() { PolicyId = "policy.house" }, Rpc.As(anybody)).FailsWith(GrpcStatusCode.FailedPrecondition);
        }
        Assert.Contains("policy.house", await IdsAsync(runtime));
        Assert.Equal((false, true, true), await CapabilitiesAsync(runtime));
        await using var open = await TestRuntime.StartAsync();
        Assert.Equal((true, true, true), await CapabilitiesAsync(open));
    }

    [Fact]
    public async Task Who_watches_is_told_all_policies_at_once_and_after_every_change()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = runtime.Channel.ServerStreaming(WatchPolicies, new(), Rpc.As("bob")).GetAsyncEnumerator();
        Assert.Equal(BuiltIn, await NextAsync());
        Assert.Equal(runtime.Time.NowMs, watch.Current.ObservedAtUnixMs);

        Assert.True((await RegisterAsync(runtime, Policy("policy.z"))).Ok);
        Assert.Equal([.. BuiltIn, "policy.z"], await NextAsync());
        Assert.Equal(Policy("policy.z").Rules, watch.Current.Descriptors[^1].Rules);

        Assert.True((await UnregisterAsync(runtime, "policy.z")).Ok);
        Assert.Equal(BuiltIn, await NextAsync());

        async Task<IEnumerable<string>> NextAsync()
        {
            Assert.True(await watch.MoveNextAsync().Happens());
            return watch.Current.Descriptors.Select(policy => policy.PolicyId);
        }
    }

    static PolicyDescriptor Policy(string id) => new(DecisionPolicy.Create("policy.test", "A test's.", new() { Voting = new() { Algorithm = VotingAlgorithm.Unanimous } })) { PolicyId = id };

    static Task<RegisterPolicyResponse> RegisterAsync(TestRuntime runtime, PolicyDescriptor policy) =>
        runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = policy }, Rpc.As("ops")).Happens();

    static Task<UnregisterPolicyResponse> UnregisterAsync(TestRuntime runtime, string id) =>
        runtime.Channel.UnaryAsync(UnregisterPolicy, new() { PolicyId = id }, Rpc.As("ops")).Happens();

    static async Task<IEnumerable<string>> IdsAsync(TestRuntime runtime, string mode = "") =>
        (await runtime.Channel.UnaryAsync(ListPolicies, new() { Mode = mode }, Rpc.As("bob")).Happens()).Descriptors.Select(policy => policy.PolicyId);

    static async Task<(bool, bool, bool)> CapabilitiesAsync(TestRuntime runtime) =>
        (await runtime.Channel.UnaryAsync(Rpc.Initialize, new() { SupportedProtocolVersions = { "1.0" } }, Rpc.As(null))).Capabilities.PolicyRegistry is var promised
            ? (promised.RegisterPolicy, promised.ListPolicies, promised.ListChanged) : default;

    sealed class Readers : IAuthenticator
    {
        public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => new(new Identity("bob"));
    }
}
