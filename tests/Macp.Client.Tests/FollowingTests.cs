using System.Collections.Concurrent;
using Macp.Grpc;
using Macp.Protocol;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Macp.Client.Tests;

public class FollowingTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    readonly HastyTime _time = new();
    readonly string _id = SessionIds.New();
    readonly ConcurrentQueue<StreamSessionRequest> _subscriptions = [];

    [Fact]
    public async Task Following_feeds_the_projection_everybodys_messages_in_the_order_of_the_history()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, _) => WriteAll(responses, Start(), Note("bob", "one"), Note("alice", "two")));

        var phases = new List<(ulong?, int)>();
        await foreach (var item in session.FollowAsync()) phases.Add((Assert.IsType<SessionStreamItem.Accepted>(item).Ordinal, session.Projection.Notes.Count));

        Assert.Equal([(1, 0), (2, 1), (3, 2)], phases);
        Assert.Equal(["bob: one", "alice: two"], session.Projection.Notes);
        Assert.Equal("bob", session.Projection.Session!.Initiator);
        Assert.Equal(0ul, Assert.Single(_subscriptions).AfterSequence);
    }

    [Fact]
    public async Task While_a_stream_is_followed_an_ack_changes_nothing_and_can_be_waited_for()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        var release = new TaskCompletionSource();
        Serve(runtime, async (responses, call) =>
        {
            await WriteAll(responses, Start(), Note("bob", "first"));
            await release.Task;
            await WriteAll(responses, Note("alice", "mine"));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });
        using var stop = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            await foreach (var _ in session.FollowAsync(cancellationToken: stop.Token)) { }
        });
        await Soon.Comes(() => session.Projection.Notes.Count > 0, "the first note");

        var ack = await session.NoteAsync("mine", new() { MessageId = "mine" });
        Assert.True(ack.Ok);
        Assert.Equal(["bob: first"], session.Projection.Notes);
        var waiting = session.WaitForAsync(ack.MessageId);
        release.SetResult();
        await waiting;

        Assert.Equal(["bob: first", "alice: mine"], session.Projection.Notes);
        await session.WaitForAsync(ack.MessageId);
        var never = session.WaitForAsync("never");
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        await Assert.ThrowsAsync<MacpException>(() => never);
        await Assert.ThrowsAsync<MacpException>(() => session.WaitForAsync("never"));
        await session.NoteAsync("afterwards");
        Assert.Equal("alice: afterwards", session.Projection.Notes[^1]);
    }

    [Fact]
    public async Task A_broken_connection_is_resumed_behind_the_last_ordinal()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, async (responses, call) =>
        {
            if (_subscriptions.Count == 1)
            {
                await WriteAll(responses, Start(), Note("bob", "one"), Notes.Annotation(_id, "SessionSuspend", "a1"));
                throw new GrpcException(GrpcStatusCode.Unavailable, "going down");
            }
            if (_subscriptions.Count == 2) throw new GrpcException(GrpcStatusCode.Unavailable, "not up yet");
            await WriteAll(responses, Notes.Annotation(_id, "SessionSuspend", "a1"), Notes.Annotation(_id, "SessionResume", "a2"), Note("carol", "two"));
        });

        var items = new List<SessionStreamItem>();
        await foreach (var item in session.FollowAsync(new() { Reconnect = new() { MaxRetries = 2, Jitter = 0 } })) items.Add(item);

        Assert.Equal([0ul, 2, 2], _subscriptions.Select(s => s.AfterSequence));
        Assert.Equal([0.1, 0.2], _time.Waits.Select(w => w.TotalSeconds));
        Assert.Equal(["one", "two"], items.OfType<SessionStreamItem.Accepted>().Skip(1).Select(i => i.Envelope.MessageId));
        Assert.Equal(["a1", "a2"], items.OfType<SessionStreamItem.Annotation>().Select(i => i.Envelope.MessageId));
        Assert.Equal(3ul, items.OfType<SessionStreamItem.Accepted>().Last().Ordinal);
        Assert.Equal(["bob: one", "carol: two"], session.Projection.Notes);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_resumed_too()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        var delivered = new TaskCompletionSource();
        Serve(runtime, async (responses, call) =>
        {
            await WriteAll(responses, _subscriptions.Count == 1 ? Start() : Note("bob", "after the cut"));
            if (_subscriptions.Count > 1) return;
            await delivered.Task;
            call.HttpContext.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
        });

        int count = 0;
        await foreach (var _ in session.FollowAsync())
        {
            count++;
            delivered.TrySetResult();
        }

        Assert.Equal(2, count);
        Assert.Equal([0ul, 1], _subscriptions.Select(s => s.AfterSequence));
    }

    [Fact]
    public async Task A_session_is_followed_without_knowing_its_mode()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Serve(runtime, async (responses, _) =>
        {
            if (_subscriptions.Count == 1)
            {
                await WriteAll(responses, Note("bob", "one"));
                throw new GrpcException(GrpcStatusCode.Unavailable, "going down");
            }
            await WriteAll(responses, Note("carol", "two"));
        });

        var items = new List<(ulong?, string)>();
        await foreach (var item in client.FollowSessionAsync(_id, new() { AfterOrdinal = 4 })) items.Add((((SessionStreamItem.Accepted)item).Ordinal, ((SessionStreamItem.Accepted)item).Envelope.MessageId));

        Assert.Equal([(5, "one"), (6, "two")], items);
        Assert.Equal([(_id, 4ul), (_id, 5ul)], _subscriptions.Select(s => (s.SubscribeSessionId, s.AfterSequence)));
        Assert.All(runtime.Credentials, credential => Assert.Equal("Bearer alice", credential));
    }

    [Fact]
    public async Task Following_a_session_a_second_time_begins_anew()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Serve(runtime, (responses, _) => WriteAll(responses, Note("bob", "one"), Notes.Annotation(_id, "SessionSuspend", "a1"), Note("bob", "two")));
        var history = client.FollowSessionAsync(_id, new() { AfterOrdinal = 4 });

        var (first, second) = (await history.ToListAsync(), await history.ToListAsync());

        Assert.Equal(3, first.Count);
        Assert.Equal(first, second);
        Assert.Equal([4ul, 4ul], _subscriptions.Select(s => s.AfterSequence));
    }

    [Fact]
    public async Task Reconnecting_ends_with_the_policy()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Serve(runtime, (_, _) => throw new GrpcException(GrpcStatusCode.Unavailable, "down"));

        var e = await Assert.ThrowsAsync<MacpRetryException>(() => Drain(client, new() { Reconnect = new() { MaxRetries = 2 } }));

        Assert.Equal(3, e.Attempts);
        Assert.Equal(3, _subscriptions.Count);
    }

    [Theory]
    [InlineData(GrpcStatusCode.Unauthenticated)]
    [InlineData(GrpcStatusCode.PermissionDenied)]
    [InlineData(GrpcStatusCode.FailedPrecondition)]
    [InlineData(GrpcStatusCode.InvalidArgument)]
    [InlineData(GrpcStatusCode.OutOfRange)]
    [InlineData(GrpcStatusCode.NotFound)]
    public async Task A_failure_that_time_does_not_mend_is_thrown_at_once(GrpcStatusCode status)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Serve(runtime, (_, _) => throw new GrpcException(status, "no"));

        Assert.Equal(status, (await Assert.ThrowsAsync<MacpTransportException>(() => Drain(client))).StatusCode);
        Assert.Single(_subscriptions);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task A_refused_subscription_ends_the_following_instead_of_hanging()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Serve(runtime, async (responses, call) =>
        {
            await responses.WriteAsync(new() { Error = new() { Code = "FORBIDDEN", Message = "not a participant" } });
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });

        Assert.Equal(ErrorCode.Forbidden, (await Assert.ThrowsAsync<MacpNackException>(() => Drain(client))).Code);
    }

    [Fact]
    public async Task An_observer_may_come_before_the_session()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, _) =>
            _subscriptions.Count < 4 ? throw new GrpcException(GrpcStatusCode.NotFound, "no such session") : WriteAll(responses, Start(), Note("bob", "hi")));

        await foreach (var _ in session.FollowAsync(new() { WaitForSession = Timeout.InfiniteTimeSpan })) { }

        Assert.Equal(["bob: hi"], session.Projection.Notes);
        Assert.Equal(3, _time.Waits.Count);
    }

    [Fact]
    public async Task Waiting_for_a_session_ends_when_it_was_said_to()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Serve(runtime, (_, _) => throw new GrpcException(GrpcStatusCode.NotFound, "no such session"));

        var e = await Assert.ThrowsAsync<MacpTransportException>(() => Drain(client, new() { WaitForSession = TimeSpan.FromSeconds(1), Reconnect = new() { Jitter = 0 } }));

        Assert.Equal(GrpcStatusCode.NotFound, e.StatusCode);
        // 0.1 + 0.2 + 0.4 + 0.8 seconds: the last wait crosses the second.
        Assert.Equal(5, _subscriptions.Count);
    }

    [Fact]
    public async Task Following_again_goes_on_where_it_was_left()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        Envelope[] history = [Start(), Note("bob", "one"), Note("bob", "two")];
        Serve(runtime, (responses, _) => WriteAll(responses, [.. history.Skip((int)_subscriptions.Last().AfterSequence)]));

        await foreach (var item in session.FollowAsync())
            if (item is SessionStreamItem.Accepted { Ordinal: 2 }) break;
        Assert.Equal(["bob: one"], session.Projection.Notes);
        await foreach (var _ in session.FollowAsync()) { }
        await foreach (var _ in session.FollowAsync(new() { AfterOrdinal = 0 })) { }

        Assert.Equal([0ul, 2, 0], _subscriptions.Select(s => s.AfterSequence));
        Assert.Equal(["bob: one", "bob: two"], session.Projection.Notes);
    }

    [Fact]
    public async Task One_stream_feeds_a_session_at_a_time()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, call) => WriteAll(responses, Start()));

        var stream = await session.OpenStreamAsync();
        await Assert.ThrowsAsync<MacpException>(() => session.OpenStreamAsync());
        await stream.DisposeAsync();
        await foreach (var _ in session.FollowAsync()) { }
    }

    [Fact]
    public async Task A_stream_of_the_session_is_subscribed_sends_too_and_feeds_the_projection()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var session = new NoteSession(client, new() { SessionId = _id });
        runtime.OnStream = async (requests, responses, _) =>
        {
            while (await requests.ReadAsync() is { } frame) await WriteAll(responses, frame.Envelope ?? Start());
        };

        await using (var stream = await session.OpenStreamAsync())
        {
            await stream.SendAsync(Note("alice", "over the stream"));
            await stream.ReadAsync();
            Assert.Equal("bob", session.Projection.Session!.Initiator);
            await stream.ReadAsync();
            Assert.Equal(["alice: over the stream"], session.Projection.Notes);
            await session.NoteAsync("not through the stream");
        }

        Assert.Equal(["alice: over the stream"], session.Projection.Notes);
        await session.NoteAsync("no stream any more");
        Assert.Equal(2, session.Projection.Notes.Count);
    }

    [Fact]
    public async Task A_callers_token_ends_the_following()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        var ended = new TaskCompletionSource();
        Serve(runtime, async (responses, call) =>
        {
            await WriteAll(responses, Start());
            call.CancellationToken.Register(ended.SetResult);
            await ended.Task;
        });
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in new NoteSession(client, new() { SessionId = _id }).FollowAsync(cancellationToken: source.Token)) source.Cancel();
        });
        await ended.Task;
    }

    void Serve(FakeRuntime runtime, Func<IGrpcStreamWriter<StreamSessionResponse>, GrpcServerCall, Task> serve) => runtime.OnStream = async (requests, responses, call) =>
    {
        _subscriptions.Enqueue((await requests.ReadAsync())!);
        await serve(responses, call);
    };

    static async Task WriteAll(IGrpcStreamWriter<StreamSessionResponse> responses, params Envelope[] envelopes)
    {
        foreach (var envelope in envelopes) await responses.WriteAsync(new() { Envelope = envelope });
    }

    async Task Drain(MacpClient client, FollowOptions? options = null)
    {
        await foreach (var _ in new NoteSession(client, new() { SessionId = _id }).FollowAsync(options)) { }
    }

    MacpClient Connect(FakeRuntime runtime) => runtime.Connect(Alice, o => o with { TimeProvider = _time });

    Envelope Note(string sender, string text) => Notes.Note(_id, sender, text);

    Envelope Start() => Notes.Start(_id, "bob", "alice", "bob");
}
