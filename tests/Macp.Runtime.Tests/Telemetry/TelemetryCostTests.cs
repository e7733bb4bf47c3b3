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
        AssertNoMore(plain, sent);
    }

    [Fact]
    public async Task Nor_does_counting_allocate()
    {
        var (plain, counted) = (await PreparedAsync(), await PreparedAsync());
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter == counted.World.Runtime.Meter) l.EnableMeasurementEvents(instrument); } };
        long sum = 0;
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => sum += value);
        listener.Start();

        AssertNoMore(plain, counted);
        Assert.Equal(Messages, sum);
    }

    /// <summary>
    /// By turns, for what code allocates changes when it is compiled anew, which happens at any time. The smallest object has 24 bytes; what is made once, by a pool
    /// or a table that grows, is not a byte a message.
    /// </summary>
    static void AssertNoMore((World World, Envelope[] Notes) plain, (World World, Envelope[] Notes) told)
    {
        long verdicts = 0, allocated = 0;
        for (int i = 0; i < Messages; i++)
        {
            verdicts += Allocated(plain.World.Runtime, plain.Notes[i], static (runtime, note) => runtime.JudgeAsync(World.Bob, note, default));
            allocated += Allocated(told.World.Runtime, told.Notes[i], static (runtime, note) => runtime.SendAsync(World.Bob, note));
        }
        Assert.True(verdicts > 0);
        Assert.InRange(allocated, verdicts - Messages, verdicts + Messages);
    }

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

    static long Allocated(MacpRuntime runtime, Envelope note, Func<MacpRuntime, Envelope, ValueTask<Ack>> send)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var ack = send(runtime, note).Result;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(ack.Ok);
        return allocated;
    }
}
