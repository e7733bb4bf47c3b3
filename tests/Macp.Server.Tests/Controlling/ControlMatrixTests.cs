using Macp.Grpc;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Every control call in every state by everybody: the documented answer, and nothing changed by those that do nothing (runtime-semantics 2.5).</summary>
public sealed class ControlMatrixTests
{
    static readonly string[] Operations = ["Cancel", "Suspend", "Resume"];

    static readonly SessionState[] States = [SessionState.Open, SessionState.Suspended, SessionState.Resolved, SessionState.Expired, SessionState.Cancelled];

    public static TheoryData<string, SessionState, string> Allowed => Rows("ini", "judge");

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task The_initiator_and_whoever_may_commit_get_the_answer_of_the_state(string operation, SessionState state, string caller)
    {
        await using var runtime = await StartAsync();
        string session = await ReachAsync(runtime, state, Judged);
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "olga");
        string before = await EverythingAsync(runtime, session);

        var ack = await CallAsync(runtime, operation, caller, session);

        var reached = Reached(operation, state);
        Assert.Equal((session, "", runtime.Time.NowMs), (ack.SessionId, ack.MessageId, ack.AcceptedAtUnixMs));
        Assert.Equal((reached is not null, reached ?? SessionState.Unspecified, false), (ack.Ok, ack.SessionState, ack.Duplicate));
        if (reached is null) Assert.Equal(("SESSION_NOT_OPEN", session, ""), (ack.Error.Code, ack.Error.SessionId, ack.Error.MessageId));
        if (reached is null || reached == state) await NothingChangedAsync(runtime, session, state, before, watch);
        else Assert.Equal((reached, caller), ((await runtime.MetadataAsync(session)).State, await LastCauseAsync(runtime, session)));
    }

    public static TheoryData<string, SessionState, string> Denied => Rows("alice", "mallory", "olga", "ops", "");

    [Theory]
    [MemberData(nameof(Denied))]
    public async Task Everybody_else_is_denied_in_every_state(string operation, SessionState state, string caller)
    {
        await using var runtime = await StartAsync();
        string session = await ReachAsync(runtime, state, Judged);
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "olga");
        string before = await EverythingAsync(runtime, session);

        await CallAsync(runtime, operation, caller.Length > 0 ? caller : null, session)
            .FailsWith(caller.Length > 0 ? GrpcStatusCode.PermissionDenied : GrpcStatusCode.Unauthenticated);

        await NothingChangedAsync(runtime, session, state, before, watch);
    }

    [Theory]
    [InlineData("Cancel")]
    [InlineData("Suspend")]
    public async Task Where_any_participant_may_commit_any_may_control_and_nobody_else(string operation)
    {
        await using var runtime = await StartAsync();
        string session = await ReachAsync(runtime, SessionState.Open, Shared);
        await CallAsync(runtime, operation, "mallory", session).FailsWith(GrpcStatusCode.PermissionDenied);
        Assert.True((await CallAsync(runtime, operation, "bob", session)).Ok);
    }

    [Theory]
    [InlineData("Cancel")]
    [InlineData("Suspend")]
    [InlineData("Resume")]
    public async Task A_credential_is_asked_for_before_whether_the_session_exists(string operation)
    {
        await using var runtime = await StartAsync();
        await CallAsync(runtime, operation, null, "unheard").FailsWith(GrpcStatusCode.Unauthenticated);
        await CallAsync(runtime, operation, "olga", "unheard").FailsWith(GrpcStatusCode.NotFound);
    }

    /// <summary>The state after a call by somebody who may; null for a nack.</summary>
    static SessionState? Reached(string operation, SessionState state) => (operation, state) switch
    {
        ("Cancel", SessionState.Open or SessionState.Suspended) => SessionState.Cancelled,
        ("Cancel", _) => state,
        ("Suspend", SessionState.Open) => SessionState.Suspended,
        ("Resume", SessionState.Suspended) => SessionState.Open,
        _ => null,
    };

    static async Task<string> ReachAsync(TestRuntime runtime, SessionState state, PolicyDescriptor policy)
    {
        string session = await runtime.OpenAsync(start => start.PolicyVersion = policy.PolicyId);
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
        if (state is SessionState.Suspended) await runtime.SuspendAsync("ini", session);
        if (state is SessionState.Resolved) await runtime.AcceptsAsync("judge", Envelopes.Commitment(session, c => c.PolicyVersion = ""));
        if (state is SessionState.Cancelled) await runtime.CancelAsync("ini", session);
        if (state is SessionState.Expired) runtime.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(state, (await runtime.MetadataAsync(session)).State);
        return session;
    }

    /// <summary>What can be read of the session, anywhere.</summary>
    static async Task<string> EverythingAsync(TestRuntime runtime, string session) => string.Join('\n',
        await runtime.TracesAsync(session), string.Join(' ', (await runtime.PagesAsync("ini")).Single()), string.Join(' ', (await runtime.PagesAsync("ini", 0, ("macp-include-finished", "1"))).Single()));

    static async Task NothingChangedAsync(TestRuntime runtime, string session, SessionState state, string before, Watch<WatchSessionsResponse> watch)
    {
        Assert.Equal(before, await EverythingAsync(runtime, session));
        string fence = await runtime.OpenAsync();
        // What has not ended is told at first, as it is.
        var told = (await watch.BeforeAsync(next => next.Event.Session.SessionId == fence)).Select(next => next.Event.Session.State).ToList();
        Assert.Equal(state is SessionState.Open or SessionState.Suspended ? [state] : [], told);
    }

    /// <summary>Whom the last annotation names.</summary>
    static async Task<string> LastCauseAsync(TestRuntime runtime, string session)
    {
        await using var stream = runtime.Stream("ini", ("macp-annotations", "1"));
        await stream.SubscribeAsync(session);
        await stream.CompleteAsync();
        var last = (await stream.RestAsync())[^1];
        return last.MessageType switch
        {
            "SessionCancel" => SessionCancelPayload.Parser.ParseFrom(last.Payload).CancelledBy,
            "SessionSuspend" => SessionSuspendPayload.Parser.ParseFrom(last.Payload).SuspendedBy,
            _ => SessionResumePayload.Parser.ParseFrom(last.Payload).ResumedBy,
        };
    }

    static async Task<Ack> CallAsync(TestRuntime runtime, string operation, string? caller, string session) => operation switch
    {
        "Cancel" => (await runtime.Channel.UnaryAsync(Rpc.CancelSession, new() { SessionId = session }, Rpc.As(caller)).Happens()).Ack,
        "Suspend" => (await runtime.Channel.UnaryAsync(Rpc.SuspendSession, new() { SessionId = session }, Rpc.As(caller)).Happens()).Ack,
        _ => (await runtime.Channel.UnaryAsync(Rpc.ResumeSession, new() { SessionId = session }, Rpc.As(caller)).Happens()).Ack,
    };

    static TheoryData<string, SessionState, string> Rows(params string[] callers)
    {
        var rows = new TheoryData<string, SessionState, string>();
        foreach (string operation in Operations)
            foreach (var state in States)
                foreach (string caller in callers) rows.Add(operation, state, caller);
        return rows;
    }

    static Task<TestRuntime> StartAsync() => TestRuntime.StartAsync(new() { Policies = [Judged, Shared] }, services => services.AddSingleton<IAuthenticator, Town>());

    static readonly PolicyDescriptor Judged = Policy("policy.judged", """{"commitment":{"authority":"designated_role","designated_roles":["judge"]}}""");

    static readonly PolicyDescriptor Shared = Policy("policy.shared", """{"commitment":{"authority":"any_participant"}}""");

    static PolicyDescriptor Policy(string id, string rules) => new() { PolicyId = id, Mode = "*", SchemaVersion = 3, Rules = rules };
}
