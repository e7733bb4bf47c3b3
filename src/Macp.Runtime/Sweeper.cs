using System.Diagnostics;

namespace Macp.Runtime;

/// <summary>
/// Touches what nobody else touches, when something of it is due, and sleeps until then. It does not sleep longer than the interval: the wall clock, by
/// which sessions are due, may be set meanwhile.
/// </summary>
sealed class Sweeper(DueSchedule schedule, Action release, Action forget, TimeProvider time, TimeSpan interval, Action<string, Exception> fault) : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly long _longestSleepMs = Math.Clamp((long)interval.TotalMilliseconds, 1, int.MaxValue);
    Task _running = Task.CompletedTask;
    bool _started;

    public void Start()
    {
        if (!Interlocked.Exchange(ref _started, true)) _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    async Task RunAsync()
    {
        // Whoever has started it is not who makes things come due.
        Activity.Current = null;
        using var alarm = time.CreateTimer(_ => schedule.Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        long forgotAt = time.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            await SweepAsync().ConfigureAwait(false);
            Try(release);
            if (time.GetElapsedTime(forgotAt) >= interval)
            {
                Try(forget);
                forgotAt = time.GetTimestamp();
            }
            long now = Now;
            var woken = schedule.WhenWoken(out long wakesAt);
            if (wakesAt <= now) continue;
            alarm.Change(TimeSpan.FromMilliseconds(Math.Min(wakesAt - now, _longestSleepMs)), Timeout.InfiniteTimeSpan);
            // When the clock moved meanwhile, the alarm is set by what it was: once more.
            if (Now == now) await woken.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            fault("", e);
        }
    }

    long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    async Task SweepAsync()
    {
        try
        {
            // All are appended before any is waited for: they share the history's writes.
            var pending = new List<Task>();
            long now = Now;
            foreach (var session in schedule.TakeDueAt(now))
            {
                var caughtUp = session.CatchUpAsync(now);
                if (!caughtUp.IsCompletedSuccessfully) pending.Add(caughtUp.AsTask());
            }
            await Task.WhenAll(pending).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault("", e);
        }
    }
}
