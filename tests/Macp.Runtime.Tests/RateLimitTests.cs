using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class RateLimitTests
{
    [Fact]
    public async Task The_window_slides()
    {
        var world = new World(new() { MessageLimitPerMinute = 3 });
        Assert.Equal("ok ok ok", await SignalAsync(world, 3, every: 10_000));
        Assert.Equal("RATE_LIMITED", await SignalAsync(world));

        // The first was sent 60,000 ms ago: still inside. A millisecond later it is not.
        world.Time.Advance(30_000);
        Assert.Equal("RATE_LIMITED", await SignalAsync(world));
        world.Time.Advance(1);
        Assert.Equal("ok RATE_LIMITED", await SignalAsync(world, 2));
    }

    [Fact]
    public async Task What_is_limited_does_not_count()
    {
        var world = new World(new() { MessageLimitPerMinute = 1 });
        Assert.Equal("ok", await SignalAsync(world));
        world.Time.Advance(59_000);
        Assert.Equal("RATE_LIMITED", await SignalAsync(world));
        world.Time.Advance(1_001);
        Assert.Equal("ok", await SignalAsync(world));
    }

    [Fact]
    public async Task What_is_refused_behind_the_limit_counts_and_so_do_duplicates()
    {
        var world = new World(new() { MessageLimitPerMinute = 3 });
        await world.StartAsync();
        var note = world.Note(World.Bob, "hi");
        Expect.Accepted(await world.SendAsync(World.Bob, note));
        Assert.True((await world.SendAsync(World.Bob, note.Clone())).Duplicate);
        Expect.Code(ErrorCode.InvalidEnvelope, await world.NoteAsync(World.Bob, "refuse me"));
        Expect.Code(ErrorCode.RateLimited, await world.NoteAsync(World.Bob, "hi"));
    }

    [Fact]
    public async Task What_is_refused_before_the_limit_does_not_count()
    {
        var world = new World(new() { MessageLimitPerMinute = 1 });
        for (int i = 0; i < 3; i++) Expect.Code(ErrorCode.Forbidden, await world.SendAsync(World.Bob, world.Envelope(World.Bob, "SessionCancel", new SessionCancelPayload())));
        Expect.Code(ErrorCode.Unauthenticated, await world.SendAsync(World.Bob, world.Ambient(World.Ada, MessageTypes.Signal)));
        Assert.Equal("ok", await SignalAsync(world));
    }

    [Fact]
    public async Task Starts_have_a_window_of_their_own_and_senders_share_none()
    {
        var world = new World(new() { MessageLimitPerMinute = 1, SessionStartLimitPerMinute = 1 });
        await world.StartAsync();
        Expect.Accepted(await world.NoteAsync(World.Ada, "hi"));
        Expect.Accepted(await world.NoteAsync(World.Bob, "hi"));
        Expect.Code(ErrorCode.RateLimited, await world.SendAsync(World.Ada, world.Start("session-1111111111111111")));
    }

    [Fact]
    public async Task The_wall_clock_does_not_open_the_window()
    {
        var world = new World(new() { MessageLimitPerMinute = 1 });
        Assert.Equal("ok", await SignalAsync(world));
        world.Time.SetWallBack(-120_000);
        Assert.Equal("RATE_LIMITED", await SignalAsync(world));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(4096)]
    [InlineData(5000)]
    public async Task Every_limit_is_kept_to_the_message(int limit)
    {
        var world = new World(new() { MessageLimitPerMinute = limit });
        int accepted = 0;
        for (int i = 0; i < limit + 10; i++)
        {
            if (await SignalAsync(world) == "ok") accepted++;
            world.Time.Advance(i % 3);
        }
        Assert.Equal(limit, accepted);
        world.Time.Advance(60_000 + 16);
        Assert.Equal("ok", await SignalAsync(world));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 1)]
    public async Task A_high_limit_takes_no_memory_in_advance(int limit)
    {
        var world = new World(new() { MessageLimitPerMinute = limit });
        await SignalAsync(world);
        var signal = world.Ambient(World.Bob, MessageTypes.Signal);
        Assert.InRange(AllocatedBySending(world, signal, 10_000) / 10_000, 0, 400);
    }

    static long AllocatedBySending(World world, Envelope signal, int times)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
        {
            world.Time.Advance(1);
            Assert.True(world.Runtime.SendAsync(World.Bob, signal).Result.Ok);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public async Task A_sender_is_remembered_while_its_window_holds_something()
    {
        var world = new World(new() { MessageLimitPerMinute = 1 });
        Assert.Equal("ok", await SignalAsync(world));
        world.Time.Advance(60_000);
        await world.Runtime.SweepAsync();
        Assert.Equal("RATE_LIMITED", await SignalAsync(world));
        world.Time.Advance(1);
        await world.Runtime.SweepAsync();
        Assert.Equal("ok RATE_LIMITED", await SignalAsync(world, 2));
    }

    [Fact]
    public void A_limit_of_nothing_is_a_mistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new World(new() { MessageLimitPerMinute = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new World(new() { SessionStartLimitPerMinute = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new World(new() { SweepInterval = TimeSpan.Zero }));
    }

    static async Task<string> SignalAsync(World world, int times = 1, long every = 0)
    {
        var answers = new List<string>();
        for (int i = 0; i < times; i++)
        {
            var ack = await world.SendAsync(World.Bob, world.Ambient(World.Bob, MessageTypes.Signal));
            answers.Add(ack.Ok ? "ok" : ack.Error.Code);
            world.Time.Advance(every);
        }
        return string.Join(' ', answers);
    }
}
