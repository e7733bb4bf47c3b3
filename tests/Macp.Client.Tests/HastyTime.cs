using System.Collections.Concurrent;

namespace Macp.Client.Tests;

/// <summary>A clock on which every wait is over as soon as it begins, and is remembered. In between it stands.</summary>
sealed class HastyTime : TimeProvider
{
    readonly Lock _gate = new();
    int _looks;
    DateTimeOffset _now = DateTimeOffset.Parse("2026-05-06T07:08:09Z");

    /// <summary>The waits, in order.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    /// <summary>How often somebody has asked for a timestamp.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp()
    {
        long now = GetUtcNow().Ticks;
        Interlocked.Increment(ref _looks);
        return now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate) _now += dueTime;
        Waits.Enqueue(dueTime);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Over();
    }

    sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => default;
    }
}
