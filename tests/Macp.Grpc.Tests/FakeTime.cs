namespace Macp.Grpc.Tests;

/// <summary>A clock that stands until it is moved, and tells when a timer has been set on it.</summary>
sealed class FakeTime : TimeProvider
{
    readonly Lock _gate = new();
    readonly List<Timer> _timers = [];
    readonly TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public Task Armed => _armed.Task;

    public int Timers
    {
        get { lock (_gate) return _timers.Count; }
    }

    /// <summary>It comes to have this many timers.</summary>
    public async Task HasAsync(int timers)
    {
        await Soon.Comes(() => Timers == timers);
        Assert.Equal(timers, Timers);
    }

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state), _now + dueTime);
        lock (_gate) _timers.Add(timer);
        _armed.TrySetResult();
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        _now += by;
        Timer[] due;
        lock (_gate) due = [.. _timers.Where(timer => timer.Due <= _now)];
        foreach (var timer in due)
        {
            timer.Dispose();
            timer.Fire();
        }
    }

    sealed record Timer(FakeTime Time, Action Fire, DateTimeOffset Due) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (Time._gate) Time._timers.RemoveAll(timer => ReferenceEquals(timer, this));
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
