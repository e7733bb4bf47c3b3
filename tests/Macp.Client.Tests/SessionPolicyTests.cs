using Google.Protobuf;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>How a session comes to know its policy, and that it works on where it cannot.</summary>
public class SessionPolicyTests
{
    const string Id = "pol";

    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");
    static readonly PolicyDescriptor Policy = new()
    {
        PolicyId = Id, Mode = "*", SchemaVersion = 3, Description = "d", Rules = """{"commitment":{"authority":"designated_role","designated_roles":["bob"]}}""",
    };

    readonly string _id = SessionIds.New();

    [Fact]
    public async Task An_accepted_start_asks_once_a_client()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = Tell;
        NoteSession one = new(client, new() { PolicyVersion = Id }), other = new(client, new() { PolicyVersion = Id });

        await one.StartAsync(NoteSession.Start("alice"));
        await other.StartAsync(NoteSession.Start("alice"));

        Assert.All([one, other], session => Assert.Equal((true, true, false), Knows(session)));
        Assert.Equal(1, Asked(runtime));
    }

    [Theory, InlineData(""), InlineData("policy.default")]
    public async Task The_default_policy_needs_no_asking(string id)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client, new() { PolicyVersion = id });

        await session.StartAsync(NoteSession.Start("alice"));

        Assert.Equal((true, false, true), Knows(session));
        Assert.Equal(0, Asked(runtime));
    }

    [Fact]
    public async Task A_start_that_is_refused_asks_nothing()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (r, _) => new(FakeRuntime.Refuse(r.Envelope, "UNKNOWN_POLICY_VERSION"));

        await Assert.ThrowsAsync<MacpNackException>(() => new NoteSession(client, new() { PolicyVersion = Id }).StartAsync(NoteSession.Start("alice")));

        Assert.Equal(0, Asked(runtime));
    }

    [Fact]
    public async Task A_policy_that_is_given_is_bound_and_saves_the_call()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client, new() { Policy = Policy });

        await session.StartAsync(NoteSession.Start("alice"));

        Assert.Equal(Id, SessionStartPayload.Parser.ParseFrom(Assert.Single(runtime.Sent).Payload).PolicyVersion);
        Assert.Equal((true, true, false), Knows(session));
        Assert.Equal(0, Asked(runtime));
        Assert.Equal("", new NoteSession(client, new() { Policy = Policy, PolicyVersion = "" }).PolicyVersion);
    }

    [Theory]
    [InlineData(GrpcStatusCode.NotFound), InlineData(GrpcStatusCode.PermissionDenied), InlineData(GrpcStatusCode.Unimplemented), InlineData(GrpcStatusCode.Internal)]
    public async Task Where_the_runtime_cannot_tell_the_session_works_on(GrpcStatusCode status)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = (_, _) => throw new GrpcException(status, "no");
        var session = new NoteSession(client, new() { PolicyVersion = Id });
        Serve(runtime, Start(session.SessionId), Notes.Note(session.SessionId, "alice", "one"), Notes.Note(session.SessionId, "bob", "two"));

        Assert.True((await session.StartAsync(NoteSession.Start("alice"))).Ok);
        await session.NoteAsync("one");
        await foreach (var _ in session.FollowAsync()) { }

        Assert.Equal(["alice: one", "bob: two"], session.Projection.Notes);
        Assert.Equal((false, false, true), Knows(session));
        Assert.Equal(Id, session.Projection.Session!.Policy.Id);
        Assert.Equal(1, Asked(runtime));
    }

    [Fact]
    public async Task A_runtime_that_cannot_be_reached_is_asked_again_with_the_next_message()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = (r, c) => Asked(runtime) == 1 ? throw new GrpcException(GrpcStatusCode.Unavailable, "going down") : Tell(r, c);
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, Start(_id), Notes.Note(_id, "alice", "one"), Notes.Note(_id, "bob", "two"));

        var resolved = new List<bool>();
        await foreach (var _ in session.FollowAsync()) resolved.Add(session.Projection.Session!.Policy.IsResolved);

        Assert.Equal([false, true, true], resolved);
        Assert.Equal(2, Asked(runtime));
    }

    [Fact]
    public async Task Rules_that_this_version_does_not_know_stop_nothing()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = (_, _) => new(new GetPolicyResponse { PolicyDescriptor = new() { PolicyId = Id, Mode = "*", SchemaVersion = 9, Rules = "a language of its own" } });
        var session = new NoteSession(client, new() { PolicyVersion = Id });

        await session.StartAsync(NoteSession.Start("alice"));
        await session.NoteAsync("one");
        await session.CommitAsync(new() { Action = "notes.taken", AuthorityScope = "team", Reason = "done" });

        Assert.Equal((false, false, true), Knows(session));
        Assert.True(session.Projection.IsCommitted);
    }

    [Fact]
    public async Task Who_follows_knows_the_policy_with_the_first_item()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = Tell;
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, Start(_id), Notes.Note(_id, "bob", "one"));

        await foreach (var _ in session.FollowAsync()) Assert.Equal((true, true, false), Knows(session));

        Assert.Single(session.Projection.Notes);
        Assert.Equal(1, Asked(runtime));
    }

    [Fact]
    public async Task So_does_who_opens_a_stream()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = Tell;
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, Start(_id), Notes.Note(_id, "bob", "one"));

        await using var stream = await session.OpenStreamAsync();
        await stream.ReadAsync();

        Assert.Equal((true, true, false), Knows(session));
    }

    [Fact]
    public async Task A_stream_that_is_disposed_waits_for_no_policy()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetPolicy = async (r, c) =>
        {
            await Task.Delay(Timeout.Infinite, c.CancellationToken);
            return await Tell(r, c);
        };
        var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, Start(_id));

        var stream = await session.OpenStreamAsync();
        var reading = stream.ReadAsync().AsTask();
        await Soon.Comes(() => Asked(runtime) > 0, "the question");
        await stream.DisposeAsync();

        await Assert.ThrowsAsync<MacpException>(() => reading.Happens());
    }

    // Whether the policy is resolved, and whether bob and alice may commit by it.
    static (bool, bool, bool) Knows(NoteSession session) => session.Projection.Session is { } bound
        ? (bound.Policy.IsResolved, bound.MayCommit("bob"), bound.MayCommit("alice"))
        : throw new InvalidOperationException("The projection knows no start.");

    static int Asked(FakeRuntime runtime) => runtime.Requests.OfType<GetPolicyRequest>().Count();

    static ValueTask<GetPolicyResponse> Tell(GetPolicyRequest request, GrpcServerCall call) => new(new GetPolicyResponse { PolicyDescriptor = Policy });

    static void Serve(FakeRuntime runtime, params Envelope[] history) => runtime.OnStream = async (requests, responses, call) =>
    {
        await requests.ReadAsync(call.CancellationToken);
        foreach (var envelope in history) await responses.WriteAsync(new() { Envelope = envelope }, call.CancellationToken);
    };

    static Envelope Start(string sessionId) => new()
    {
        MacpVersion = "1.0",
        Mode = Notes.Mode,
        SessionId = sessionId,
        MessageType = "SessionStart",
        MessageId = "start",
        Sender = "alice",
        Payload = new SessionStartPayload { Participants = { "alice" }, ModeVersion = "1.0.0", ConfigurationVersion = "c", PolicyVersion = Id }.ToByteString(),
    };
}
