namespace Macp.Client;

/// <summary>Work that runs at most once at a time: who comes meanwhile joins it. It is nobody's to cancel, and nobody need be waiting for its failure.</summary>
sealed class SharedTask<T>
{
    readonly Lock _gate = new();
    Task<T>? _running;

    /// <summary>The work under way; begun unless it is.</summary>
    public Task<T> Join(Func<Task<T>> work)
    {
        lock (_gate)
        {
            if (_running is { IsCompleted: false }) return _running;
            return _running = Task.Run(work).Unattended();
        }
    }
}
