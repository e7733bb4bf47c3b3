using Macp.Benchmarks.Overload.Attacks;
using Macp.Protocol;

namespace Macp.Cli.Tests;

/// <summary>A short round of the overload of <c>docs/benchmarks.md</c>, without its times: what those are answered who keep to their limits, and those who do not.</summary>
[Collection(JournalledServer.OneAtATime)]
public sealed class OverloadTests(OverloadedServer server) : IClassFixture<OverloadedServer>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Moment = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_sender_far_above_its_rate_is_refused_and_the_others_are_not()
    {
        var flood = new Flood(server.Endpoint, Cast.Flooder, perSecond: 1500);
        await AttackAsync(flood, () => flood.Answers[ErrorCode.RateLimited.Value] > 0);
        Assert.InRange(flood.Answers[Methods.Accepted], 1, 600);
        Assert.Empty(flood.Answers.Kinds.Except([Methods.Accepted, ErrorCode.RateLimited.Value, Flood.HeldBack]));
    }

    [Fact]
    public async Task Calls_with_a_token_that_nobody_has_are_refused_and_those_of_others_are_not()
    {
        var flood = new Flood(server.Endpoint, Cast.Nobody, perSecond: 1000);
        await AttackAsync(flood, () => flood.Answers[ErrorCode.Unauthenticated.Value] > 0);
        Assert.Empty(flood.Answers.Kinds.Except([ErrorCode.Unauthenticated.Value, Flood.HeldBack]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Idle_connections_are_kept_and_let_go(bool isOpening)
    {
        var idle = new IdleConnections(server.Endpoint, 200, isOpening);
        await AttackAsync(idle, () => idle.Answers[IdleConnections.Opened] == 200);
        Assert.Equal([IdleConnections.Opened], idle.Answers.Kinds);
    }

    [Fact]
    public async Task Streams_that_are_not_read_keep_their_place_and_hold_up_nobody()
    {
        var readers = new SlowReaders(server.Endpoint, count: 100, messages: 50);
        await AttackAsync(readers, () => true);
        Assert.Equal(100, readers.Answers[SlowReaders.Served]);
    }

    [Fact]
    public async Task Requests_that_come_a_byte_at_a_time_end_with_their_time()
    {
        var writers = new SlowWriters(server.Endpoint, count: 100);
        await AttackAsync(writers, () => writers.Answers.Kinds.Count > 1);
        Assert.Equal(["status 4 to Send", "status 4 to StreamSession"], writers.Answers.Kinds.Order());
    }

    /// <summary>The victims send until they have met the attack, and are all accepted; then the server has only their connections.</summary>
    async Task AttackAsync(IAttack attack, Func<bool> isFelt)
    {
        var until = DateTime.UtcNow + Patience;
        await attack.BeginAsync().WaitAsync(Patience);
        do
        {
            Assert.All(await server.Victims.SendAsync(Moment).WaitAsync(Patience), static sent => Assert.Equal(Methods.Accepted, sent.Answer));
            Assert.True(DateTime.UtcNow < until, $"never felt: {attack.Answers}");
        }
        while (!isFelt());
        await attack.EndAsync().WaitAsync(Patience);
        for (int open; (open = await server.ConnectionsAsync()) != Victims.Connections; await Task.Delay(50))
            Assert.True(DateTime.UtcNow < until, $"{open} connections stay open");
    }
}
