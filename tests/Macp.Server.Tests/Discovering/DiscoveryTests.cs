using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What anybody may ask (runtime-semantics 4.1 and 4.3).</summary>
public sealed class DiscoveryTests
{
    static readonly GrpcCallOptions Nobody = Rpc.As(null);

    [Fact]
    public async Task Initialize_chooses_the_version_and_promises_no_more_than_there_is()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var answer = await runtime.Channel.UnaryAsync(Rpc.Initialize, new() { SupportedProtocolVersions = { "2.0", "1.0" } }, Nobody);
        Assert.Equal("1.0", answer.SelectedProtocolVersion);
        Assert.Equal("macp-runtime", answer.RuntimeInfo.Name);
        Assert.NotEmpty(answer.RuntimeInfo.Version);
        Assert.Equal([Envelopes.Mode], answer.SupportedModes);
        Assert.Equal(
            (true, true, true, true, true, true),
            (answer.Capabilities.Sessions.Stream, answer.Capabilities.Cancellation.CancelSession, answer.Capabilities.Progress.Progress, answer.Capabilities.ModeRegistry.ListModes,
                answer.Capabilities.Manifest.GetManifest, answer.Capabilities.Roots.ListRoots));
        Assert.False(answer.Capabilities.Roots.ListChanged); // there is a watch, and nothing that it could ever tell

        (bool Promised, string Method)[] promises =
        [
            (answer.Capabilities.Sessions.ListSessions, "ListSessions"), (answer.Capabilities.Sessions.WatchSessions, "WatchSessions"),
            (answer.Capabilities.Manifest.GetManifest, "GetManifest"), (answer.Capabilities.ModeRegistry.ListChanged, "WatchModeRegistry"),
            (answer.Capabilities.Roots.ListRoots, "ListRoots"),
            (answer.Capabilities.PolicyRegistry.RegisterPolicy, "RegisterPolicy"), (answer.Capabilities.PolicyRegistry.ListPolicies, "ListPolicies"),
        ];
        // Of nobody: a watch would not end.
        foreach (var (promised, method) in promises) Assert.Equal(promised, await runtime.StatusOfAsync(method, RawCall.Frame([]), sender: null) != "12");
    }

    [Fact]
    public async Task Initialize_refuses_a_client_without_a_version_in_common()
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.StartsWith("INVALID_REQUEST:", await runtime.Channel.UnaryAsync(Rpc.Initialize, new(), Nobody).FailsWith(GrpcStatusCode.InvalidArgument), StringComparison.Ordinal);
        var tooNew = new InitializeRequest { SupportedProtocolVersions = { "1.1", "1.0.0", "" } };
        Assert.StartsWith(
            "UNSUPPORTED_PROTOCOL_VERSION:",
            await runtime.Channel.UnaryAsync(Rpc.Initialize, tooNew, Nobody).FailsWith(GrpcStatusCode.FailedPrecondition), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListModes_describes_Decision()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var mode = Assert.Single((await runtime.Channel.UnaryAsync(Rpc.ListModes, new(), Nobody)).Modes);
        Assert.NotEmpty(mode.Description);
        Assert.Equal(
            new ModeDescriptor
            {
                Mode = Envelopes.Mode, ModeVersion = "1.0.0", Title = "Decision Mode", Description = mode.Description,
                DeterminismClass = "semantic-deterministic", ParticipantModel = "declared",
                MessageTypes = { "SessionStart", "Proposal", "Evaluation", "Objection", "Vote", "Commitment" }, TerminalMessageTypes = { "Commitment" },
                SchemaUris = { ["protobuf"] = "buf.build/multiagentcoordinationprotocol/macp" },
            },
            mode);
        Assert.Empty((await runtime.Channel.UnaryAsync(Rpc.ListExtModes, new(), Nobody)).Modes);
    }
}
