namespace Macp.Runtime.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class JournalMetricTests
{
    [Fact]
    public async Task What_is_made_durable_is_measured_by_the_batch()
    {
        var folder = new FaultyFolder();
        using var history = JournalHistory.Open(folder);
        var world = new World(history: history);
        using var measured = new Measured(world.Runtime);
        await world.StartAsync();
        for (int i = 0; i < 3; i++) Expect.Accepted(await world.NoteAsync(World.Bob, $"note {i}"));
        await world.Runtime.DisposeAsync();
        history.Dispose();

        Assert.Equal(4, measured.Counted["macp.journal.records"]);
        Assert.Equal(folder["000000000001.segment"].Length - SegmentFormat.HeaderSize, measured.Counted["macp.journal.written"]);
        // Each waited for its own.
        Assert.Equal((4, 4), (measured["macp.journal.batch.size"], measured.Times("macp.journal.batch.size")));
        Assert.Equal(4, measured.Times("macp.journal.sync.duration"));
        Assert.DoesNotContain("macp.journal.failures", measured.Counted);
    }

    [Fact]
    public async Task What_the_disk_refuses_is_counted_and_is_not_durable()
    {
        var folder = new FaultyFolder();
        using var history = JournalHistory.Open(folder);
        var world = new World(history: history);
        using var measured = new Measured(world.Runtime);
        await world.StartAsync();
        folder.Plan = (number, _) => number == 1 ? FileFault.BeforeAll : null;
        Assert.False((await world.NoteAsync(World.Bob, "lost")).Ok);
        Expect.Accepted(await world.NoteAsync(World.Bob, "kept"));
        await world.Runtime.DisposeAsync();
        history.Dispose();

        Assert.Equal((1, 2), (measured.Counted["macp.journal.failures"], measured.Counted["macp.journal.records"]));
    }

    [Fact]
    public async Task Closed_segments_are_counted_as_long_as_they_are_kept()
    {
        var folder = new FaultyFolder();
        using var history = JournalHistory.Open(folder, segmentBytes: 500);
        var world = new World(history: history);
        using var measured = new Measured(world.Runtime);
        await world.StartAsync();
        Assert.Equal(0, measured["macp.journal.segments"]);
        for (int i = 0; i < 12; i++) Expect.Accepted(await world.NoteAsync(World.Bob, $"note {i}"));
        await history.WhenIndexedAsync();
        int closed = folder.List().Count(name => SegmentWriter.NumberOf(name) is not null) - 1;
        Assert.True(closed > 1);
        Assert.Equal(closed, measured["macp.journal.segments"]);
        Expect.Done(await world.Runtime.CancelAsync(World.Ada, World.Session, ""));
        await world.Runtime.DisposeAsync();
    }
}
