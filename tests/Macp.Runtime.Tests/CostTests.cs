using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class CostTests
{
    [Fact]
    public async Task A_message_of_a_long_session_allocates_on_average_what_one_of_a_short_session_does()
    {
        const int Messages = 20_000, Short = Messages / 10;
        var world = await StartedAsync();

        // By turns, for what code allocates changes when it is compiled anew, which happens at any time. Tables that double are paid for by all messages that
        // they were made for: sums from the start on, not windows.
        long ofLong = 0, ofShort = 0;
        for (int i = 0; i < Messages / Short; i++)
        {
            ofLong += Allocated(world, Short);
            ofShort += Allocated(await StartedAsync(), Short);
        }

        Assert.InRange((double)ofLong / ofShort, 0.8, 1.1);
        Assert.InRange(ofLong / Messages, 1, 500);
    }

    static async Task<World> StartedAsync()
    {
        var world = new World(history: new MemoryHistory());
        await world.StartAsync();
        // The state of the mode is the mode's: a list that doubles would be measured instead of the kernel.
        NotesMode.ForgetNotes(world.Configuration, World.Session);
        return world;
    }

    static long Allocated(World world, int messages)
    {
        Envelope[] notes = [.. Enumerable.Range(0, messages).Select(_ => world.Note(World.Bob, "a note"))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var note in notes) Assert.True(world.Runtime.SendAsync(World.Bob, note).Result.Ok);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
