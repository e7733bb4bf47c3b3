using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class CostTests
{
    [Fact]
    public async Task A_message_of_a_long_session_allocates_on_average_what_one_of_a_short_session_does()
    {
        const int Messages = 20_000, Tenth = Messages / 10;
        var world = new World(history: new MemoryHistory());
        await world.StartAsync();
        var notes = Enumerable.Range(0, Messages).Select(i => world.Note(World.Bob, "a note")).ToArray();
        // The state of the mode is the mode's: a list that doubles would be measured instead of the kernel.
        NotesMode.ForgetNotes(world.Configuration, World.Session);

        // Tables that double are paid for by all messages that they were made for: averages from the start on, not windows.
        long beginning = Allocated(world, notes.AsSpan(0, Tenth));
        long all = beginning + Allocated(world, notes.AsSpan(Tenth));

        Assert.InRange((double)all / Messages / ((double)beginning / Tenth), 0.8, 1.1);
        Assert.InRange(all / Messages, 1, 500);
    }

    static long Allocated(World world, ReadOnlySpan<Envelope> notes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var note in notes) Assert.True(world.Runtime.SendAsync(World.Bob, note).Result.Ok);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
