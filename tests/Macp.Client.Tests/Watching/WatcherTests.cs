using Macp.Grpc;

namespace Macp.Client.Tests;

/// <summary>What all watchers have in common: streams that break and end, and callers that leave.</summary>
public class WatcherTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    readonly HastyTime _time = new();

    public static TheoryData<Watcher> Watchers => Watcher.All;

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task A_broken_stream_is_opened_again_and_every_failure_in_a_row_waits_longer(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, async (stream, tell, call) =>
        {
            if (stream is 2 or 3) throw new GrpcException(GrpcStatusCode.ResourceExhausted, "fell behind");
            await tell();
            if (stream is 1 or 4) throw new GrpcException(GrpcStatusCode.Unavailable, "going down");
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });

        int told = 0;
        await foreach (var _ in watcher.Changes(client, new() { Reconnect = new WatchOptions().Reconnect with { Jitter = 0 } }))
            if (++told == 3) break;

        Assert.Equal([0.1, 0.2, 0.4, 0.1], _time.Waits.Select(wait => wait.TotalSeconds));
        Assert.All(runtime.Credentials, credential => Assert.Equal("Bearer alice", credential));
    }

    [Fact]
    public void Waits_are_left_to_chance_in_part_and_lag_and_absence_alone_are_waited_for()
    {
        var policy = new WatchOptions().Reconnect;
        Assert.True(policy.Jitter > 0);
        Assert.Equal([GrpcStatusCode.Unavailable, GrpcStatusCode.ResourceExhausted], policy.StatusCodes);
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task A_runtime_that_is_not_there_is_given_up_after_so_many_attempts(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, (_, _, _) => throw new GrpcException(GrpcStatusCode.Unavailable, "down"));

        var failure = await Assert.ThrowsAsync<MacpRetryException>(() => AllAsync(watcher.Changes(client, new() { Reconnect = new() { MaxRetries = 2, Jitter = 0 } })));

        Assert.Equal(3, failure.Attempts);
        Assert.Equal(2, _time.Waits.Count);
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task What_time_does_not_mend_is_thrown_at_once(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        foreach (var status in (GrpcStatusCode[])[GrpcStatusCode.Unauthenticated, GrpcStatusCode.PermissionDenied, GrpcStatusCode.Unimplemented])
        {
            Watcher.Serve(runtime, (_, _, _) => throw new GrpcException(status, "no"));
            var failure = await Assert.ThrowsAsync<MacpTransportException>(() => AllAsync(watcher.Changes(client)));
            Assert.Equal(status, failure.StatusCode);
            Assert.StartsWith(watcher.ToString(), failure.Message, StringComparison.Ordinal);
        }
        Assert.Empty(_time.Waits);
        await Assert.ThrowsAsync<MacpConfigurationException>(() => AllAsync(watcher.Changes(runtime.Connect())));
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task Without_reconnecting_it_is_one_stream_and_fails_or_ends_as_that_does(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var once = new WatchOptions { Reconnect = new WatchOptions().Reconnect with { MaxRetries = 0 } };
        Watcher.Serve(runtime, (_, tell, _) => tell());
        Assert.Single(await AllAsync(watcher.Changes(client, once)));

        Watcher.Serve(runtime, (_, _, _) => throw new GrpcException(GrpcStatusCode.Unavailable, "going down"));
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<MacpTransportException>(() => AllAsync(watcher.Changes(client, once)))).StatusCode);
        Assert.Empty(_time.Waits);
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task A_stream_that_ends_with_OK_is_opened_again_and_given_up_quietly(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, (stream, tell, _) => stream < 3 ? tell() : Task.CompletedTask);

        var told = await AllAsync(watcher.Changes(client, new() { Reconnect = new() { MaxRetries = 2, Jitter = 0 } }));

        Assert.Equal(2, told.Count);
        Assert.Equal([0.1, 0.1, 0.2], _time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task A_stream_that_has_nothing_to_tell_for_a_while_is_no_failure(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, async (stream, tell, _) =>
        {
            if (stream == 5) await tell();
            // The watcher looks at the clock when a stream has begun, and when it has broken.
            Assert.True(SpinWait.SpinUntil(() => _time.Looks >= (2 * stream) - 1, Watcher.Patience));
            _time.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), default);
            throw new GrpcException(GrpcStatusCode.Unavailable, "going down");
        });

        await foreach (var _ in watcher.Changes(client, new() { Reconnect = new() { MaxRetries = 1, Jitter = 0 } })) break;

        Assert.Equal(4, _time.Waits.Count(wait => wait.TotalSeconds == 0.1));
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task A_callers_token_ends_the_watch_and_the_stream(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var ended = Ending(runtime);
        using var stop = new CancellationTokenSource();

        var watching = watcher.WatchAsync(client, (_, token) =>
        {
            Assert.Equal(stop.Token, token);
            return stop.CancelAsync();
        }, stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching.WaitAsync(Watcher.Patience));
        await ended.WaitAsync(Watcher.Patience);
        int calls = runtime.Credentials.Count;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AllAsync(watcher.Changes(client, cancellationToken: stop.Token)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watcher.NextAsync(client, stop.Token));
        Assert.Equal(calls, runtime.Credentials.Count);
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task Leaving_the_enumeration_ends_the_stream(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var ended = Ending(runtime);
        await foreach (var _ in watcher.Changes(client)) break;
        await ended.WaitAsync(Watcher.Patience);
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task What_a_handler_throws_ends_the_watch_and_comes_out(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var ended = Ending(runtime);
        var thrown = new InvalidOperationException("mine");
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidOperationException>(() => watcher.WatchAsync(client, (_, _) => throw thrown).WaitAsync(Watcher.Patience)));
        await ended.WaitAsync(Watcher.Patience);
    }

    [Fact]
    public async Task A_handler_is_awaited_before_the_next_thing_and_may_be_synchronous()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, async (_, tell, _) =>
        {
            await tell();
            await tell();
        });
        var watcher = new RootsWatcher(client, new() { Reconnect = MacpRetryPolicy.None });
        var order = new List<string>();

        await watcher.WatchAsync(async change =>
        {
            order.Add("begin");
            await Task.Yield();
            order.Add("end");
        });
        await watcher.WatchAsync(change => order.Add(change.IsSnapshot ? "snapshot" : "change"));

        Assert.Equal(["begin", "end", "begin", "end", "snapshot", "change"], order);
    }

    [Fact]
    public async Task A_closed_client_ends_a_watch()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var client = Connect(runtime);
        _ = Ending(runtime);
        var watching = new SignalWatcher(client).WatchAsync(async _ => await client.DisposeAsync());
        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(() => watching.WaitAsync(Watcher.Patience))).Message, StringComparison.Ordinal);
        Assert.Empty(_time.Waits);
    }

    [Theory]
    [MemberData(nameof(Watchers))]
    public async Task Whoever_waits_for_the_next_thing_is_told_when_the_watch_ends_before(Watcher watcher)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, (_, _, _) => Task.CompletedTask);
        Assert.Contains("ended the watch", (await Assert.ThrowsAsync<MacpException>(() => watcher.NextAsync(client))).Message, StringComparison.Ordinal);
    }

    MacpClient Connect(FakeRuntime runtime) => runtime.Connect(Alice, o => o with { TimeProvider = _time });

    /// <summary>Each watch tells one thing and holds; completes when a stream of it has ended.</summary>
    static Task Ending(FakeRuntime runtime)
    {
        var ended = new TaskCompletionSource();
        Watcher.Serve(runtime, async (_, tell, call) =>
        {
            call.CancellationToken.Register(() => ended.TrySetResult());
            await tell();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });
        return ended.Task;
    }

    static async Task<List<object>> AllAsync(IAsyncEnumerable<object> items)
    {
        var all = new List<object>();
        await foreach (var item in items) all.Add(item);
        return all;
    }
}
