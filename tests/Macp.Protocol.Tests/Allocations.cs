namespace Macp.Protocol.Tests;

/// <summary>Counts what a piece of code allocates once it has run before.</summary>
static class Allocations
{
    public static void AreNone(Action action)
    {
        // The first calls may compile, and build what is built once; a later one may again, when code is compiled anew. What each call allocates is in each round.
        for (int i = 0; i < 50; i++) action();
        Assert.Equal(0, Enumerable.Range(0, 4).Min(_ => OfRound(action)));
    }

    static long OfRound(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
