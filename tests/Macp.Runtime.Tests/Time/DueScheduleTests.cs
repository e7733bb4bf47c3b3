namespace Macp.Runtime.Tests.Time;

public sealed class DueScheduleTests
{
    readonly DueSchedule _schedule = new();

    [Fact]
    public void Sessions_come_in_the_order_of_their_times_and_not_before()
    {
        var (a, b, c) = (NewSession("a"), NewSession("b"), NewSession("c"));
        _schedule.Add(c, 30);
        _schedule.Add(a, 10);
        _schedule.Add(b, 20);
        Assert.Empty(_schedule.TakeDueAt(9));
        Assert.Equal([a, b], _schedule.TakeDueAt(20));
        Assert.Equal([c], _schedule.TakeDueAt(30));
    }

    [Fact]
    public async Task An_earlier_one_wakes_who_sleeps_and_a_later_one_does_not()
    {
        _schedule.Add(NewSession("a"), 20);
        var woken = _schedule.WhenWoken(out long wakesAt);
        Assert.Equal(20, wakesAt);
        _schedule.Add(NewSession("b"), 20);
        Assert.False(woken.IsCompleted);
        _schedule.Add(NewSession("c"), 19);
        await Expect.SoonAsync(woken, "the wake-up");
    }

    [Fact]
    public void What_a_session_gave_up_is_not_taken_and_keeps_nothing()
    {
        var kept = NewSession("kept");
        _schedule.Add(kept, 10);
        var places = Enumerable.Range(0, 5000).Select(_ => GiveUp()).ToArray();
        _schedule.WhenWoken(out _);
        GC.Collect();
        Assert.All(places, place => Assert.False(place.TryGetTarget(out _)));
        Assert.Equal([kept], _schedule.TakeDueAt(long.MaxValue));
    }

    [Fact]
    public async Task None_of_those_who_add_at_once_is_missed()
    {
        const int Threads = 4, Each = 20_000;
        var taking = Task.Run(async () =>
        {
            int taken = 0;
            while ((taken += _schedule.TakeDueAt(5).Count()) < Threads * Each)
            {
                // As the sweeper does: it sleeps until it is woken, when nothing is due.
                var woken = _schedule.WhenWoken(out long wakesAt);
                if (wakesAt > 5) await woken;
            }
            return taken;
        });
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++) _schedule.Add(NewSession("s"), i % 5);
        })));
        Assert.Equal(Threads * Each, await Expect.SoonAsync(taking, "all of them"));
    }

    WeakReference<DuePlace> GiveUp()
    {
        var place = _schedule.Add(NewSession("ended"), 1_000_000);
        place.Take();
        return new(place);
    }

    static Session NewSession(string id) => new(new(new() { SessionId = id }, new()), null!, null!, null!, null!, null!, null!, null!);
}
