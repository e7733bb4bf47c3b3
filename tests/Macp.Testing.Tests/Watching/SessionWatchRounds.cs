using System.Globalization;
using System.Text.RegularExpressions;

namespace Macp.Testing.Tests;

/// <summary>
/// Random sessions, and a connection that is cut at random: of each session the watcher is told one history, with the end that it had.
/// <c>MACP_WATCH_ROUNDS</c> sets how many rounds, <c>MACP_WATCH_SEED</c> which.
/// </summary>
public sealed partial class SessionWatchRounds
{
    const int SessionsARound = 12, RoundsARestart = 10;

    static readonly int Rounds = Setting("MACP_WATCH_ROUNDS", 12);

    readonly Dictionary<string, string> _ends = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_session_has_one_history()
    {
        int seed = Setting("MACP_WATCH_SEED", Random.Shared.Next(100_000));
        var random = new Random(seed);
        await using var sessions = await WatchedSessions.StartAsync();
        await using var told = sessions.Watch();
        // What ends before the watch has begun is not its business.
        string first = await sessions.OpenAsync();
        await told.Told(first, "CREATED");
        for (int round = 1; round <= Rounds; round++)
        {
            using var over = new CancellationTokenSource();
            var cutting = CutAsync(sessions, new(random.Next()), over.Token);
            await Task.WhenAll(Enumerable.Range(0, SessionsARound).Select(_ => LiveAsync(sessions, new(random.Next()))));
            await over.CancelAsync();
            await cutting;
            if (round % RoundsARestart == 0)
            {
                await sessions.StopAsync();
                await sessions.ComeBackAsync();
            }
            await WatchedSessions.Soon(() => !told.Failed() && _ends.Keys.All(id => Whole().IsMatch(told.Of(id))), () => $"seed {seed}, round {round}: {Wrong(told)}");
        }

        // The last round's streams may have more to tell; a session that they know is told behind it.
        string fence = await sessions.OpenAsync();
        await told.Told(fence, "CREATED");
        Assert.True(_ends.All(end => Whole().IsMatch(told.Of(end.Key)) && told.Of(end.Key).EndsWith(end.Value, StringComparison.Ordinal)), $"seed {seed}: {Wrong(told)}");
        Assert.Equal(_ends.Keys.Append(first).Append(fence).Order(), told.All.Keys.Order());
        Assert.True(told.Found > 0, "nothing was lost by the cuts, so that nothing was shown");
    }

    /// <summary>A session from its start to its end, with suspensions and pauses between.</summary>
    async Task LiveAsync(WatchedSessions sessions, Random random)
    {
        await Task.Delay(random.Next(40));
        string id = await sessions.OpenAsync();
        bool isSuspended = false;
        for (int turns = random.Next(4); turns > 0; turns--, isSuspended = !isSuspended)
        {
            await (isSuspended ? sessions.Ann.ResumeSessionAsync(id) : sessions.Ann.SuspendSessionAsync(id));
            await Task.Delay(random.Next(20));
        }
        bool isResolved = !isSuspended && random.Next(2) == 0;
        await (isResolved ? sessions.ResolveAsync(id) : sessions.Ann.CancelSessionAsync(id));
        lock (_ends) _ends.Add(id, isResolved ? "RESOLVED" : "CANCELLED");
    }

    static async Task CutAsync(WatchedSessions sessions, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(random.Next(30), CancellationToken.None);
            sessions.Proxy.RefuseNew = random.Next(3) == 0;
            sessions.Proxy.CutAll();
        }
        sessions.Proxy.RefuseNew = false;
    }

    string Wrong(WatchedHistories told) =>
        string.Join("; ", _ends.Where(end => !Whole().IsMatch(told.Of(end.Key))).Select(end => $"{end.Key} ended {end.Value}: '{told.Of(end.Key)}'").Take(5));

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    [GeneratedRegex("^CREATED( SUSPENDED RESUMED)*( SUSPENDED)? (RESOLVED|CANCELLED)$")]
    private static partial Regex Whole();
}
