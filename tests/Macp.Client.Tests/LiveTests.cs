using System.Collections.Concurrent;
using Macp.Grpc;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Client.Tests;

public class LiveTests
{
    static readonly FollowOptions Quietly = new() { StateCheck = Timeout.InfiniteTimeSpan };

    readonly HastyTime _time = new();
    readonly string _id = SessionIds.New();
    readonly ConcurrentQueue<StreamSessionRequest> _subscriptions = [];

    [Fact]
    public async Task An_attached_session_shows_everybodys_messages_and_ends_with_the_session()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, _) => WriteAll(responses, Start(), Note("bob", "one"), Suspended(), Resumed(), Note("alice", "two"), Committed()));

        await session.AttachAsync(Quietly);
        var state = await session.WaitForEndAsync();
        var changes = await session.Changes.ToListAsync();

        Assert.Equal(SessionState.Resolved, state);
        Assert.False(session.IsAttached);
        Assert.Equal(["bob: one", "alice: two"], session.Projection.Notes);
        Assert.Equal(["SessionStart", "Note", "SessionSuspend", "SessionResume", "Note", "Commitment"], changes.Select(c => c.Envelope.MessageType));
        Assert.Equal([SessionState.Open, SessionState.Open, SessionState.Suspended, SessionState.Open, SessionState.Open, SessionState.Resolved], changes.Select(c => c.State));
        Assert.All(changes, change => Assert.Equal(ProjectionResult.Applied, change.Result));
        Assert.Equal("Open>Committed", Assert.Single(changes, c => c.IsPhaseChange) is var moved ? $"{moved.PhaseBefore}>{moved.Phase}" : "");
        Assert.Same(changes[^1], Assert.Single(changes, c => c.IsTerminal));
    }

    [Theory]
    [InlineData(MessageTypes.SessionCancel, SessionState.Cancelled)]
    [InlineData(MessageTypes.TtlExpired, SessionState.Expired)]
    public async Task The_runtimes_annotations_end_it_although_the_stream_stays_open(string type, SessionState expected)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, async (responses, call) =>
        {
            await WriteAll(responses, Start(), Notes.Annotation(_id, type, "end"));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });

        await session.AttachAsync(Quietly);

        Assert.Equal(expected, await session.WaitForEndAsync());
        Assert.Equal(expected, session.State);
    }

    [Fact]
    public async Task Whoever_waits_for_what_the_end_did_not_bring_is_told_how_it_ended()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        var go = new TaskCompletionSource();
        Serve(runtime, async (responses, _) =>
        {
            await WriteAll(responses, Start());
            await go.Task;
            await WriteAll(responses, Notes.Annotation(_id, MessageTypes.SessionCancel, "end"));
        });
        await session.AttachAsync(Quietly);

        var waiting = session.WaitForAsync(p => p.IsCommitted);
        go.SetResult();

        Assert.Equal(SessionState.Cancelled, (await Assert.ThrowsAsync<MacpSessionEndedException>(() => waiting)).State);
        Assert.Equal(SessionState.Cancelled, (await Assert.ThrowsAsync<MacpSessionEndedException>(() => session.WaitForAsync("never"))).State);
        Assert.Equal(SessionState.Cancelled, await session.WaitForEndAsync());
    }

    [Fact]
    public async Task Readers_of_the_changes_each_begin_with_the_first_and_fail_as_the_following_does()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        var go = new TaskCompletionSource();
        Serve(runtime, async (responses, _) =>
        {
            await WriteAll(responses, Start(), Note("bob", "one"));
            await go.Task;
            throw new GrpcException(GrpcStatusCode.PermissionDenied, "no longer yours");
        });
        await session.AttachAsync(Quietly);
        await session.WaitForAsync("one");

        var seen = new List<string>();
        var reading = Task.Run(async () =>
        {
            await foreach (var change in session.Changes) seen.Add(change.Envelope.MessageType);
        });
        var waiting = session.WaitForAsync("two");
        go.SetResult();

        Assert.Equal(GrpcStatusCode.PermissionDenied, (await Assert.ThrowsAsync<MacpTransportException>(() => reading)).StatusCode);
        Assert.Equal(["SessionStart", "Note"], seen);
        await Assert.ThrowsAsync<MacpTransportException>(() => waiting);
        await Assert.ThrowsAsync<MacpTransportException>(() => session.WaitForEndAsync());
        await Assert.ThrowsAsync<MacpTransportException>(async () => await session.Changes.ToListAsync());
    }

    [Fact]
    public async Task What_cannot_be_followed_is_told_by_the_attaching()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (_, _) => throw new GrpcException(GrpcStatusCode.NotFound, "no such session"));

        Assert.Equal(GrpcStatusCode.NotFound, (await Assert.ThrowsAsync<MacpTransportException>(() => session.AttachAsync(Quietly))).StatusCode);

        Assert.False(session.IsAttached);
        Serve(runtime, (responses, _) => WriteAll(responses, Start(), Committed()));
        await session.AttachAsync(Quietly);
        Assert.Equal(SessionState.Resolved, await session.WaitForEndAsync());
    }

    [Fact]
    public async Task Attaching_can_be_given_up_and_a_session_is_attached_once_at_a_time()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        bool silent = true;
        Serve(runtime, async (responses, call) =>
        {
            if (!silent) await WriteAll(responses, Start());
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });
        using var source = new CancellationTokenSource();
        var attaching = session.AttachAsync(Quietly, cancellationToken: source.Token);
        await Soon(() => _subscriptions.Count == 1);

        await Assert.ThrowsAsync<MacpException>(() => session.AttachAsync(Quietly));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attaching);

        silent = false;
        await session.AttachAsync(Quietly);
        Assert.True(session.IsAttached);
        await session.DetachAsync();
        await session.DetachAsync();
        await session.DisposeAsync();
        Assert.False(session.IsAttached);
        await Assert.ThrowsAsync<MacpException>(() => session.WaitForEndAsync());
        await Assert.ThrowsAsync<MacpException>(() => session.WaitForAsync(p => p.IsCommitted));
        Assert.Single(await session.Changes.ToListAsync());
    }

    [Fact]
    public async Task From_behind_an_ordinal_attaching_does_not_wait_for_what_may_never_come()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        var go = new TaskCompletionSource();
        Serve(runtime, async (responses, call) =>
        {
            await go.Task;
            await WriteAll(responses, Note("bob", "eight"));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });

        await session.AttachAsync(Quietly with { AfterOrdinal = 7 });
        var waiting = session.WaitForAsync("eight");
        go.SetResult();
        await waiting;

        Assert.Equal(7ul, Assert.Single(_subscriptions).AfterSequence);
        Assert.Equal(8ul, ((SessionStreamItem.Accepted)Assert.Single(await Take(session.Changes, 1)).Item).Ordinal);
    }

    [Fact]
    public async Task Without_a_stream_the_state_is_as_the_last_ack_said()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Assert.Equal(SessionState.Unspecified, session.State);
        Assert.Throws<MacpException>(() => session.Changes.GetAsyncEnumerator().MoveNextAsync().AsTask().GetAwaiter().GetResult());
        await Assert.ThrowsAsync<MacpException>(() => session.WaitForEndAsync());

        runtime.OnSuspend = (_, _) => ValueTask.FromResult(new SuspendSessionResponse { Ack = new() { Ok = true, SessionState = SessionState.Suspended } });
        await session.SuspendAsync();
        Assert.Equal(SessionState.Suspended, session.State);
        runtime.OnCancel = (_, _) => ValueTask.FromResult(new CancelSessionResponse { Ack = new() { Ok = true, SessionState = SessionState.Cancelled } });
        await session.CancelAsync();

        Assert.Equal(SessionState.Cancelled, session.State);
        Assert.Equal(SessionState.Cancelled, await session.WaitForEndAsync());
    }

    [Fact]
    public async Task Nothing_new_is_sent_to_a_session_that_has_ended_and_what_may_have_arrived_is()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, _) => WriteAll(responses, Start(), Notes.Annotation(_id, MessageTypes.TtlExpired, "end")));
        await session.AttachAsync(Quietly);
        await session.WaitForEndAsync();

        Assert.Equal(ErrorCode.SessionNotOpen, (await Assert.ThrowsAsync<MacpSessionException>(() => session.NoteAsync("too late"))).Code);
        Assert.Empty(runtime.Sent);
        await session.NoteAsync("its ack was lost", new() { MessageId = "m1" });
        await session.NoteAsync("let the runtime judge", new() { ValidateLocally = false });
        Assert.Equal(2, runtime.Sent.Count);
    }

    [Fact]
    public async Task A_stream_that_ends_by_itself_feeds_no_more_and_ends_the_waits()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, _) => WriteAll(responses, Start()));
        await using var stream = await session.OpenStreamAsync();
        await stream.ReadAsync();
        var waiting = session.WaitForAsync("never");

        Assert.Null(await stream.ReadAsync());

        await Assert.ThrowsAsync<MacpException>(() => waiting);
        await session.NoteAsync("by its ack");
        Assert.Equal(["alice: by its ack"], session.Projection.Notes);
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

    static async Task<List<LiveChange>> Take(IAsyncEnumerable<LiveChange> changes, int count) => await changes.Take(count).ToListAsync();

    static async Task Soon(Func<bool> condition)
    {
        for (int i = 0; i < 1000 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }

    Envelope Start() => Notes.Start(_id, "bob", "alice", "bob");

    Envelope Note(string sender, string text) => Notes.Note(_id, sender, text);

    Envelope Suspended() => Notes.Annotation(_id, MessageTypes.SessionSuspend, "a1");

    Envelope Resumed() => Notes.Annotation(_id, MessageTypes.SessionResume, "a2");

    Envelope Committed() => Notes.Commitment(_id, "bob");

    MacpClient Connect(FakeRuntime runtime) =>
        new(new() { Endpoint = runtime.Address, AllowInsecure = true, Auth = MacpAuth.DevAgent("alice"), TimeProvider = _time });
}
