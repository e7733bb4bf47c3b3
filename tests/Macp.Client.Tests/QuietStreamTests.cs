using System.Collections.Concurrent;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>Sessions in which nothing is said for long, by connections that do not last as long.</summary>
public class QuietStreamTests
{
    static readonly FollowOptions Quietly = new()
    {
        StateCheck = Timeout.InfiniteTimeSpan,
        Reconnect = new FollowOptions().Reconnect with { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) },
    };

    readonly HastyTime _time = new();
    readonly string _id = SessionIds.New();
    readonly ConcurrentQueue<StreamSessionRequest> _subscriptions = [];

    [Fact]
    public async Task Connections_that_held_for_long_are_not_counted_as_failures_in_a_row()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime, MacpAuth.DevAgent("alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, stream =>
        {
            if (stream == 5) return Task.FromResult<Envelope?>(Notes.Commitment(_id, "bob"));
            Hold(2 * stream);
            throw new GrpcException(GrpcStatusCode.Unavailable, "idle for too long");
        });

        await session.AttachAsync(Quietly);

        Assert.Equal(SessionState.Resolved, await WaitForEnd(session));
        Assert.Equal(5, _subscriptions.Count);
    }

    [Fact]
    public async Task Each_token_that_expires_while_nothing_is_said_is_renewed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        int tokens = 0;
        await using var client = Connect(runtime, MacpAuth.Bearer(_ => new($"token{++tokens}"), senderHint: "alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, stream =>
        {
            if (stream == 4) return Task.FromResult<Envelope?>(Notes.Commitment(_id, "bob"));
            Hold(2 * stream);
            throw new GrpcException(GrpcStatusCode.Unauthenticated, "the token has expired");
        });

        await session.AttachAsync(Quietly);

        Assert.Equal(SessionState.Resolved, await WaitForEnd(session));
    }

    [Fact]
    public async Task A_token_that_is_refused_at_once_is_renewed_once_only()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        int tokens = 0;
        await using var client = Connect(runtime, MacpAuth.Bearer(_ => new($"token{++tokens}"), senderHint: "alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, _ => throw new GrpcException(GrpcStatusCode.Unauthenticated, "not yours"));

        await session.AttachAsync(Quietly with { Reconnect = new FollowOptions().Reconnect with { MaxDelay = TimeSpan.FromMinutes(1) } });

        await Assert.ThrowsAsync<MacpTransportException>(() => WaitForEnd(session));
        Assert.Equal(2, _subscriptions.Count);
    }

    [Fact]
    public async Task A_watch_renews_each_token_that_expires_while_nothing_happens()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        int tokens = 0, streams = 0;
        await using var client = Connect(runtime, MacpAuth.Bearer(_ => new($"token{++tokens}"), senderHint: "alice"));
        runtime.OnWatchSignals = async (responses, _) =>
        {
            if (++streams == 4)
            {
                await responses.WriteAsync(new() { Envelope = new() { MessageType = "Signal" } });
                return;
            }
            Hold((2 * streams) - 1);
            throw new GrpcException(GrpcStatusCode.Unauthenticated, "the token has expired");
        };

        var first = new SignalWatcher(client, new() { Reconnect = Quietly.Reconnect }).FirstAsync();

        await first.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(4, streams);
    }

    [Fact]
    public async Task A_runtime_that_ends_its_streams_and_goes_away_for_a_moment_is_waited_for()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime, MacpAuth.DevAgent("alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        int asked = 0;
        runtime.OnGetSession = (_, _) => ++asked == 1
            ? throw new GrpcException(GrpcStatusCode.Unavailable, "restarting")
            : ValueTask.FromResult(new GetSessionResponse { Metadata = new() { SessionId = _id, State = SessionState.Open } });
        Serve(runtime, stream => Task.FromResult<Envelope?>(stream == 2 ? Notes.Commitment(_id, "bob") : null));

        await session.AttachAsync(Quietly);

        Assert.Equal(SessionState.Resolved, await WaitForEnd(session));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Streams_that_end_without_a_word_are_counted_anew_with_every_item()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime, MacpAuth.DevAgent("alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        runtime.OnGetSession = (_, _) => ValueTask.FromResult(new GetSessionResponse { Metadata = new() { SessionId = _id, State = SessionState.Open } });
        Serve(runtime, stream => Task.FromResult<Envelope?>(stream == 5 ? Notes.Commitment(_id, "bob") : Notes.Note(_id, "bob", $"note {stream}")));

        await session.AttachAsync(Quietly);

        Assert.Equal(SessionState.Resolved, await WaitForEnd(session));
        Assert.Equal(4, session.Projection.Notes.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5_000)]
    [InlineData(60L * 86_400_000)]
    public async Task An_interval_that_no_clock_can_keep_is_told_and_hangs_nobody(long milliseconds)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime, MacpAuth.DevAgent("alice"));
        Serve(runtime, _ => Task.FromResult<Envelope?>(Notes.Commitment(_id, "bob")));
        var session = new NoteSession(client, new() { SessionId = _id });

        await Assert.ThrowsAsync<MacpConfigurationException>(() => session.AttachAsync(new() { StateCheck = TimeSpan.FromMilliseconds(milliseconds) }).Happens());

        await session.AttachAsync(Quietly);
        await session.DisposeAsync();
    }

    // The first stream begins with the start; what the test says of each comes then, and its end.
    void Serve(FakeRuntime runtime, Func<int, Task<Envelope?>> serve) => runtime.OnStream = async (requests, responses, _) =>
    {
        _subscriptions.Enqueue((await requests.ReadAsync())!);
        int stream = _subscriptions.Count;
        if (stream == 1) await responses.WriteAsync(new() { Envelope = Notes.Start(_id, "bob", "alice", "bob") });
        if (await serve(stream) is { } envelope) await responses.WriteAsync(new() { Envelope = envelope });
    };

    // A minute passes. The client looks at the clock when it begins, and of each stream when that has begun and when it has broken.
    void Hold(int looks)
    {
        Assert.True(SpinWait.SpinUntil(() => _time.Looks >= looks, TimeSpan.FromSeconds(30)));
        _time.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
    }

    MacpClient Connect(FakeRuntime runtime, MacpAuth auth) => runtime.Connect(auth, options => options with { TimeProvider = _time });

    static Task<SessionState> WaitForEnd(NoteSession session) => session.WaitForEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
}
