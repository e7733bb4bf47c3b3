using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Time;

/// <summary>What is due when, beside what else, across suspensions, and that whoever looks notices the same (section 2 of the semantics, decisions 14).</summary>
public sealed class DueOrderTests
{
    /// <summary>What is done at which time, when the sweeper must wake for it at the latest, and what has come due whenever somebody looks.</summary>
    sealed record Plan((long At, Func<World, Task> Do)[] Steps, long WakesAt, (long At, string Due)[] Looks);

    static readonly Dictionary<string, Plan> Plans = new()
    {
        ["a deadline"] = new([], 1001, [(999, ""), (1000, ""), (1001, "TtlExpired@1000"), (5000, "TtlExpired@1000")]),
        ["an alarm before the deadline"] = new([(0, Alarm(999))], 999,
            [(998, ""), (999, "Rang@999"), (1000, "Rang@999"), (1001, "Rang@999 TtlExpired@1000")]),
        ["an alarm at the deadline"] = new([(0, Alarm(1000))], 1000, [(999, ""), (1000, "Rang@1000"), (1001, "Rang@1000 TtlExpired@1000")]),
        ["an alarm after the deadline"] = new([(0, Alarm(1001))], 1001, [(1000, ""), (1001, "TtlExpired@1000"), (1002, "TtlExpired@1000")]),
        ["two alarms, the later one first"] = new([(0, Alarm(500)), (0, Alarm(499))], 499, [(498, ""), (499, "Rang@499"), (500, "Rang@499 Rang@500")]),
        ["two alarms at one instant"] = new([(0, Alarm(500)), (100, Alarm(400))], 500, [(499, ""), (500, "Rang@500 Rang@500")]),
        ["a cap"] = new([(900, Suspend)], 1001, [(1001, ""), (1200, ""), (1201, "TtlExpired@1200")]),
        ["a cap that ends before the deadline"] = new([(100, Suspend)], 401, [(400, ""), (401, "TtlExpired@400"), (1001, "TtlExpired@400")]),
        ["an alarm in a suspension"] = new([(0, Alarm(950)), (900, Suspend)], 950, [(950, ""), (1200, ""), (1201, "TtlExpired@1200")]),
        ["an alarm at the instant of the suspension"] = new([(0, Alarm(900)), (900, Suspend)], 1001, [(900, "Rang@900"), (1201, "Rang@900 TtlExpired@1200")]),
        ["an alarm one after the instant of the suspension"] = new([(0, Alarm(901)), (900, Suspend), (1100, Resume)], 1101, [(1100, ""), (1101, "Rang@1101")]),
        ["an alarm that moved"] = new([(0, Alarm(950)), (900, Suspend), (1100, Resume)], 1150,
            [(1149, ""), (1150, "Rang@1150"), (1200, "Rang@1150"), (1201, "Rang@1150 TtlExpired@1200")]),
        ["an alarm that moved with the deadline"] = new([(0, Alarm(1000)), (900, Suspend), (1100, Resume)], 1200,
            [(1199, ""), (1200, "Rang@1200"), (1201, "Rang@1200 TtlExpired@1200")]),
        ["an alarm that was set after a suspension"] = new([(100, Suspend), (200, Resume), (300, Alarm(800))], 1100, [(1099, ""), (1100, "Rang@1100"), (1101, "Rang@1100 TtlExpired@1100")]),
        ["a suspension at the deadline"] = new([(1000, Suspend), (1100, Resume)], 1101, [(1100, ""), (1101, "TtlExpired@1100")]),
        ["a second suspension"] = new([(100, Suspend), (300, Resume), (400, Suspend)], 501, [(499, ""), (500, ""), (501, "TtlExpired@500")]),
        ["a second suspension when the cap is used up"] = new([(100, Suspend), (400, Resume), (500, Suspend)], 501, [(500, ""), (501, "TtlExpired@500")]),
        ["a third suspension"] = new([(100, Suspend), (200, Resume), (200, Suspend), (300, Resume), (400, Suspend)], 501, [(500, ""), (501, "TtlExpired@500")]),
        ["two suspensions and what moved"] = new([(0, Alarm(1000)), (100, Suspend), (200, Resume), (300, Suspend), (350, Resume)], 1150,
            [(1149, ""), (1150, "Rang@1150"), (1151, "Rang@1150 TtlExpired@1150")]),
    };

