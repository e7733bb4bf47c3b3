using Macp.Grpc;

namespace Macp.Server.Tests;

/// <summary>How streams end (decisions 20).</summary>
public sealed class EndTests
{
    [Theory]
    [InlineData("resolved")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    [InlineData("suspended for too long")]
    public async Task A_stream_ends_with_OK_after_the_sessions_last_item(string how)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(s => s.MaxSuspendMs = 1000);
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "m"));
        await using var waiting = runtime.Stream("bob");
        await waiting.SubscribeAsync(session, 1);
        await waiting.DeliversAsync("m");

        await EndAsync(runtime, session, how);

        if (how == "resolved") await waiting.DeliversAsync("c");
        await waiting.EndsAsync();
        await using var late = runtime.Stream("bob");
        await late.SubscribeAsync(session, 1);
        await late.DeliversAsync("m");
        if (how == "resolved") await late.DeliversAsync("c");
        await late.EndsAsync();
    }

    [Fact]
    public async Task Whoever_has_the_last_item_already_is_told_the_end_at_once()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await EndAsync(runtime, session, "resolved");
        foreach (ulong after in (ulong[])[3, 4, ulong.MaxValue])
        {
            await using var stream = runtime.Stream("bob");
            await stream.SubscribeAsync(session, after);
            await stream.EndsAsync();
        }
    }

    [Fact]
    public async Task The_sweeper_by_itself_tells_a_waiting_subscriber_of_the_expiry()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("bob", ("macp-annotations", "1"));
        await stream.SubscribeAsync(session, 2);
        await stream.SendAsync(Envelopes.Evaluation(session, id: "m"));
        await stream.DeliversAsync("m");
        runtime.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("TtlExpired", (await stream.NextAsync())!.Envelope.MessageType);
        await stream.EndsAsync();
    }

    [Fact]
    public async Task Stopping_ends_waiting_streams_as_unavailable()
    {
        var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var bound = runtime.Stream("bob");
        await bound.SubscribeAsync(session, 1);
        await bound.NextAsync();
        await using var unbound = runtime.Stream("bob");
        await unbound.SubscribeAsync(await runtime.OpenAsync(s => s.Participants.Remove("bob")));
        await unbound.RefusesAsync("FORBIDDEN");

        var stopped = runtime.Host.DisposeAsync().AsTask();
        await bound.EndsWithAsync(GrpcStatusCode.Unavailable);
        await unbound.EndsWithAsync(GrpcStatusCode.Unavailable);
        await stopped.Happens();
    }

    [Fact]
    public async Task A_host_may_be_disposed_twice()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.Host.DisposeAsync();
    }

    static async Task EndAsync(TestRuntime runtime, string session, string how)
    {
        switch (how)
        {
            case "resolved": await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, id: "c")); break;
            case "cancelled": await runtime.CancelAsync("ini", session); break;
            case "suspended for too long":
                await runtime.SuspendAsync("ini", session);
                runtime.Time.Advance(TimeSpan.FromSeconds(2));
                await runtime.Host.Runtime.SweepAsync();
                break;
            default:
                runtime.Time.Advance(TimeSpan.FromMilliseconds(60_001));
                await runtime.Host.Runtime.SweepAsync();
                break;
        }
    }
}
