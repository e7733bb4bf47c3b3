using Macp.Grpc;

namespace Macp.Server.Tests;

/// <summary>Reading along (runtime-semantics 3.3; decisions 20 and 24).</summary>
public sealed class SubscribeTests
{
    [Theory]
    [InlineData(0, "s", "a", "b")]
    [InlineData(1, "a", "b")]
    [InlineData(2, "b")]
    [InlineData(3)]
    [InlineData(99)]
    public async Task A_subscription_gets_what_comes_after_its_sequence_and_then_what_follows(int after, params string[] replayed)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Envelopes.Start(session, id: "s"));
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "a"));
        await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session, id: "b"));
        await using var stream = runtime.Stream("carol");
        await stream.SubscribeAsync(session, (ulong)after);
        foreach (string id in replayed) await stream.DeliversAsync(id);
        // Judged on the same stream, so that the subscription is known to stand.
        await stream.SendAsync(Envelopes.Evaluation(session, id: "c"));
        await stream.DeliversAsync("c");
    }

    [Fact]
    public async Task The_largest_sequence_is_beyond_the_end()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync(session, ulong.MaxValue);
        await stream.SendAsync(Envelopes.Evaluation(session, id: "c"));
        await stream.DeliversAsync("c");
    }

    [Theory]
    [InlineData("ini")]
    [InlineData("bob")]
    public async Task Initiator_and_participants_may_read(string reader)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await using var stream = runtime.Stream(reader);
        await stream.SubscribeAsync(session);
        Assert.Equal("SessionStart", (await stream.NextAsync())!.Envelope.MessageType);
    }

    [Fact]
    public async Task An_outsider_is_told_inline_and_its_stream_stays_usable_and_unbound()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync(), own = Envelopes.NewSession();
        await using var stream = runtime.Stream("mallory");
        await stream.SubscribeAsync(session);
        Assert.Equal(session, (await stream.RefusesAsync("FORBIDDEN")).SessionId);
        await stream.SendAsync(Envelopes.Start(own, id: "own"));
        await stream.DeliversAsync("own");
    }

    [Fact]
    public async Task A_session_that_is_not_known_ends_the_stream()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync("nowhere");
        Assert.StartsWith("Session 'nowhere' not found", await stream.EndsWithAsync(GrpcStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_subscription_replays_again()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Envelopes.Start(session, id: "s"));
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "a"));
        await using var stream = runtime.Stream("alice");
        for (int i = 0; i < 3; i++)
        {
            await stream.SubscribeAsync(session);
            await stream.DeliversAsync("s");
            await stream.DeliversAsync("a");
        }
        await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session, id: "b"));
        await stream.DeliversAsync("b");
    }

    [Fact]
    public async Task A_second_subscription_beyond_the_end_skips_nothing_that_the_first_was_owed()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        for (int i = 0; i < 200; i++) await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session, id: $"e{i}"));
        await stream.SubscribeAsync(session, 2);
        await stream.SubscribeAsync(session, ulong.MaxValue);
        await stream.CompleteAsync();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"e{i}"), (await stream.RestAsync()).Select(e => e.MessageId));
    }

    [Fact]
    public async Task A_subscriber_that_half_closes_gets_what_is_there_and_OK()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        for (int i = 0; i < 500; i++) await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session));
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync(session);
        await stream.CompleteAsync();
        Assert.Equal(502, (await stream.RestAsync()).Count);
    }

    [Fact]
    public async Task A_stream_that_half_closes_at_once_ends_with_OK()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var stream = runtime.Stream("alice");
        await stream.CompleteAsync();
        await stream.EndsAsync();
    }
}
