namespace Macp.Protocol.Tests;

/// <summary>Counts what a piece of code allocates once it has run before.</summary>
static class Allocations
{
    public static void AreNone(Action action)
    {
        // The first rounds may compile, and build what is built once.
        for (int i = 0; i < 50; i++) action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++) action();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
