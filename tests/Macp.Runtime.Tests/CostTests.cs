using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class CostTests
{
    [Fact]
    public async Task A_message_allocates_the_same_at_the_end_of_a_long_session_as_at_its_beginning()
    {
        const int Messages = 20_000, Tenth = Messages / 10;
        var world = new World(history: new MemoryHistory());
        await world.StartAsync();
        var notes = Enumerable.Range(0, Messages).Select(i => world.Note(World.Bob, "a note")).ToArray();
        // The state of the mode is the mode's: a list that doubles would be measured instead of the kernel.
        NotesMode.ForgetNotes(world.Configuration, World.Session);

        long first = Allocated(world, notes.AsSpan(0, Tenth));
        Allocated(world, notes.AsSpan(Tenth, Messages - 2 * Tenth));
        long last = Allocated(world, notes.AsSpan(Messages - Tenth));

        Assert.InRange((double)last / first, 0.9, 1.1);
        Assert.InRange(last / Tenth, 1, 400);
    }

    static long Allocated(World world, ReadOnlySpan<Envelope> notes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var note in notes) Assert.True(world.Runtime.SendAsync(World.Bob, note).Result.Ok);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
