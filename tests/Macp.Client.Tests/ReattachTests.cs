using System.Collections.Concurrent;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>What is attached late, or for a second time.</summary>
public class ReattachTests
{
    static readonly FollowOptions Quietly = new() { StateCheck = Timeout.InfiniteTimeSpan };

    readonly string _id = SessionIds.New();
    readonly ConcurrentQueue<StreamSessionRequest> _subscriptions = [];

    [Fact]
    public async Task A_session_whose_end_is_known_by_an_ack_still_has_its_history_told()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        runtime.OnSend = (request, _) =>
        {
            var answer = FakeRuntime.Accept(request.Envelope);
            answer.Ack.SessionState = SessionState.Resolved;
            return ValueTask.FromResult(answer);
        };
        Serve(runtime, responses => Write(responses, Notes.Start(_id, "bob", "alice", "bob"), Notes.Note(_id, "bob", "one"), Notes.Commitment(_id, "alice")));
        await session.CommitAsync(new() { Action = "notes.taken", AuthorityScope = "team", Reason = "done" });
        Assert.Equal(SessionState.Resolved, session.State);

        await session.AttachAsync(Quietly);
        var changes = await session.Changes.ToListAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["SessionStart", "Note", "Commitment"], changes.Select(change => change.Envelope.MessageType));
        Assert.Equal([SessionState.Open, SessionState.Open, SessionState.Resolved], changes.Select(change => change.State));
        Assert.Equal(["bob: one"], session.Projection.Notes);
        Assert.Equal(SessionState.Resolved, session.State);
    }

    [Fact]
    public async Task What_was_told_before_is_not_told_again_when_it_is_attached_again()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        // Resuming behind an ordinal repeats the annotations that follow it (decisions 21).
        var annotations = new[] { Notes.Annotation(_id, MessageTypes.SessionSuspend, "s1"), Notes.Annotation(_id, MessageTypes.SessionResume, "r1") };
        Serve(runtime, async responses =>
        {
            if (_subscriptions.Count == 1) await Write(responses, Notes.Start(_id, "bob", "alice", "bob"));
            await Write(responses, annotations);
            if (_subscriptions.Count == 2) await Write(responses, Notes.Note(_id, "bob", "two"));
        });
        await session.AttachAsync(Quietly);
        await session.WaitForAsync("r1").Happens();
        await session.DetachAsync();

        await session.AttachAsync(Quietly);
        await session.WaitForAsync("two").Happens();
        await session.DetachAsync();

        Assert.Equal([0ul, 1], _subscriptions.Select(subscription => subscription.AfterSequence));
        Assert.Equal(["two"], (await session.Changes.ToListAsync()).Select(change => change.Envelope.MessageId));
    }

    [Fact]
    public async Task The_history_from_its_start_mends_what_was_followed_from_its_middle()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Envelope[] history = [Notes.Start(_id, "bob", "alice", "bob"), Notes.Note(_id, "bob", "one"), Notes.Note(_id, "bob", "two"), Notes.Note(_id, "bob", "three")];
        Serve(runtime, responses => Write(responses, history[(int)_subscriptions.Last().AfterSequence..]));
        await session.AttachAsync(Quietly with { AfterOrdinal = 2 });
        await session.WaitForAsync("three").Happens();
        await session.DetachAsync();
        Assert.Equal(["bob: two", "bob: three"], session.Projection.Notes);

        await session.AttachAsync(Quietly with { AfterOrdinal = 0 });
        await session.WaitForAsync("one").Happens();
        await session.WaitForAsync("three").Happens();

        Assert.Equal(["bob: one", "bob: two", "bob: three"], session.Projection.Notes);
    }

    void Serve(FakeRuntime runtime, Func<IGrpcStreamWriter<StreamSessionResponse>, Task> serve) => runtime.OnStream = async (requests, responses, call) =>
    {
        _subscriptions.Enqueue((await requests.ReadAsync())!);
        await serve(responses);
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
    };

    static async Task Write(IGrpcStreamWriter<StreamSessionResponse> responses, params Envelope[] envelopes)
    {
        foreach (var envelope in envelopes) await responses.WriteAsync(new() { Envelope = envelope });
    }

    static MacpClient Connect(FakeRuntime runtime) => runtime.Connect(MacpAuth.DevAgent("alice"));
}
