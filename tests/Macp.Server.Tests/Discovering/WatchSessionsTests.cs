using Macp.Grpc;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Server.Tests;

/// <summary>WatchSessions: what is open first, then every change once (runtime-semantics 3.6; decisions 18).</summary>
public sealed class WatchSessionsTests
{
    [Fact]
    public async Task What_is_open_or_suspended_is_told_first_as_created_when_it_started()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string open = await runtime.OpenAsync(), suspended = await runtime.OpenAsync(), ended = await runtime.OpenAsync();
        long started = runtime.Time.NowMs;
        await runtime.SuspendAsync("ini", suspended);
        await runtime.CancelAsync("ini", ended);
        runtime.Time.Advance(TimeSpan.FromSeconds(1));

        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "bob");
        var told = await ToldAsync(runtime, watch);

        Assert.All(told, e => Assert.Equal((EventType.Created, started), (e.EventType, e.ObservedAtUnixMs)));
        Assert.Equal([(open, SessionState.Open), (suspended, SessionState.Suspended)], told.Select(e => (e.Session.SessionId, e.Session.State)).OrderBy(e => e.SessionId != open));
        Assert.Equal(await runtime.MetadataAsync(open), told.Single(e => e.Session.SessionId == open).Session);
    }

    [Fact]
    public async Task Then_every_change_is_told_once_and_in_order_with_its_time()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "bob");
        long now = runtime.Time.NowMs;
        string first = await runtime.DeliberateAsync();
        await runtime.SuspendAsync("ini", first);
        runtime.Time.Advance(TimeSpan.FromSeconds(5));
        await runtime.ResumeAsync("ini", first);
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(first));
        string second = await runtime.OpenAsync(), third = await runtime.OpenAsync(start => start.TtlMs = 1000);
        await runtime.CancelAsync("ini", second);
        runtime.Time.Advance(TimeSpan.FromSeconds(5));
        await runtime.MetadataAsync(third); // looked at, and so noticed

        Assert.Equal(
            [
                (first, EventType.Created, SessionState.Open, now), (first, EventType.Suspended, SessionState.Suspended, now),
                (first, EventType.Resumed, SessionState.Open, now + 5000), (first, EventType.Resolved, SessionState.Resolved, now + 5000),
                (second, EventType.Created, SessionState.Open, now + 5000), (third, EventType.Created, SessionState.Open, now + 5000),
                (second, EventType.Cancelled, SessionState.Cancelled, now + 5000), (third, EventType.Expired, SessionState.Expired, now + 10_000),
            ],
            (await ToldAsync(runtime, watch)).Select(e => (e.Session.SessionId, e.EventType, e.Session.State, e.ObservedAtUnixMs)));
    }

    [Fact]
    public async Task The_sweeper_by_itself_tells_of_an_expiry()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(start => start.TtlMs = 1000);
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "bob");
        Assert.Equal(EventType.Created, (await watch.NextAsync()).Event.EventType);
        runtime.Time.Advance(TimeSpan.FromMinutes(2));
        var told = (await watch.NextAsync()).Event;
        Assert.Equal((session, EventType.Expired), (told.Session.SessionId, told.EventType));
    }

    [Fact]
    public async Task What_changes_nothing_is_not_told()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "bob");
        await watch.NextAsync();

        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session));
        await runtime.RefusesAsync("SESSION_ALREADY_EXISTS", "ini", Envelopes.Start(session));
        await runtime.RefusesAsync("FORBIDDEN", "alice", Envelopes.Commitment(session));
        Assert.False((await runtime.ResumeAsync("ini", session)).Ok);
        await runtime.CancelAsync("alice", session).FailsWith(GrpcStatusCode.PermissionDenied);
        Assert.Empty(await ToldAsync(runtime, watch));

        await runtime.CancelAsync("ini", session);
        Assert.Equal(EventType.Cancelled, (await watch.NextAsync()).Event.EventType);
        await runtime.CancelAsync("ini", session);
        Assert.Empty(await ToldAsync(runtime, watch));
    }

    [Fact]
    public async Task Sessions_that_start_while_the_watching_does_are_told_once()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var ids = new List<string>();
        for (int i = 0; i < 50; i++) ids.Add(await runtime.OpenAsync());
        var starting = Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++) ids.Add(await runtime.OpenAsync());
        });
        var watches = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => runtime.WatchAsync(Rpc.WatchSessions, "carol"))).Happens();
        await starting.Happens();
        string fence = await runtime.OpenAsync();
        foreach (var watch in watches)
        {
            var told = await watch.BeforeAsync(next => next.Event.Session.SessionId == fence);
            Assert.Equal(ids.Order(StringComparer.Ordinal), told.Select(next => next.Event.Session.SessionId).Order(StringComparer.Ordinal));
            await watch.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_is_told_that_it_fell_behind()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(start => start.MaxSuspendMs = long.MaxValue);
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "bob");
        await watch.NextAsync();
        var owner = new Macp.Runtime.Identity("ini");
        // As many as fill the windows of the connection, and then as many as are kept.
        for (int i = 0; i < 40_000; i++)
        {
            await runtime.Host.Runtime.SuspendAsync(owner, session, "");
            await runtime.Host.Runtime.ResumeAsync(owner, session, "");
        }
        await watch.BeforeAsync(_ => false).FailsWith(GrpcStatusCode.ResourceExhausted);
        await using var anew = await runtime.WatchAsync(Rpc.WatchSessions, "bob");
        Assert.Equal((session, EventType.Created), ((await anew.NextAsync()).Event is var e ? e.Session.SessionId : "", e.EventType));
    }

    /// <summary>What was told up to now.</summary>
    static async Task<List<SessionLifecycleEvent>> ToldAsync(TestRuntime runtime, Watch<WatchSessionsResponse> watch)
    {
        string fence = await runtime.OpenAsync();
        return [.. (await watch.BeforeAsync(told => told.Event.Session.SessionId == fence)).Select(told => told.Event)];
    }
}
