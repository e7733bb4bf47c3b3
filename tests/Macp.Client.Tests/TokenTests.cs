using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>Tokens that expire, and tokens that the runtime refuses.</summary>
public class TokenTests
{
    readonly MovedTime _time = new();
    int _fetched;

    [Fact]
    public async Task A_token_is_fetched_once_for_all_who_wait_and_kept()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var fetch = new TaskCompletionSource();
        await using var client = Connect(runtime, async _ =>
        {
            await fetch.Task;
            return Next(TimeSpan.FromMinutes(10));
        });

        var calls = Enumerable.Range(0, 10).Select(i => client.GetSessionAsync($"{i}")).ToList();
        fetch.SetResult();
        await Task.WhenAll(calls);
        await client.GetSessionAsync("later");

        Assert.Equal(Enumerable.Repeat("Bearer token-1", 11), runtime.Credentials);
    }

    [Fact]
    public async Task The_next_token_is_fetched_in_the_background_a_minute_before_the_old_one_expires()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var second = new TaskCompletionSource();
        await using var client = Connect(runtime, async _ =>
        {
            if (_fetched == 1) await second.Task;
            return Next(TimeSpan.FromMinutes(10));
        });
        await client.GetSessionAsync("a");
        _time.Advance(TimeSpan.FromMinutes(8.9));
        await client.GetSessionAsync("b");
        Assert.Equal(1, _fetched);

        _time.Advance(TimeSpan.FromMinutes(0.2));
        await client.GetSessionAsync("c");
        second.SetResult();
        await Soon(async () =>
        {
            await client.GetSessionAsync("d");
            return runtime.Credentials.Last() == "Bearer token-2";
        });

        Assert.Equal("Bearer token-1", runtime.Credentials.ElementAt(2));
        Assert.Equal(2, _fetched);
    }

    [Fact]
    public async Task A_fetch_that_fails_leaves_the_old_token_in_use_as_long_as_it_is_valid()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        bool down = false;
        int failures = 0;
        await using var client = Connect(runtime, _ =>
        {
            if (!down) return new(Next(TimeSpan.FromMinutes(10)));
            Interlocked.Increment(ref failures);
            throw new InvalidOperationException("issuer is down");
        });
        await client.GetSessionAsync("a");
        down = true;
        _time.Advance(TimeSpan.FromMinutes(9.5));
        await client.GetSessionAsync("b");
        await Soon(() => Task.FromResult(Volatile.Read(ref failures) == 1));
        for (int i = 0; i < 5; i++) await client.GetSessionAsync("c");
        Assert.All(runtime.Credentials, credential => Assert.Equal("Bearer token-1", credential));
        Assert.Equal(1, failures); // The issuer is not asked with every call.

        _time.Advance(TimeSpan.FromMinutes(1));
        var e = await Assert.ThrowsAsync<MacpConfigurationException>(() => client.GetSessionAsync("d"));
        Assert.Equal("issuer is down", e.InnerException!.Message);
        down = false;
        await client.GetSessionAsync("e");
        Assert.Equal("Bearer token-2", runtime.Credentials.Last());
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_end_the_fetch_for_the_others()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var (begun, fetch) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var client = Connect(runtime, async token =>
        {
            begun.SetResult();
            await fetch.Task.WaitAsync(token);
            return Next(TimeSpan.FromMinutes(10));
        });
        using var source = new CancellationTokenSource();
        var hasty = client.GetSessionAsync("hasty", null, source.Token);
        var patient = client.GetSessionAsync("patient");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hasty)).CancellationToken);
        fetch.SetResult();
        Assert.Equal("patient", (await patient).SessionId);
        Assert.Equal(1, _fetched);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_refused_token_is_replaced_and_the_same_message_sent_once_more(bool asAck)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime, _ => new(Next(TimeSpan.FromMinutes(10))));
        runtime.OnSend = (r, call) => call.Header("authorization") == "Bearer token-2" ? new(FakeRuntime.Accept(r.Envelope)) : Refused(asAck, r.Envelope);

        Assert.True((await client.SendAsync(Notes.Note("s", "", "x", "m1"))).Ok);
        await client.SendAsync(Notes.Note("s", "", "y"));

        Assert.Equal(["Bearer token-1", "Bearer token-2", "Bearer token-2"], runtime.Credentials);
        Assert.Equal(["m1", "m1", "y"], runtime.Sent.Select(e => e.MessageId));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task That_happens_once_a_call(bool asAck)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime, _ => new(Next(TimeSpan.FromMinutes(10))));
        runtime.OnSend = (r, _) => Refused(asAck, r.Envelope);

        await AssertRefusedAsync(asAck, () => client.SendAsync(Notes.Note("s", "", "x")));

        Assert.Equal(["Bearer token-1", "Bearer token-2"], runtime.Credentials);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_fixed_token_is_not_tried_again(bool asAck)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.Bearer("fixed"));
        runtime.OnSend = (r, _) => Refused(asAck, r.Envelope);

        await AssertRefusedAsync(asAck, () => client.SendAsync(Notes.Note("s", "", "x")));

        Assert.Single(runtime.Sent);
    }

    [Fact]
    public async Task Nor_is_one_that_the_provider_gives_again_or_has_no_other_for()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.OnSend = (r, _) => Refused(false, r.Envelope);
        await using var same = runtime.Connect(MacpAuth.Bearer(_ => new ValueTask<string>("same")));
        await AssertRefusedAsync(false, () => same.SendAsync(Notes.Note("s", "", "x")));
        Assert.Single(runtime.Sent);

        await using var failing = Connect(runtime, _ => _fetched == 0 ? new(Next(TimeSpan.FromMinutes(10))) : throw new InvalidOperationException("down"));
        await AssertRefusedAsync(false, () => failing.SendAsync(Notes.Note("s", "", "y")));
        Assert.Equal(2, runtime.Sent.Count);
    }

    [Fact]
    public async Task A_watch_and_a_followed_session_begin_again_with_another_token()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var watching = Connect(runtime, _ => new(Next(TimeSpan.FromMinutes(10))));
        runtime.OnWatchSessions = (_, call) => Refuses(call, "Bearer token-1");
        runtime.OnStream = (_, _, call) => Refuses(call, "Bearer token-3");

        await foreach (var _ in watching.WatchSessionsAsync()) { }
        await using var following = Connect(runtime, _ => new(Next(TimeSpan.FromMinutes(10))));
        await foreach (var _ in following.FollowSessionAsync("s")) { }

        Assert.Equal(["Bearer token-1", "Bearer token-2", "Bearer token-3", "Bearer token-4"], runtime.Credentials);
    }

    [Fact]
    public async Task A_watch_that_is_refused_twice_and_one_with_a_fixed_token_fail()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var renewing = Connect(runtime, _ => new(Next(TimeSpan.FromMinutes(10))));
        await using var fixedly = runtime.Connect(MacpAuth.Bearer("fixed"));
        runtime.OnWatchSessions = (_, _) => throw new GrpcException(GrpcStatusCode.Unauthenticated, "no");
        runtime.OnStream = (_, _, _) => throw new GrpcException(GrpcStatusCode.Unauthenticated, "no");

        foreach (var client in (MacpClient[])[renewing, fixedly])
        {
            Assert.Equal("UNAUTHENTICATED", (await Assert.ThrowsAsync<MacpTransportException>(async () => { await foreach (var _ in client.WatchSessionsAsync()) { } })).StatusName);
            Assert.Equal("UNAUTHENTICATED", (await Assert.ThrowsAsync<MacpTransportException>(async () => { await foreach (var _ in client.FollowSessionAsync("s")) { } })).StatusName);
        }

        Assert.Equal(4, runtime.Credentials.Count(credential => credential != "Bearer fixed"));
        Assert.Equal(2, runtime.Credentials.Count(credential => credential == "Bearer fixed"));
    }

    [Fact]
    public async Task A_fetched_token_that_cannot_be_used_is_refused_without_being_quoted()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var expired = Connect(runtime, _ => new(Next(TimeSpan.Zero)));
        await using var malformed = Connect(runtime, _ => new(new MacpToken("s3cr3t\n")));

        await Assert.ThrowsAsync<MacpConfigurationException>(() => expired.GetSessionAsync("s"));
        Assert.DoesNotContain("s3cr3t", (await Assert.ThrowsAsync<MacpConfigurationException>(() => malformed.GetSessionAsync("s"))).ToString());
        Assert.DoesNotContain("s3cr3t", new MacpToken("s3cr3t").ToString());
        Assert.Empty(runtime.Credentials);
    }

    MacpClient Connect(FakeRuntime runtime, Func<CancellationToken, ValueTask<MacpToken>> fetch) =>
        runtime.Connect(MacpAuth.Refreshing(fetch), o => o with { TimeProvider = _time });

    MacpToken Next(TimeSpan life) => new($"token-{Interlocked.Increment(ref _fetched)}", _time.GetUtcNow() + life);

    static ValueTask<SendResponse> Refused(bool asAck, Envelope envelope) =>
        asAck ? new(FakeRuntime.Refuse(envelope, "UNAUTHENTICATED")) : throw new GrpcException(GrpcStatusCode.Unauthenticated, "who?");

    static Task Refuses(GrpcServerCall call, string credential) =>
        call.Header("authorization") == credential ? throw new GrpcException(GrpcStatusCode.Unauthenticated, "who?") : Task.CompletedTask;

    static async Task AssertRefusedAsync(bool asAck, Func<Task> call)
    {
        var e = await Assert.ThrowsAnyAsync<MacpException>(call);
        if (asAck) Assert.Equal(ErrorCode.Unauthenticated, Assert.IsType<MacpNackException>(e).Code);
        else Assert.Equal(GrpcStatusCode.Unauthenticated, Assert.IsType<MacpTransportException>(e).StatusCode);
    }

    static async Task Soon(Func<Task<bool>> holds)
    {
        for (int i = 0; i < 1000 && !await holds(); i++) await Task.Delay(10);
        Assert.True(await holds());
    }

    /// <summary>A clock that is moved; its timers never fire.</summary>
    sealed class MovedTime : TimeProvider
    {
        long _now = DateTimeOffset.Parse("2026-05-06T07:08:09Z", null).UtcTicks;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _now), TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => default;
        }
    }
}
