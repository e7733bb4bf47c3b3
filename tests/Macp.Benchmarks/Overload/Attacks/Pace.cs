using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>
/// An open loop: so many a second, whatever becomes of those before, on a thread of its own. It sleeps by the nanosecond, since a timer's millisecond would be
/// a good part of what is measured, and spinning would take the processor from the server.
/// </summary>
static class Pace
{
    /// <summary>Does it with its number and the moment it was meant for, until it is enough.</summary>
    public static Task RunAsync(int perSecond, Action<int, long> act, CancellationToken enough) => Task.Factory.StartNew(() =>
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; !enough.IsCancellationRequested; i++)
        {
            long meant = began + i * Stopwatch.Frequency / perSecond;
            SleepUntil(meant);
            act(i, meant);
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    static void SleepUntil(long moment)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), moment);
        if (left <= TimeSpan.Zero) return;
        _ = NanoSleep(new((nint)left.TotalSeconds, (nint)(left.Ticks % TimeSpan.TicksPerSecond * 100)), 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    static extern int NanoSleep(in Duration duration, nint left);

    readonly record struct Duration(nint Seconds, nint Nanoseconds);
}
