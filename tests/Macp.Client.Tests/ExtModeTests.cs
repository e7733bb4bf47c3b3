using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

public class ExtModeTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");
    static readonly ModeDescriptor Mode = new() { Mode = "ext.chess.v1", ModeVersion = "1.0.0", MessageTypes = { "Commitment" }, TerminalMessageTypes = { "Commitment" } };
    static readonly MacpCallOptions Lenient = new() { ThrowOnNack = false };

    [Fact]
    public async Task Modes_are_registered_listed_promoted_and_taken_out()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnListExtModes = (_, _) => new(new ListExtModesResponse { Modes = { Mode } });

        Assert.True((await client.RegisterExtModeAsync(Mode)).Ok);
        Assert.Equal([Mode], await client.ListExtModesAsync());
        Assert.True((await client.PromoteModeAsync("ext.chess.v1")).Ok);
        Assert.True((await client.PromoteModeAsync("ext.chess.v1", "com.example.mode.chess.v1")).Ok);
        Assert.True((await client.UnregisterExtModeAsync("ext.chess.v1")).Ok);

        Assert.Equal(
            [
                new RegisterExtModeRequest { ModeDescriptor = Mode }, new ListExtModesRequest(), new PromoteModeRequest { Mode = "ext.chess.v1" },
                new PromoteModeRequest { Mode = "ext.chess.v1", PromotedModeName = "com.example.mode.chess.v1" }, new UnregisterExtModeRequest { Mode = "ext.chess.v1" },
            ],
            runtime.Requests);
        Assert.All(runtime.Credentials, credential => Assert.Equal("Bearer alice", credential));
    }

    [Fact]
    public async Task A_refusal_cannot_be_overlooked()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnRegisterExtMode = (_, _) => new(new RegisterExtModeResponse { Error = "already registered" });
        runtime.OnUnregisterExtMode = (_, _) => new(new UnregisterExtModeResponse { Error = "not found" });
        runtime.OnPromoteMode = (_, _) => new(new PromoteModeResponse { Error = "reserved" });

        Func<MacpCallOptions?, Task<MacpAck>>[] calls = [call => client.RegisterExtModeAsync(Mode, call), call => client.UnregisterExtModeAsync("m", call), call => client.PromoteModeAsync("m", "n", call)];
        var reasons = new List<string>();
        foreach (var ask in calls)
        {
            var refused = await Assert.ThrowsAsync<MacpNackException>(() => ask(null));
            var answer = await ask(Lenient);
            Assert.Equal((false, refused.Error.ToString(), ErrorCode.InvalidEnvelope), (answer.Ok, answer.Error!.ToString(), refused.Code));
            reasons.Add(refused.Error.Message);
        }

        Assert.Equal(["already registered", "not found", "reserved"], reasons);
    }

    [Fact]
    public async Task A_status_is_a_transport_failure_and_a_change_of_the_registry_needs_a_credential()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        await using var nobody = runtime.Connect();
        runtime.OnUnregisterExtMode = (_, _) => throw new GrpcException(GrpcStatusCode.PermissionDenied, "not yours");

        Assert.Equal(GrpcStatusCode.PermissionDenied, (await Assert.ThrowsAsync<MacpTransportException>(() => client.UnregisterExtModeAsync("m"))).StatusCode);
        await Assert.ThrowsAsync<MacpConfigurationException>(() => nobody.RegisterExtModeAsync(Mode));
        await Assert.ThrowsAsync<MacpConfigurationException>(() => nobody.UnregisterExtModeAsync("m"));
        await Assert.ThrowsAsync<MacpConfigurationException>(() => nobody.PromoteModeAsync("m"));
    }

    [Fact]
    public async Task A_mode_that_could_never_be_committed_is_refused_before_the_wire()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var endless = new ModeDescriptor { Mode = "ext.chess.v1", ModeVersion = "1.0.0", MessageTypes = { "Move" }, TerminalMessageTypes = { "Move" } };

        Assert.Equal(ErrorCode.InvalidEnvelope, (await Assert.ThrowsAsync<MacpSessionException>(() => client.RegisterExtModeAsync(endless))).Code);
        Assert.Empty(runtime.Requests);
        await client.RegisterExtModeAsync(endless, new() { ValidateLocally = false });
        Assert.Single(runtime.Requests);
    }

    [Fact]
    public async Task Lists_of_modes_and_roots_need_no_credential()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var nobody = runtime.Connect();
        runtime.OnListExtModes = (_, _) => new(new ListExtModesResponse { Modes = { Mode } });
        runtime.OnListRoots = (_, _) => new(new ListRootsResponse { Roots = { new Root { Uri = "file:///work", Name = "work" } } });

        Assert.Equal([Mode], await nobody.ListExtModesAsync());
        Assert.Equal("file:///work", Assert.Single(await nobody.ListRootsAsync()).Uri);
        Assert.Equal([null, null], runtime.Credentials);
    }
}
