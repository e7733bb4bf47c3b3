using System.Diagnostics.Metrics;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class TelemetryCostTests
{
    const int Messages = 2000;

    [Fact]
    public async Task Where_nobody_listens_a_message_allocates_what_its_verdict_does()
    {
        var (plain, sent) = (await PreparedAsync(), await PreparedAsync());
        long verdicts = Allocated(plain.Notes, note => plain.World.Runtime.JudgeAsync(World.Bob, note, default));
        Assert.True(verdicts > 0);
        AssertNoMore(Allocated(sent.Notes, note => sent.World.Runtime.SendAsync(World.Bob, note)), verdicts);
    }

    [Fact]
    public async Task Nor_does_counting_allocate()
    {
        var (plain, counted) = (await PreparedAsync(), await PreparedAsync());
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter == counted.World.Runtime.Meter) l.EnableMeasurementEvents(instrument); } };
        long sum = 0;
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => sum += value);
        listener.Start();

        long verdicts = Allocated(plain.Notes, note => plain.World.Runtime.JudgeAsync(World.Bob, note, default));
        AssertNoMore(Allocated(counted.Notes, note => counted.World.Runtime.SendAsync(World.Bob, note)), verdicts);
        Assert.Equal(Messages, sum);
    }

    // The smallest object has 24 bytes. What is made once, by a pool or a table that grows, is not a byte a message.
    static void AssertNoMore(long allocated, long verdicts) => Assert.InRange(allocated, verdicts - Messages, verdicts + Messages);

    /// <summary>Two of these come to the same state by the same messages.</summary>
    static async Task<(World World, Envelope[] Notes)> PreparedAsync()
    {
        var world = new World(history: new MemoryHistory());
        await world.StartAsync();
        NotesMode.ForgetNotes(world.Configuration, World.Session);
        // What is made once is made by now.
        for (int i = 0; i < 100; i++) Expect.Accepted(await world.NoteAsync(World.Bob, "a note"));
        return (world, [.. Enumerable.Range(0, Messages).Select(_ => world.Note(World.Bob, "a note"))]);
    }

    static long Allocated(Envelope[] notes, Func<Envelope, ValueTask<Ack>> send)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var note in notes) Assert.True(send(note).Result.Ok);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
