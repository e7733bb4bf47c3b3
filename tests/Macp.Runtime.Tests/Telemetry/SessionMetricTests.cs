namespace Macp.Runtime.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class SessionMetricTests : IDisposable
{
    const string Mode = $" mode={NotesMode.Identifier}", Second = "session-second--------", Third = "session-third---------";

    readonly string _folder = Directory.CreateTempSubdirectory("macp-metrics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static void Counted(Measured measured, params (string Series, double Count)[] expected) =>
        Assert.Equal(expected.ToDictionary(), measured.Counted.Where(series => !series.Key.StartsWith("macp.journal", StringComparison.Ordinal)).ToDictionary());

    static void Goes(Measured measured, int open, int inSuspension, int inMemory) =>
        Assert.Equal((open, inSuspension, inMemory), (measured["macp.sessions.open"], measured["macp.sessions.in_suspension"], measured["macp.sessions.in_memory"]));

    [Fact]
    public async Task Every_change_of_state_is_counted_once_and_what_goes_on_is_told()
    {
        var world = new World();
        using var measured = new Measured(world.Runtime);
        await world.StartAsync();
        await world.StartAsync(Second);
        Goes(measured, open: 2, inSuspension: 0, inMemory: 2);
        for (int i = 0; i < 2; i++)
        {
            Expect.Done(await world.Runtime.SuspendAsync(World.Ada, World.Session, ""));
            Goes(measured, open: 1, inSuspension: 1, inMemory: 2);
            Expect.Done(await world.Runtime.ResumeAsync(World.Ada, World.Session, ""));
        }
        Expect.Done(await world.Runtime.SuspendAsync(World.Ada, World.Session, ""));
        for (int i = 0; i < 2; i++) Expect.Done(await world.Runtime.CancelAsync(World.Ada, World.Session, ""));

        Counted(measured, ("macp.sessions.started" + Mode, 2), ("macp.sessions.suspended" + Mode, 3), ("macp.sessions.resumed" + Mode, 2), ("macp.sessions.cancelled" + Mode, 1));
        Goes(measured, open: 1, inSuspension: 0, inMemory: 2);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task What_comes_due_is_counted_whoever_notices_and_how_late_that_was(bool swept)
    {
        var world = new World();
        using var measured = new Measured(world.Runtime);
        await world.StartAsync(change: start => start.TtlMs = 2000);
        await world.AlarmAsync("a", 1000);
        world.Time.Advance(1500);
        await LookAsync();
        Assert.Equal((0.5, 1), (measured["macp.due.lag"], measured.Times("macp.due.lag")));
        world.Time.Advance(1000);
        await LookAsync();
        await LookAsync();

        Counted(measured, ("macp.sessions.started" + Mode, 1), ("macp.messages.accepted" + Mode, 2), ("macp.sessions.expired" + Mode, 1));
        Assert.Equal((1.0, 2), (measured["macp.due.lag"], measured.Times("macp.due.lag")));
        Goes(measured, open: 0, inSuspension: 0, inMemory: 1);

        async Task LookAsync()
        {
            if (swept) await world.Runtime.SweepAsync();
            else await world.MetadataAsync();
        }
    }

    [Fact]
    public async Task A_start_that_was_lost_is_none()
    {
        var world = new World();
        using var measured = new Measured(world.Runtime);
        world.History.Holds = true;
        var start = world.SendAsync(World.Ada, world.Start());
        Goes(measured, open: 0, inSuspension: 0, inMemory: 1);
        world.History.Lose();
        Assert.False((await start).Ok);

        Goes(measured, open: 0, inSuspension: 0, inMemory: 0);
        Counted(measured, ("macp.messages.rejected" + Mode + " code=INTERNAL_ERROR", 1));
    }

    [Fact]
    public async Task What_was_kept_before_a_loss_is_counted_once_although_the_state_is_folded_again()
    {
        var world = new World();
        using var measured = new Measured(world.Runtime);
        await world.StartAsync();
        await world.AlarmAsync("a", 1000);
        world.Time.Advance(1000);
        world.History.Holds = true;
        var note = world.NoteAsync(World.Bob, "hi");
        world.History.Lose();
        Assert.False((await note).Ok);
        world.History.Holds = false;
        world.Time.Advance(1000); // What failed is not tried again at once.
        await world.Runtime.SweepAsync();

        Assert.Equal("SessionStart Alarm Rang", Expect.Types(world.History.Of(World.Session)));
        Counted(measured, ("macp.sessions.started" + Mode, 1), ("macp.messages.accepted" + Mode, 2), ("macp.messages.rejected" + Mode + " code=INTERNAL_ERROR", 1));
    }

    [Fact]
    public async Task A_restart_counts_nothing_again_and_knows_what_goes_on()
    {
        World world;
        using (var history = JournalHistory.Open(_folder))
        {
            world = new World(history: history);
            foreach (string session in (string[])[World.Session, Second, Third]) await world.StartAsync(session, start => start.TtlMs = 5000);
            Expect.Accepted(await world.NoteAsync(World.Bob, "hi"));
            Expect.Done(await world.Runtime.SuspendAsync(World.Ada, Second, ""));
            Expect.Done(await world.Runtime.CancelAsync(World.Ada, Third, ""));
            await world.Runtime.DisposeAsync();
        }

        using (var history = JournalHistory.Open(_folder))
        {
            world = new World(history: history, before: world);
            using var measured = new Measured(world.Runtime);
            Assert.Equal(0, measured.Times("macp.recovery.duration"));
            world.Runtime.Start();
            Assert.True(measured["macp.recovery.duration"] >= 0);
            Assert.Equal(1, measured.Times("macp.recovery.duration"));
            Goes(measured, open: 1, inSuspension: 1, inMemory: 2);
            await world.MetadataAsync();
            await world.MetadataAsync(Third);
            Counted(measured);

            world.Time.Advance(5001);
            await Expect.SoonAsync(() => measured.Counted.ContainsKey("macp.sessions.expired" + Mode), "the expiry");
            Counted(measured, ("macp.sessions.expired" + Mode, 1));
            Goes(measured, open: 0, inSuspension: 1, inMemory: 2);
            await world.Runtime.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_session_that_takes_no_more_because_it_is_damaged_does_not_go_on()
    {
        var journal = await StoredJournal.WriteAsync();
        var found = new List<double>();
        foreach (string segment in journal.Segments)
        {
            FaultyFolder Damaged() => journal.With(segment, 100, 1, b => (byte)~b);
            var sessions = StoredJournal.Read(Damaged()).Sessions;
            double open = await OpenAsync(Damaged());
            Assert.Equal(sessions.Count(session => session.Key != StoredJournal.Ended && !session.Value.IsReadOnly), open);
            found.Add(open);
        }
        Assert.Equal(2, await OpenAsync(journal.Copy()));
        Assert.Contains(found, open => open < 2);

        async Task<double> OpenAsync(FaultyFolder folder)
        {
            var (world, history) = journal.Live(folder);
            using (history)
            using (var measured = new Measured(world.Runtime))
            {
                double open = measured["macp.sessions.open"];
                await world.Runtime.DisposeAsync();
                return open;
            }
        }
    }

    [Fact]
    public async Task Another_runtime_is_measured_by_itself_and_its_meter_ends_with_it()
    {
        var (one, other) = (new World(), new World());
        using var measured = new Measured(one.Runtime);
        await other.StartAsync();
        Counted(measured);

        await one.Runtime.DisposeAsync();
        using var late = new Measured(one.Runtime);
        Assert.Empty(late.Instruments);
    }
}
