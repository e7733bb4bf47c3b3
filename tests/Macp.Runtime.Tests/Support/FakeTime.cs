namespace Macp.Runtime.Tests;

/// <summary>A clock that moves when it is told to, wall clock and timestamps together, and fires timers on the way.</summary>
public sealed class FakeTime : TimeProvider
{
    public const long Origin = 1_800_000_000_000;

    readonly Lock _gate = new();
    readonly List<FakeTimer> _timers = [];
    long _elapsedMs;
    long _wallOffsetMs;

    public long NowMs => Origin + Volatile.Read(ref _elapsedMs) + Volatile.Read(ref _wallOffsetMs);

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Volatile.Read(ref _elapsedMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    /// <summary>Lets time pass.</summary>
    public void Advance(long milliseconds)
    {
        FakeTimer[] due;
        lock (_gate)
        {
            _elapsedMs += milliseconds;
            due = [.. _timers.Where(t => t.DueAt <= _elapsedMs)];
        }
        foreach (var timer in due) timer.Fire();
    }

    /// <summary>When the next timer fires, in milliseconds since the beginning; <see cref="long.MaxValue"/> when none is set.</summary>
    public long NextTimerAt
    {
        get
        {
            lock (_gate) return _timers.Select(t => t.DueAt).DefaultIfEmpty(long.MaxValue).Min();
        }
    }

    /// <summary>Sets the wall clock back, as an operator or a time server would.</summary>
    public void SetWallBack(long milliseconds) => Interlocked.Add(ref _wallOffsetMs, -milliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    sealed class FakeTimer(FakeTime time, Action callback) : ITimer
    {
        long _period;

        public long DueAt { get; private set; } = long.MaxValue;

        public void Fire()
        {
            DueAt = _period > 0 ? time._elapsedMs + _period : long.MaxValue;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = (long)period.TotalMilliseconds;
            DueAt = dueTime < TimeSpan.Zero ? long.MaxValue : time._elapsedMs + (long)dueTime.TotalMilliseconds;
            return true;
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
