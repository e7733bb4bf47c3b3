using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What the runtime says of itself as an agent (runtime-semantics 4.2).</summary>
public sealed class ManifestTests
{
    static readonly GrpcMethod<GetManifestRequest, GetManifestResponse> GetManifest = Rpc.Of<GetManifestRequest, GetManifestResponse>("GetManifest");

    [Theory]
    [InlineData("", null)]
    [InlineData("macp-runtime", null)]
    [InlineData("macp-runtime", "alice")]
    public async Task Anybody_is_told_the_manifest_of_the_runtime(string agentId, string? caller)
    {
        await using var runtime = await TestRuntime.StartAsync();
        var manifest = (await runtime.Channel.UnaryAsync(GetManifest, new() { AgentId = agentId }, Rpc.As(caller)).Happens()).Manifest;
        Assert.NotEmpty(manifest.Description);
        Assert.Equal(
            new AgentManifest
            {
                AgentId = "macp-runtime", Title = "MACP Runtime for .NET", Description = manifest.Description, SupportedModes = { Envelopes.Mode },
                InputContentTypes = { "application/macp-envelope+proto" }, OutputContentTypes = { "application/macp-envelope+proto" },
            },
            manifest);
    }

    [Fact]
    public async Task A_wrong_credential_is_not_looked_at()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var options = Rpc.As(null, ("authorization", "Basic alice"));
        Assert.Equal("macp-runtime", (await runtime.Channel.UnaryAsync(GetManifest, new(), options).Happens()).Manifest.AgentId);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("MACP-runtime")]
    [InlineData(" ")]
    public async Task Any_other_agent_is_not_found_by_its_name(string agentId)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string text = await runtime.Channel.UnaryAsync(GetManifest, new() { AgentId = agentId }, Rpc.As("alice")).FailsWith(GrpcStatusCode.NotFound);
        Assert.Contains($"'{agentId}'", text, StringComparison.Ordinal);
    }
}
