using System.Diagnostics;
using Macp.Client;
using Macp.Grpc;

namespace Macp.Cli.Tests;

/// <summary>SIGINT and SIGTERM end the server cleanly, whatever is under way and however often they come.</summary>
public class SignalTests
{
    // Half of the drain, so that a stop that waits for the drain is seen.
    static readonly TimeSpan Promptly = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(MacpProcess.Interrupt), InlineData(MacpProcess.Terminate)]
    [InlineData(MacpProcess.Interrupt, MacpProcess.Interrupt), InlineData(MacpProcess.Terminate, MacpProcess.Terminate)]
    [InlineData(MacpProcess.Terminate, MacpProcess.Interrupt, MacpProcess.Terminate)]
    public async Task A_signal_ends_the_server_with_status_zero(params int[] signals)
    {
        await using var server = await MacpProcess.ServeAsync();

        foreach (int signal in signals) server.Signal(signal);

        Assert.Equal(new Invocation(0, "", ""), await server.EndAsync());
    }

    [Theory]
    [InlineData(MacpProcess.Interrupt), InlineData(MacpProcess.Terminate)]
    public async Task An_open_stream_does_not_hold_it_back_and_is_told(int signal)
    {
        await using var server = await MacpProcess.ServeAsync();
        await using var client = ServeTests.Connect(server, "agent://a");
        var session = await ServeTests.StartAsync(client);
        await using var stream = await session.OpenStreamAsync();
        Assert.NotNull(await stream.ReadAsync());
        var waiting = stream.ReadAsync();
        long signalled = Stopwatch.GetTimestamp();

        server.Signal(signal);
        var ended = await server.EndAsync();

        Assert.Equal(new Invocation(0, "", ""), ended);
        Assert.InRange(Stopwatch.GetElapsedTime(signalled), TimeSpan.Zero, Promptly);
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<MacpTransportException>(async () => await waiting)).StatusCode);
    }
}
