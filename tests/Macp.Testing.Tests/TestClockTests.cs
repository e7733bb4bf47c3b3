namespace Macp.Testing.Tests;

public class TestClockTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly TestClock _clock = new();
    readonly List<string> _fired = [];

    [Fact]
    public void It_stands_still_until_it_is_moved()
    {
        var (now, stamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        Assert.Equal(now, _clock.GetUtcNow());

        _clock.Advance(90 * Second);

        Assert.Equal(now + 90 * Second, _clock.GetUtcNow());
        Assert.Equal(90 * Second, _clock.GetElapsedTime(stamp));
    }

    [Fact]
    public void It_begins_where_it_is_told() => Assert.Equal(DateTimeOffset.UnixEpoch, new TestClock(DateTimeOffset.UnixEpoch).GetUtcNow());

    [Fact]
    public void It_does_not_go_back() => Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(-Second));

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_see_their_own_time()
    {
        Timer("late", 3 * Second);
        Timer("early", Second);
        Timer("at once with early, made later", Second);
        Timer("not yet", 6 * Second);

        _clock.Advance(5 * Second);

        Assert.Equal(["early 1", "at once with early, made later 1", "late 3"], _fired);
    }

    [Fact]
    public void A_timer_fires_at_its_time_and_not_before()
    {
        Timer("once", Second);

        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Empty(_fired);
        _clock.Advance(TimeSpan.FromTicks(1));
        _clock.Advance(10 * Second);

        Assert.Equal(["once 1"], _fired);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period_however_far_the_clock_moves()
    {
        Timer("tick", Second, 2 * Second);
        Timer("between", 4 * Second);

        _clock.Advance(7 * Second);

        Assert.Equal(["tick 1", "tick 3", "between 4", "tick 5", "tick 7"], _fired);
    }

    [Fact]
    public void A_timer_without_due_time_fires_at_once_and_then_by_its_period()
    {
        Timer("now", TimeSpan.Zero, Second);
        Assert.Equal(["now 0"], _fired);

        _clock.Advance(2 * Second);

        Assert.Equal(["now 0", "now 1", "now 2"], _fired);
    }

    [Fact]
    public void An_infinite_due_time_never_comes_until_it_is_changed()
    {
        using var timer = Timer("set later", Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromDays(1000));
        Assert.Empty(_fired);

        Assert.True(timer.Change(Second, Timeout.InfiniteTimeSpan));
        _clock.Advance(2 * Second);

        Assert.Single(_fired);
    }

    [Fact]
    public void Changing_a_timer_forgets_what_it_was_set_to()
    {
        var timer = Timer("moved", Second, Second);
        timer.Change(5 * Second, Timeout.InfiniteTimeSpan);

        _clock.Advance(20 * Second);

        Assert.Equal(["moved 5"], _fired);
    }

    [Fact]
    public void A_disposed_timer_is_silent_and_cannot_be_woken()
    {
        var timer = Timer("gone", Second, Second);
        timer.Dispose();

        Assert.False(timer.Change(Second, Second));
        _clock.Advance(5 * Second);

        Assert.Empty(_fired);
    }

    [Fact]
    public void A_callback_may_dispose_a_timer_that_is_due_at_the_same_time()
    {
        ITimer? other = null;
        using var first = _clock.CreateTimer(_ => other!.Dispose(), null, Second, Timeout.InfiniteTimeSpan);
        other = Timer("other", Second);

        _clock.Advance(Second);

        Assert.Empty(_fired);
    }

    [Fact]
    public void A_callback_may_make_a_timer_that_comes_due_in_the_same_move()
    {
        using var first = _clock.CreateTimer(_ => Timer("second", Second), null, Second, Timeout.InfiniteTimeSpan);

        _clock.Advance(3 * Second);

        Assert.Equal(["second 2"], _fired);
    }

    [Fact]
    public void A_callback_may_move_the_clock_and_it_does_not_step_back()
    {
        var start = _clock.GetUtcNow();
        using var timer = _clock.CreateTimer(_ => _clock.Advance(10 * Second), null, Second, Timeout.InfiniteTimeSpan);

        _clock.Advance(2 * Second);

        Assert.Equal(start + 11 * Second, _clock.GetUtcNow());
    }

    [Fact]
    public void Times_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Timer("", TimeSpan.FromMilliseconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Timer("", Second, TimeSpan.FromMilliseconds(-2)));
    }

    [Fact]
    public async Task What_the_base_library_builds_on_a_clock_works_with_it()
    {
        var delay = Task.Delay(Second, _clock);
        using var timeout = new CancellationTokenSource(2 * Second, _clock);
        using var periodic = new PeriodicTimer(Second, _clock);
        var tick = periodic.WaitForNextTickAsync();

        Assert.False(delay.IsCompleted);
        _clock.Advance(Second);
        await delay;
        Assert.True(await tick);
        Assert.False(timeout.IsCancellationRequested);
        _clock.Advance(Second);

        Assert.True(timeout.IsCancellationRequested);
    }

    /// <summary>A timer that notes its name and how many seconds have passed.</summary>
    ITimer Timer(string name, TimeSpan due, TimeSpan? period = null)
    {
        var start = new TestClock().GetUtcNow();
        return _clock.CreateTimer(_ => _fired.Add($"{name} {(_clock.GetUtcNow() - start).TotalSeconds}".Trim()), null, due, period ?? Timeout.InfiniteTimeSpan);
    }
}
