namespace Macp.Runtime;

/// <summary>Wakes whoever waits for a session's history to grow, all of them at once. Costs the writer a memory barrier while nobody waits.</summary>
sealed class WakeUp
{
    TaskCompletionSource? _next;

    /// <summary>Completes at the next pulse. Take it first, look at the history after it, and wait only when there was nothing.</summary>
    public Task Next()
    {
        var next = Volatile.Read(ref _next);
        if (next is not null) return next.Task;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, mine, null) ?? mine).Task;
    }

    /// <summary>The history grew.</summary>
    public void Pulse()
    {
        // Between the writing of the record and the look for waiters; without it both sides could miss each other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _next) is not null) Interlocked.Exchange(ref _next, null)?.TrySetResult();
    }
}
