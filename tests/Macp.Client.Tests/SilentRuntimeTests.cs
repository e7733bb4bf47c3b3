using System.Collections.Concurrent;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>Runtimes that do not tell, on a session's stream, that it has ended.</summary>
public class SilentRuntimeTests
{
    static readonly FollowOptions Quietly = new() { StateCheck = Timeout.InfiniteTimeSpan };

    readonly HastyTime _time = new();
    readonly string _id = SessionIds.New();
    readonly ConcurrentQueue<StreamSessionRequest> _subscriptions = [];

    [Fact]
    public async Task A_stream_that_ends_without_a_word_is_asked_for_the_sessions_state()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, _) => _subscriptions.Count == 1 ? WriteAll(responses, Start(), Note("bob", "one")) : WriteAll(responses, Note("bob", "two")));
        runtime.OnGetSession = (_, _) => ValueTask.FromResult(Metadata(_subscriptions.Count == 1 ? SessionState.Open : SessionState.Expired));

        await session.AttachAsync(Quietly);

        Assert.Equal(SessionState.Expired, await session.WaitForEndAsync());
        Assert.Equal(["bob: one", "bob: two"], session.Projection.Notes);
        Assert.Equal([0ul, 2], _subscriptions.Select(s => s.AfterSequence));
    }

    [Fact]
    public async Task A_runtime_that_goes_on_ending_the_stream_of_an_open_session_is_given_up()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, (responses, _) => _subscriptions.Count == 1 ? WriteAll(responses, Start()) : Task.CompletedTask);
        runtime.OnGetSession = (_, _) => ValueTask.FromResult(Metadata(SessionState.Open));

        await session.AttachAsync(Quietly);

        await Assert.ThrowsAsync<MacpProtocolException>(() => session.WaitForEndAsync());
        Assert.Equal(11, _subscriptions.Count);
    }

    [Fact]
    public async Task A_silent_stream_is_not_believed_for_ever()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        int asked = 0;
        Serve(runtime, async (responses, call) =>
        {
            await WriteAll(responses, Start());
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        });
        // It answers, does not answer, and answers again that it is over.
        runtime.OnGetSession = async (_, _) =>
        {
            // On this clock the silence lasts long before the stream is there.
            await Soon(() => session.State is SessionState.Open);
            return Interlocked.Increment(ref asked) switch
            {
                1 => Metadata(SessionState.Suspended),
                2 => throw new GrpcException(GrpcStatusCode.Unavailable, "busy"),
                _ => Metadata(SessionState.Cancelled),
            };
        };

        await session.AttachAsync(new() { StateCheck = TimeSpan.FromSeconds(30) });

        Assert.Equal(SessionState.Cancelled, await session.WaitForEndAsync());
        Assert.Contains(TimeSpan.FromSeconds(30), _time.Waits);
        Assert.Single(await session.Changes.ToListAsync());
    }

    [Fact]
    public async Task A_stream_that_ends_before_it_is_subscribed_has_ended()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnStream = (_, _, _) => Task.CompletedTask;

        // Whether the subscription or the end is quicker is chance.
        for (int i = 0; i < 300; i++) Assert.Empty(await client.FollowSessionAsync(_id).ToListAsync());
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

    static async Task Soon(Func<bool> condition)
    {
        for (int i = 0; i < 1000 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }

    Envelope Start() => Notes.Start(_id, "bob", "alice", "bob");

    Envelope Note(string sender, string text) => Notes.Note(_id, sender, text);

    GetSessionResponse Metadata(SessionState state) => new() { Metadata = new() { SessionId = _id, Mode = Notes.Mode, State = state } };

    MacpClient Connect(FakeRuntime runtime) =>
        new(new() { Endpoint = runtime.Address, AllowInsecure = true, Auth = MacpAuth.DevAgent("alice"), TimeProvider = _time });
}
