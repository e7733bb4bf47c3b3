using Macp.Modes;
using Macp.Protocol;

namespace Macp.Runtime.Tests.Time;

/// <summary>What comes due is noticed at its time though nobody looks, and the sweeper sleeps until then.</summary>
public sealed class SweeperTests : IAsyncDisposable
{
    const string Another = "session-1111111111111111";
    const long Hour = 3_600_000;

    readonly World _world = new(new() { SweepInterval = TimeSpan.FromHours(1), SessionStartLimitPerMinute = int.MaxValue });

    public ValueTask DisposeAsync() => _world.Runtime.DisposeAsync();

    [Fact]
    public async Task What_was_due_before_it_started_is_noticed_at_once()
    {
        await _world.StartAsync();
        var reading = ReadTypesAsync(await _world.SubscribeAsync(annotations: true));
        _world.Time.Advance(60_001);
        _world.Runtime.Start();
        Assert.Equal("SessionStart TtlExpired", await reading);
    }

    [Fact]
    public async Task It_is_woken_by_what_is_due_earlier_and_by_nothing_else()
    {
        _world.Runtime.Start();
        await SleepsUntilAsync(Hour); // nothing is due
        await _world.StartAsync(change: s => s.TtlMs = 30_000);
        await SleepsUntilAsync(30_001);
        await _world.StartAsync(Another, s => s.TtlMs = 45_000);
        await _world.AlarmAsync("a", 500);
        await SleepsUntilAsync(500);

        await WakesAsync(500, next: 30_001);
        Assert.Equal("SessionStart Alarm Rang", Types());
        await WakesAsync(29_501, next: 45_001);
        Assert.Equal("SessionStart Alarm Rang TtlExpired", Types());
        Assert.Equal("SessionStart", Types(Another));
        await WakesAsync(15_000, next: 45_001 + Hour);
        Assert.Equal("SessionStart TtlExpired", Types(Another));
    }

    [Fact]
    public async Task Whoever_waits_for_more_learns_of_it()
    {
        _world.Runtime.Start();
        await _world.StartAsync();
        await _world.AlarmAsync("a", 1000);
        var reading = ReadTypesAsync(await _world.SubscribeAsync(annotations: true));
        await SleepsUntilAsync(1000);
        _world.Time.Advance(1000);
        await SleepsUntilAsync(60_001);
        Assert.False(reading.IsCompleted);
        _world.Time.Advance(59_001);
        Assert.Equal("SessionStart Alarm Rang TtlExpired", await reading);
    }

    [Fact]
    public async Task What_moved_to_later_is_looked_at_again_when_its_time_comes()
    {
        _world.Runtime.Start();
        await _world.StartAsync();
        await SleepsUntilAsync(60_001);
        _world.Time.Advance(50_000);
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        _world.Time.Advance(1000);
        await _world.Runtime.ResumeAsync(World.Ada, World.Session, "");

        await WakesAsync(9_001, next: 61_001);
        Assert.Equal("SessionStart SessionSuspend SessionResume", Types());
        _world.Time.Advance(1000);
        await HasAsync("SessionStart SessionSuspend SessionResume TtlExpired");
    }

    [Fact]
    public async Task A_suspension_that_exceeds_its_cap_ends()
    {
        _world.Runtime.Start();
        await _world.StartAsync(change: s => s.MaxSuspendMs = 10);
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        await SleepsUntilAsync(11);
        _world.Time.Advance(11);
        await HasAsync("SessionStart SessionSuspend TtlExpired");
        Assert.Equal(FakeTime.Origin + 10, _world.History.Of(World.Session)[^1].AcceptedAtUnixMs);
    }

    [Fact]
    public async Task A_wall_clock_that_was_set_forward_is_noticed_after_the_interval()
    {
        _world.Runtime.Start();
        await _world.StartAsync(change: s => s.TtlMs = Hour + 1000);
        await SleepsUntilAsync(Hour);
        _world.Time.SetWallBack(-2 * Hour);
        _world.Time.Advance(Hour - 1);
        Assert.Equal("SessionStart", Types());
        _world.Time.Advance(1);
        await HasAsync("SessionStart TtlExpired");
    }

    [Fact]
    public async Task Senders_that_are_silent_are_forgotten_after_the_interval()
    {
        _world.Runtime.Start();
        var sender = await SendOnceAsync();
        await SleepsUntilAsync(Hour);
        await WakesAsync(Hour, next: 2 * Hour);
        await Expect.SoonAsync(() =>
        {
            GC.Collect();
            return !sender.TryGetTarget(out _);
        }, "the forgetting");
    }

