using System.Text.RegularExpressions;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Runtime;

namespace Macp.Testing.Tests;

/// <summary>A watcher of sessions and the real runtime, with cables that break, a server that restarts, and a reader that is too slow.</summary>
public sealed partial class SessionWatchTests
{
    [Fact]
    public async Task An_end_while_the_runtime_restarts_is_told()
    {
        await using var sessions = await WatchedSessions.StartAsync();
        string resolved = await sessions.OpenAsync(), open = await sessions.OpenAsync();
        await using var told = sessions.Watch();
        await told.Told(resolved, "CREATED");
        await told.Told(open, "CREATED");

        sessions.Proxy.RefuseNew = true;
        sessions.Proxy.CutAll();
        await sessions.ResolveAsync(resolved);
        string brief = await sessions.OpenAsync();
        await sessions.Ann.CancelSessionAsync(brief);
        await sessions.StopAsync();
        await sessions.ComeBackAsync();
        sessions.Proxy.RefuseNew = false;

        await told.Told(resolved, "CREATED RESOLVED");
        await told.Told(brief, "CREATED CANCELLED");
        await sessions.Ann.SuspendSessionAsync(open);
        await told.Told(open, "CREATED SUSPENDED");
        Assert.Equal(3, told.Found);
    }

    [Fact]
    public async Task What_was_there_is_told_apart_from_what_comes()
    {
        await using var sessions = await WatchedSessions.StartAsync();
        string there = await sessions.OpenAsync(), ended = await sessions.OpenAsync();
        await sessions.Ann.CancelSessionAsync(ended);
        await using var watch = new SessionLifecycleWatcher(sessions.Ann).Changes().GetAsyncEnumerator();

        var first = await NextAsync(watch);
        string later = await sessions.OpenAsync();
        var second = await NextAsync(watch);

        Assert.Equal([(there, true, true), (later, true, false)], ((SessionChange[])[first, second]).Select(c => (c.Session.SessionId, c.IsCreated, c.IsSnapshot)));
    }

    [Fact]
    public async Task Whoever_is_too_slow_comes_back_and_every_session_has_one_history()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        var client = runtime.Connect("ann");
        string turned = await WatchedSessions.OpenAsync(client), ended = await WatchedSessions.OpenAsync(client);
        var caughtUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = new WatchedHistories(new(client), caughtUp.Task);
        await WatchedSessions.Soon(() => !told.Failed() && told.All.Count == 1, () => "nothing was told");

        var ann = new Identity("ann");
        // As many as fill the windows of the connection, and then as many as are kept.
        for (int i = 0; i < 40_000; i++)
        {
            await runtime.Kernel.SuspendAsync(ann, turned, "");
            await runtime.Kernel.ResumeAsync(ann, turned, "");
        }
        await client.CancelSessionAsync(ended);
        caughtUp.SetResult();

        await told.Told(ended, "CREATED CANCELLED");
        await client.CancelSessionAsync(turned);
        await WatchedSessions.Soon(() => told.Of(turned).EndsWith(" CANCELLED", StringComparison.Ordinal), () => $"{told.Of(turned).Length} characters of history, and no end");
        Assert.Matches(History(), told.Of(turned));
        Assert.True(told.Found > 0);
    }

    static async Task<SessionChange> NextAsync(IAsyncEnumerator<SessionChange> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        return watch.Current;
    }

    [GeneratedRegex("^CREATED( SUSPENDED RESUMED)*( SUSPENDED)? (RESOLVED|EXPIRED|CANCELLED)$")]
    private static partial Regex History();
}
