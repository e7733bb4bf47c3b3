using System.Runtime.CompilerServices;

namespace Macp.Runtime;

/// <summary>Wakes whoever waits for something to grow or to change, all of them at once. Costs the writer a memory barrier while nobody waits.</summary>
sealed class WakeUp
{
    TaskCompletionSource? _next;

    /// <summary>Completes at the next pulse. Take it first, look after it, and wait only when there was nothing.</summary>
    public Task Next()
    {
        var next = Volatile.Read(ref _next);
        if (next is not null) return next.Task;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, mine, null) ?? mine).Task;
    }

    /// <summary>It grew, or changed.</summary>
    public void Pulse()
    {
        // Between the change and the look for waiters; without it both sides could miss each other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _next) is not null) Interlocked.Exchange(ref _next, null)?.TrySetResult();
    }

    /// <summary>Tells how things stand, at once and again after every change; several changes at once may be told as one. Ends by cancellation only.</summary>
    public async IAsyncEnumerable<T> TellAsync<T>(Func<T> tell, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Taken before the telling: a change in between is told again, and none is missed.
            var changed = Next();
            yield return tell();
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