    static readonly Dictionary<string, Func<World, Task>> Lookers = new()
    {
        ["a message"] = world => world.NoteAsync(World.Bob, "hi"),
        ["a message that is refused"] = world => world.NoteAsync(World.Bob, "refuse me"),
        ["a message of an outsider"] = world => world.NoteAsync(World.Stranger, "hi"),
        ["a duplicate"] = world => world.SendAsync(World.Bob, Known(world)),
        ["metadata"] = world => world.MetadataAsync(),
        ["metadata that are denied"] = world => world.Runtime.GetSessionAsync(World.Stranger, World.Session).AsTask(),
        ["a subscription"] = world => world.SubscribeAsync(),
        ["cancel"] = world => world.Runtime.CancelAsync(World.Ada, World.Session, "").AsTask(),
        ["suspend"] = Suspend,
        ["resume"] = Resume,
        ["a sweep"] = world => world.Runtime.SweepAsync().AsTask(),
    };

    public static TheoryData<string> AllPlans => [.. Plans.Keys];

    [Theory, MemberData(nameof(AllPlans))]
    public async Task Whoever_looks_notices_all_that_is_due_and_nothing_else(string plan)
    {
        foreach (var (at, due) in Plans[plan].Looks)
        {
            foreach (var (looker, look) in Lookers)
            {
                var world = await ArrangeAsync(Plans[plan]);
                world.Time.Advance(FakeTime.Origin + at - world.Time.NowMs);
                int before = world.History.Of(World.Session).Count;
                await look(world);
                AssertDue(due, world, $"{looker} at {at}");
                // What the looker itself adds stands behind it.
                Assert.DoesNotContain(world.History.Of(World.Session).Skip(before).SkipWhile(IsDue), IsDue);
            }
        }
    }

    [Theory, MemberData(nameof(AllPlans))]
    public async Task When_nobody_looks_the_sweeper_does(string plan)
    {
        foreach (var (at, due) in Plans[plan].Looks)
        {
            var world = await ArrangeAsync(Plans[plan]);
            world.Runtime.Start();
            await Expect.SoonAsync(() => world.Time.NextTimerAt <= Plans[plan].WakesAt, $"a sleep until {Plans[plan].WakesAt}");
            world.Time.Advance(FakeTime.Origin + at - world.Time.NowMs);
            await Expect.SoonAsync(() => Due(world) == due, $"{due} at {at}; there is {Due(world)}");
            await world.Runtime.DisposeAsync();
            AssertDue(due, world, $"the sweeper at {at}");
        }
    }

    static async Task<World> ArrangeAsync(Plan plan)
    {
        var world = new World();
        await world.StartAsync(change: s => (s.TtlMs, s.MaxSuspendMs) = (1000, 300));
        Expect.Accepted(await world.SendAsync(World.Bob, Known(world)));
        foreach (var (at, step) in plan.Steps)
        {
            world.Time.Advance(FakeTime.Origin + at - world.Time.NowMs);
            await step(world);
        }
        return world;
    }

    static void AssertDue(string due, World world, string what)
    {
        Assert.True(due == Due(world), $"{what}: due is {due}, and there is {Due(world)}");
        Assert.Empty(world.Faults);
        // Decided again, by the times in the history alone, it is the same.
        Assert.Empty(new SessionReplay(new ModeCatalog().Add<NotesMode>()).Decide(world.History.Of(World.Session)).Differences);
    }

    static string Due(World world) => string.Join(' ', world.History.Of(World.Session).Where(IsDue).Select(r => $"{r.MessageType}@{r.AcceptedAtUnixMs - FakeTime.Origin}"));

    static bool IsDue(HistoryRecord record) => record.Kind is RecordKind.CameDue || record.MessageType is MessageTypes.TtlExpired;

    static Envelope Known(World world)
    {
        var note = world.Note(World.Bob, "known");
        note.MessageId = "known";
        return note;
    }

    static Func<World, Task> Alarm(long milliseconds) => world => world.AlarmAsync($"a{milliseconds}", milliseconds);

    static async Task Suspend(World world) => await world.Runtime.SuspendAsync(World.Ada, World.Session, "");

    static async Task Resume(World world) => await world.Runtime.ResumeAsync(World.Ada, World.Session, "");
}
