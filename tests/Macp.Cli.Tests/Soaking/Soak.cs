using System.Diagnostics;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>A server under mixed load: ended and started again, and held against what its clients were told.</summary>
sealed class Soak(SoakServer server, Shifts shifts, SoakBook book)
{
    const int Kill = 9;

    // The drain of a stop, and what a busy machine takes to end a process.
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    // A session expires once: what the processes before were seen to have counted, and this one so far, is not counted again.
    long _expiredBefore, _expiredHere;

    // What was counted just before a kill need not have been on the disk, and then the next process counts it again.
    int _perhapsAgain;
    DateTimeOffset _began = DateTimeOffset.UtcNow;

    public Level Level { get; } = new();

    public SortedDictionary<string, int> Endings { get; } = new(StringComparer.Ordinal);

    /// <summary>What was counted of all processes, as their clients were told.</summary>
    public SortedDictionary<string, long> Totals { get; } = new(StringComparer.Ordinal);

    public async Task KillAsync()
    {
        await CompareBoundsAsync();
        await EndAsync("killed", Kill, 128 + Kill);
    }

    public async Task StopUnderLoadAsync()
    {
        await CompareBoundsAsync();
        await EndAsync("stopped under load", MacpProcess.Terminate, 0);
    }

    public async Task StopInPauseAsync()
    {
        await PauseAsync();
        await EndAsync("stopped in a pause", MacpProcess.Terminate, 0);
    }

    /// <summary>Lets everybody end what they do, and holds everything against what they were told: exactly.</summary>
    public async Task PauseAsync()
    {
        await shifts.CloseAsync();
        if (book.LastDeadline - DateTimeOffset.UtcNow is var left && left > TimeSpan.Zero) await Task.Delay(left);
        string where = $"life {shifts.Life.Number}, in a pause";
        long atLeast = book.ExpiredSince(_began), atMost = book.ExpiredSince(default) - _expiredBefore + _perhapsAgain;
        await SoonAsync(where, async () =>
        {
            var metrics = await server.MetricsAsync();
            _expiredHere = Sum(metrics, LifeTally.Expired);
            return Difference(shifts.Life.Tally.Copy(), LifeTally.CountedIn(metrics), exactly: true)
                ?? (_expiredHere >= atLeast && _expiredHere <= atMost ? null : $"{_expiredHere} expired, and not {atLeast} to {atMost}")
                ?? Unequal("open", Sum(metrics, "macp_sessions_open"), book.Sessions.Values.Count(session => session is { State: SessionState.Open, IsBrief: false }))
                ?? Unequal("suspended", Sum(metrics, "macp_sessions_in_suspension"), book.Sessions.Values.Count(session => session.State is SessionState.Suspended));
        });
        await CompareSessionsAsync(where);
        await shifts.ClearAsync();
        await SoonAsync(where, async () =>
        {
            var metrics = await server.MetricsAsync();
            var busy = metrics.Where(metric => LifeTally.NameOf(metric.Key) is "kestrel_active_connections" or "http_server_active_requests" or "kestrel_queued_requests" && !server.IsOfMetrics(metric.Key) && metric.Value > 0);
            return busy.Select(metric => metric.ToString()).FirstOrDefault();
        });
        Level.Quiet(server.Holds());
    }

    /// <summary>The sessions that have ended leave memory, and the disk when their time is over.</summary>
    public Task ForgetsAsync() => SoonAsync("after the end", async () =>
    {
        long held = Sum(await server.MetricsAsync(), "macp_sessions_in_memory");
        if (held > 0) return $"{held} sessions are in memory";
        await CompareSessionsAsync("after the end");
        await foreach (var session in shifts.Crew["ops"].ListSessionsAsync(includeFinished: true)) return $"{session.SessionId} is listed";
        return book.Sessions.IsEmpty ? null : $"{book.Sessions.Count} sessions can be read";
    }, book.Retention * 3);

    async Task EndAsync(string how, int signal, int status)
    {
        var signalled = DateTimeOffset.UtcNow;
        shifts.Life.IsEnding = true;
        server.Signal(signal);
        var ended = await server.EndAsync();
        Assert.Equal((status, ""), (ended.Status, ended.Error));
        Assert.InRange(DateTimeOffset.UtcNow - signalled, TimeSpan.Zero, Drain);
        Endings[how] = Endings.GetValueOrDefault(how) + 1;
        await shifts.CloseAsync();
        CountTotals();
        await server.StartAsync();
        shifts.Next();
        if (signal == Kill) _perhapsAgain += book.ExpiredSince(signalled - Drain) - book.ExpiredSince(signalled);
        (_expiredBefore, _expiredHere, _began) = (_expiredBefore + _expiredHere, 0, DateTimeOffset.UtcNow);
        await CompareSessionsAsync($"life {shifts.Life.Number}, {how} before");
        shifts.Open();
    }

    public void CountTotals()
    {
        foreach (var (series, count) in shifts.Life.Tally.Copy()) Totals[LifeTally.NameOf(series)] = Totals.GetValueOrDefault(LifeTally.NameOf(series)) + count;
    }

    /// <summary>While calls are under way, a counter stands between what was answered before it was read and what was sent by then.</summary>
    async Task CompareBoundsAsync()
    {
        var before = shifts.Life.Tally.Copy();
        await SoonAsync($"life {shifts.Life.Number}, under load", async () =>
        {
            var metrics = await server.MetricsAsync();
            _expiredHere = Sum(metrics, LifeTally.Expired);
            var counted = LifeTally.CountedIn(metrics);
            int underWay = shifts.UnderWay;
            var after = shifts.Life.Tally.Copy();
            foreach (var (series, count) in counted)
                Assert.True(count <= after.GetValueOrDefault(series) + underWay, $"{series} is {count}; clients were told of {after.GetValueOrDefault(series)}, with {underWay} calls under way");
            return Difference(before, counted, exactly: false);
        });
    }

    async Task CompareSessionsAsync(string where)
    {
        var client = shifts.Crew["ops"];
        await Parallel.ForEachAsync(book.Sessions.Values, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (session, _) =>
        {
            if (!await session.CompareAsync(client, book.Retention, where)) book.Sessions.TryRemove(session.Id, out var _);
        });
    }

    static string? Difference(Dictionary<string, long> told, Dictionary<string, long> counted, bool exactly)
    {
        foreach (string series in told.Keys.Union(counted.Keys))
        {
            long more = counted.GetValueOrDefault(series) - told.GetValueOrDefault(series);
            if (exactly ? more != 0 : more < 0) return $"{series} is {counted.GetValueOrDefault(series)}, and clients were told of {told.GetValueOrDefault(series)}";
        }
        return null;
    }

    static string? Unequal(string what, long counted, long told) => counted == told ? null : $"{counted} sessions are {what}, and clients know of {told}";

    static long Sum(Dictionary<string, long> metrics, string name) => metrics.Where(metric => LifeTally.NameOf(metric.Key) == name).Sum(metric => metric.Value);

    /// <summary>A counter may follow the answer by a moment.</summary>
    static async Task SoonAsync(string where, Func<Task<string?>> whatIsWrong, TimeSpan? patience = null)
    {
        long began = Stopwatch.GetTimestamp();
        while (await whatIsWrong() is { } wrong)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < (patience ?? TimeSpan.FromSeconds(10)), $"{where}: {wrong}");
            await Task.Delay(100);
        }
    }
}