    [Fact]
    public async Task Sessions_that_have_ended_do_not_wake_it()
    {
        _world.Runtime.Start();
        foreach (int i in Enumerable.Range(0, 2000))
        {
            string session = $"session-{i:D16}";
            await _world.StartAsync(session);
            if (i == 0) await SleepsUntilAsync(60_001); // and is not woken by those that follow
            Expect.Done(await _world.Runtime.CancelAsync(World.Ada, session, ""));
        }
        await _world.StartAsync(Another, s => s.TtlMs = 1000);
        await SleepsUntilAsync(1001);
        await WakesAsync(1001, next: 1001 + Hour);
    }

    [Fact]
    public async Task Once_disposed_of_it_does_nothing()
    {
        _world.Runtime.Start();
        await _world.StartAsync();
        await SleepsUntilAsync(60_001);
        await _world.Runtime.DisposeAsync();
        Assert.Equal(long.MaxValue, _world.Time.NextTimerAt);
        _world.Time.Advance(60_001);
        Assert.Equal("SessionStart", Types());
    }

    [Fact]
    public async Task By_the_systems_clock_too()
    {
        await using var runtime = new MacpRuntime(new ModeCatalog().Add<NotesMode>(), new() { SweepInterval = TimeSpan.FromHours(1) }, _world.History);
        runtime.Start();
        var start = _world.Start(change: s => s.TtlMs = 20);
        start.TimestampUnixMs = 0;
        Expect.Accepted(await runtime.SendAsync(World.Ada, start));
        await HasAsync("SessionStart TtlExpired");
    }

    [Fact]
    public async Task A_mode_that_breaks_on_what_is_due_is_asked_once()
    {
        _world.Runtime.Start();
        await _world.StartAsync();
        await _world.AlarmAsync("a-broken", 1000);
        await _world.AlarmAsync("b", 1000);
        await SleepsUntilAsync(1000);
        await WakesAsync(1000, next: 2000);
        Assert.Single(_world.Faults);
        await WakesAsync(1000, next: 60_001);
        Assert.Equal("SessionStart Alarm Alarm Rang", Types());
        Assert.Single(_world.Faults);
    }

    [Fact]
    public async Task A_history_that_is_broken_is_tried_every_second()
    {
        _world.Runtime.Start();
        await _world.StartAsync();
        await SleepsUntilAsync(60_001);
        _world.History.IsBroken = true;
        await WakesAsync(60_001, next: 61_001);
        await WakesAsync(1000, next: 62_001);
        Assert.Equal(2, _world.Faults.Count);
        _world.History.IsBroken = false;
        _world.Time.Advance(1000);
        await HasAsync("SessionStart TtlExpired");
    }

    [Fact]
    public async Task An_expiry_that_was_lost_is_appended_again_after_a_second()
    {
        _world.Runtime.Start();
        await _world.StartAsync();
        await SleepsUntilAsync(60_001);
        _world.History.Holds = true;
        _world.Time.Advance(60_001);
        await Expect.SoonAsync(() => _world.History.IsAwaited, "the sweep");
        _world.History.Lose();
        _world.History.Holds = false;
        await SleepsUntilAsync(61_001);
        Assert.Equal("SessionStart", Types());
        _world.Time.Advance(1000);
        await HasAsync("SessionStart TtlExpired");
        Assert.Single(_world.Faults);
    }

    /// <summary>Something of a sender's, of which nothing but the limiter keeps its name.</summary>
    async Task<WeakReference<string>> SendOnceAsync()
    {
        string sender = Guid.NewGuid().ToString();
        Expect.Code(ErrorCode.SessionNotFound, await _world.NoteAsync(new(sender), ""));
        return new(sender);
    }

    async Task WakesAsync(long after, long next)
    {
        _world.Time.Advance(after);
        await SleepsUntilAsync(next);
    }

    Task SleepsUntilAsync(long elapsed) => Expect.SoonAsync(() => _world.Time.NextTimerAt == elapsed, $"a sleep until {elapsed}, not {_world.Time.NextTimerAt}");

    Task HasAsync(string types) => Expect.SoonAsync(() => Types() == types, types);

    string Types(string session = World.Session) => Expect.Types(_world.History.Of(session));

    static async Task<string> ReadTypesAsync(SessionCursor cursor) => Expect.Types(await Expect.ToEndAsync(cursor));
}
