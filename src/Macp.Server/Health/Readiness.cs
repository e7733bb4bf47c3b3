namespace Macp.Server.Health;

/// <summary>Whether the runtime serves: not before it has taken up what its history holds, and no more once the host stops.</summary>
sealed class Readiness
{
    readonly Lock _gate = new();
    TaskCompletionSource _changed = New();
    bool _hasStopped;

    /// <summary>Whether calls are served now.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Whether that is so, and what completes when it is no longer.</summary>
    public (bool IsServing, Task Changed) Now
    {
        get { lock (_gate) return (IsServing, _changed.Task); }
    }

    /// <summary>The runtime has started. One that is stopping already does not serve any more.</summary>
    public void Start()
    {
        lock (_gate) Set(!_hasStopped);
    }

    /// <summary>The host is stopping.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _hasStopped = true;
            Set(false);
        }
    }

    void Set(bool isServing)
    {
        if (isServing == IsServing) return;
        IsServing = isServing;
        _changed.SetResult();
        _changed = New();
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
