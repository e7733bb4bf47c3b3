using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

public class PolicyTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");
    static readonly PolicyDescriptor Policy = new() { PolicyId = "pol", Mode = "*", SchemaVersion = 3, Description = "d", Rules = "{}" };

    [Fact]
    public async Task Policies_are_registered_told_listed_and_taken_out()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = (_, _) => new(new GetPolicyResponse { PolicyDescriptor = Policy });
        runtime.OnListPolicies = (_, _) => new(new ListPoliciesResponse { Descriptors = { Policy } });

        Assert.True((await client.RegisterPolicyAsync(Policy)).Ok);
        Assert.Equal(Policy, await client.GetPolicyAsync("pol"));
        Assert.Equal([Policy], await client.ListPoliciesAsync());
        Assert.Equal([Policy], await client.ListPoliciesAsync("mode"));
        Assert.True((await client.UnregisterPolicyAsync("pol")).Ok);

        Assert.Equal(
            [
                new RegisterPolicyRequest { PolicyDescriptor = Policy }, new GetPolicyRequest { PolicyId = "pol" }, new ListPoliciesRequest(),
                new ListPoliciesRequest { Mode = "mode" }, new UnregisterPolicyRequest { PolicyId = "pol" },
            ],
            runtime.Requests);
        Assert.All(runtime.Credentials, credential => Assert.Equal("Bearer alice", credential));
    }

    [Theory]
    [InlineData("INVALID_POLICY_DEFINITION: voting: no", "voting: no")]
    [InlineData("policy_id is reserved", "policy_id is reserved")]
    [InlineData("", "")]
    public async Task A_refusal_cannot_be_overlooked(string error, string reason)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnRegisterPolicy = (_, _) => new(new RegisterPolicyResponse { Error = error });
        runtime.OnUnregisterPolicy = (_, _) => new(new UnregisterPolicyResponse { Error = error });

        var refusals = new[]
        {
            await Assert.ThrowsAsync<MacpNackException>(() => client.RegisterPolicyAsync(Policy)),
            await Assert.ThrowsAsync<MacpNackException>(() => client.UnregisterPolicyAsync("pol")),
        };
        Assert.All(refusals, refused => Assert.Equal((ErrorCode.InvalidPolicyDefinition, reason, false), (refused.Code, refused.Error.Message, refused.IsTransient)));

        var call = new MacpCallOptions { ThrowOnNack = false };
        var answers = new[] { await client.RegisterPolicyAsync(Policy, call), await client.UnregisterPolicyAsync("pol", call) };
        Assert.All(answers, answer => Assert.Equal((false, new MacpError(ErrorCode.InvalidPolicyDefinition, reason)), (answer.Ok, answer.Error! with { Reasons = answer.Error.Reasons })));
    }

    [Fact]
    public async Task A_status_is_a_transport_failure_as_with_other_calls()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnRegisterPolicy = (_, _) => throw new GrpcException(GrpcStatusCode.FailedPrecondition, "fixed");

        Assert.Equal(GrpcStatusCode.FailedPrecondition, (await Assert.ThrowsAsync<MacpTransportException>(() => client.RegisterPolicyAsync(Policy))).StatusCode);
        Assert.Equal(GrpcStatusCode.NotFound, (await Assert.ThrowsAsync<MacpTransportException>(() => client.GetPolicyAsync("pol"))).StatusCode);
        runtime.OnGetPolicy = (_, _) => new(new GetPolicyResponse());
        await Assert.ThrowsAsync<MacpProtocolException>(() => client.GetPolicyAsync("pol"));
    }

    [Fact]
    public async Task A_watch_tells_what_is_there_from_what_changed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnWatchPolicies = async (responses, call) =>
        {
            await responses.WriteAsync(new() { ObservedAtUnixMs = 1 }, call.CancellationToken);
            await responses.WriteAsync(new() { Descriptors = { Policy }, ObservedAtUnixMs = 2 }, call.CancellationToken);
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };
        using var stop = new CancellationTokenSource();
        var seen = new List<PolicyChange>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var change in client.WatchPoliciesAsync(cancellationToken: stop.Token))
            {
                seen.Add(change);
                if (seen.Count == 2) await stop.CancelAsync();
            }
        });

        Assert.Equal([(true, 0, 1L), (false, 1, 2L)], seen.Select(c => (c.IsSnapshot, c.Policies.Count, c.ObservedAt!.Value.ToUnixTimeMilliseconds())));
        Assert.Equal("Bearer alice", Assert.Single(runtime.Credentials));
    }

    [Fact]
    public async Task A_watch_that_breaks_says_how_and_one_of_a_closed_client_says_that()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var client = runtime.Connect(Alice);
        runtime.OnWatchPolicies = (_, _) => throw new GrpcException(GrpcStatusCode.Unavailable, "going down");
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<MacpTransportException>(() => FirstAsync(client))).StatusCode);

        runtime.OnWatchPolicies = (_, call) => Task.Delay(Timeout.Infinite, call.CancellationToken);
        var waiting = FirstAsync(client);
        await Soon.Comes(() => runtime.Credentials.Count == 2, "the second watch");
        await client.DisposeAsync();

        Assert.Contains("client is closed", (await Assert.ThrowsAsync<MacpException>(() => waiting)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MacpException>(() => FirstAsync(client));
        await Assert.ThrowsAsync<MacpConfigurationException>(() => FirstAsync(runtime.Connect()));
    }

    static async Task<PolicyChange?> FirstAsync(MacpClient client)
    {
        await foreach (var change in client.WatchPoliciesAsync()) return change;
        return null;
    }
}
