using Macp.Grpc;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>What HTTP/2 itself limits of a connection.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Calls_beyond_the_streams_of_a_connection_wait_at_the_client()
    {
        var calls = new OpenCalls();
        await using var runtime = await TestRuntime.StartAsync(
            configure: services => services.AddSingleton<IStartupFilter>(calls), server: options => options with { MaxConcurrentStreams = 2 });
        using var channel = new GrpcChannel(new() { Address = runtime.Host.Address, EnableMultipleHttp2Connections = false });
        await using var first = await BeginAsync(channel);
        await using var second = await BeginAsync(channel);
        var third = channel.UnaryAsync(Rpc.ListModes, new());
        await runtime.Channel.UnaryAsync(Rpc.ListModes, new()).Happens(); // another connection has its own
        Assert.False(third.IsCompleted);
        Assert.Equal(2, calls.Count);

        await first.DisposeAsync();
        Assert.Single((await third.Happens()).Modes);
    }

    [Fact]
    public async Task A_call_with_too_much_metadata_fails_and_its_connection_lives_on()
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var channel = new GrpcChannel(new() { Address = runtime.Host.Address });
        await using var watch = await BeginAsync(channel);
        string[] large = [.. Enumerable.Range(0, 5).Select(_ => new string('x', 8 * 1024))];
        await channel.UnaryAsync(Rpc.ListModes, new(), Rpc.As("alice", [.. large.Select((text, i) => ($"large-{i}", text))])).FailsWith(GrpcStatusCode.Unavailable);
        await runtime.AcceptsAsync("alice", Envelopes.Progress());
        Assert.Equal("Progress", (await watch.NextAsync()).Envelope.MessageType);
    }

    static Task<Watch<Wire.V1.WatchSignalsResponse>> BeginAsync(GrpcChannel channel) =>
        Watch<Wire.V1.WatchSignalsResponse>.BeginAsync(channel, Rpc.WatchSignals, Rpc.As("bob"));
}
