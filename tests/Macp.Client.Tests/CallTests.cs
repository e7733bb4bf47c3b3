using System.Diagnostics;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

public class CallTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    [Fact]
    public async Task An_ack_tells_when_and_what_was_accepted_and_the_state_after_it()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        var ack = await client.SendAsync(Notes.Note("session", "alice", "hello", "m1"));

        Assert.Equal(
            new MacpAck { Ok = true, MessageId = "m1", SessionId = "session", AcceptedAt = FakeRuntime.AcceptedAt, State = SessionState.Open },
            ack);
    }

    [Fact]
    public async Task A_nack_is_thrown_with_its_code_its_sentence_and_its_reasons()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "POLICY_DENIED", "denied", """{"reasons":["no quorum","veto"]}"""));

        var e = await Assert.ThrowsAsync<MacpNackException>(() => client.SendAsync(Notes.Note("session", "alice", "hello", "m1")));

        Assert.Equal(ErrorCode.PolicyDenied, e.Code);
        Assert.Equal("POLICY_DENIED: denied", e.Message);
        Assert.Equal(["no quorum", "veto"], e.Reasons);
        Assert.Equal(("session", "m1"), (e.Error.SessionId, e.Error.MessageId));
        Assert.False(e.Ack!.Ok);
        Assert.False(e.IsTransient);
    }

    [Fact]
    public async Task A_nack_is_returned_where_that_is_asked_for()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "FORBIDDEN"));

        var ack = await client.SendAsync(Notes.Note("session", "alice", "hello"), new() { ThrowOnNack = false });

        Assert.False(ack.Ok);
        Assert.Equal(ErrorCode.Forbidden, ack.Error!.Code);
        Assert.Throws<MacpNackException>(ack.EnsureOk);
    }

    [Theory, InlineData(""), InlineData("not json"), InlineData("[]"), InlineData("""{"reasons":7}"""), InlineData("""{"reasons":"one"}""")]
    public async Task Details_that_hold_no_reasons_give_none(string details)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "POLICY_DENIED", details: details));

        Assert.Empty((await Assert.ThrowsAsync<MacpNackException>(() => client.SendAsync(Notes.Note("s", "alice", "x")))).Reasons);
    }

    [Fact]
    public async Task A_nack_without_an_error_is_still_a_nack()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (_, _) => ValueTask.FromResult(new SendResponse { Ack = new() { MessageId = "m1" } });

        var e = await Assert.ThrowsAsync<MacpNackException>(() => client.SendAsync(Notes.Note("s", "alice", "x", "m1")));

        Assert.Equal(("UNKNOWN", "m1"), (e.Code.Value, e.Error.MessageId));
    }

    [Fact]
    public async Task A_duplicate_is_a_success_even_where_the_ack_is_not_ok()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Duplicate(r.Envelope));

        var ack = await client.SendAsync(Notes.Note("s", "alice", "x"));

        Assert.True(ack is { Ok: true, Duplicate: true, Error: null, AcceptedAt: null });
    }

    [Fact]
    public async Task An_answer_without_an_ack_is_a_broken_promise()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (_, _) => ValueTask.FromResult(new SendResponse());

        await Assert.ThrowsAsync<MacpProtocolException>(() => client.SendAsync(Notes.Note("s", "alice", "x")));
    }

    [Theory]
    [InlineData(GrpcStatusCode.Unauthenticated, false)]
    [InlineData(GrpcStatusCode.PermissionDenied, false)]
    [InlineData(GrpcStatusCode.ResourceExhausted, false)]
    [InlineData(GrpcStatusCode.NotFound, false)]
    [InlineData(GrpcStatusCode.Unavailable, true)]
    public async Task A_failed_call_tells_its_status_and_whether_to_try_again(GrpcStatusCode status, bool transient)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetSession = (_, _) => throw new GrpcException(status, "because");

        var e = await Assert.ThrowsAsync<MacpTransportException>(() => client.GetSessionAsync("s"));

        Assert.Equal((status, transient, status.Name()), (e.StatusCode, e.IsTransient, e.StatusName));
        Assert.Contains("because", e.Message);
        Assert.IsType<GrpcException>(e.InnerException);
    }

    [Fact]
    public async Task Reasons_in_the_trailers_are_read_too()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnCancel = (_, _) =>
        {
            var trailers = new GrpcMetadata { { "macp-error-details-bin", """{"reasons":["not yours"]}"""u8.ToArray() } };
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.FailedPrecondition, "POLICY_DENIED"), trailers);
        };

        Assert.Equal(["not yours"], (await Assert.ThrowsAsync<MacpTransportException>(() => client.CancelSessionAsync("s"))).Reasons);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_times_out()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { DefaultTimeout = TimeSpan.FromMinutes(1), TimeProvider = new HastyTime() });
        runtime.OnGetSession = Hang<GetSessionRequest, GetSessionResponse>;

        var e = await Assert.ThrowsAsync<MacpTimeoutException>(() => client.GetSessionAsync("s"));

        Assert.Equal((GrpcStatusCode.DeadlineExceeded, true), (e.StatusCode, e.IsTransient));
    }

    [Fact]
    public async Task The_calls_timeout_counts_before_the_clients_and_can_lift_it()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { DefaultTimeout = TimeSpan.FromMinutes(10) });

        await client.GetSessionAsync("s");
        await client.GetSessionAsync("s", new() { Timeout = TimeSpan.FromMinutes(2) });
        await client.GetSessionAsync("s", new() { Timeout = Timeout.InfiniteTimeSpan });

        Assert.Collection(runtime.Headers.Select(h => h.Get("grpc-timeout")), _ => { }, _ => { }, none => Assert.Null(none));
        await Assert.ThrowsAsync<MacpConfigurationException>(() => client.GetSessionAsync("s", new() { Timeout = TimeSpan.Zero }));
    }

    [Fact]
    public async Task A_default_timeout_does_not_touch_streams()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        DateTimeOffset? deadline = DateTimeOffset.MaxValue;
        runtime.OnStream = (_, _, call) =>
        {
            deadline = call.Deadline;
            return Task.CompletedTask;
        };
        await using var client = runtime.Connect(Alice, o => o with { DefaultTimeout = TimeSpan.FromMinutes(10) });

        await using var stream = await client.OpenStreamAsync(new() { Timeout = TimeSpan.FromMinutes(1) });
        Assert.Null(await stream.ReadAsync());

        Assert.Null(deadline);
    }

    [Fact]
    public async Task A_callers_token_ends_the_call_with_its_own_exception()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { Retry = MacpRetryPolicy.Default });
        using var source = new CancellationTokenSource();
        runtime.OnSend = (request, call) =>
        {
            source.Cancel();
            return Hang<SendRequest, SendResponse>(request, call);
        };

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(Notes.Note("s", "alice", "x"), null, source.Token));

        Assert.Equal(source.Token, e.CancellationToken);
        Assert.Single(runtime.Sent);
    }

    [Fact]
    public async Task What_a_runtime_tells_of_a_session_has_times_and_lists()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnGetSession = (r, _) => ValueTask.FromResult(new GetSessionResponse
        {
            Metadata = new()
            {
                SessionId = r.SessionId, Mode = Notes.Mode, State = SessionState.Resolved, Initiator = "alice", ContextId = "c", PolicyVersion = "p",
                ModeVersion = "1.0.0", ConfigurationVersion = "cfg", StartedAtUnixMs = 1_000, ExpiresAtUnixMs = long.MaxValue,
                Participants = { "alice", "bob" }, ExtensionKeys = { "x-context" },
                ParticipantActivity = { new ParticipantActivity { ParticipantId = "bob", MessageCount = 2, LastMessageAtUnixMs = 2_000 }, new ParticipantActivity { ParticipantId = "alice" } },
            },
        });

        var session = await client.GetSessionAsync("s1");

        Assert.Equal(("s1", "alice", "c", "p", "1.0.0", "cfg"), (session.SessionId, session.Initiator, session.ContextId, session.PolicyVersion, session.ModeVersion, session.ConfigurationVersion));
        Assert.True(session.IsTerminal);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), session.StartedAt);
        Assert.Equal(9999, session.ExpiresAt!.Value.Year);
        Assert.Equal(["alice", "bob"], session.Participants);
        Assert.Equal((Notes.Mode, SessionState.Resolved, "x-context"), (session.Mode, session.State, Assert.Single(session.ExtensionKeys)));
        Assert.Equal([new("bob", DateTimeOffset.UnixEpoch.AddSeconds(2), 2), new("alice", null, 0)], session.Activity);
    }

    [Fact]
    public async Task Cancel_suspend_and_resume_send_the_reason_and_share_the_handling_of_nacks()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { Retry = MacpRetryPolicy.Default });

        Assert.Equal(SessionState.Cancelled, (await client.CancelSessionAsync("s", "enough")).State);
        Assert.Equal(SessionState.Suspended, (await client.SuspendSessionAsync("s", "lunch")).State);
        Assert.Equal(SessionState.Open, (await client.ResumeSessionAsync("s", "back")).State);
        Assert.Equal(["enough", "lunch", "back"],
            runtime.Requests.Select(r => r switch { CancelSessionRequest c => c.Reason, SuspendSessionRequest s => s.Reason, ResumeSessionRequest s => s.Reason, _ => "" }));

        runtime.OnCancel = (_, _) => ValueTask.FromResult(new CancelSessionResponse { Ack = new() { Error = new() { Code = "INTERNAL_ERROR", Message = "no" } } });
        await Assert.ThrowsAsync<MacpNackException>(() => client.CancelSessionAsync("s"));
        Assert.False((await client.CancelSessionAsync("s", call: new() { ThrowOnNack = false })).Ok);
        Assert.Equal(5, runtime.Requests.Count);
    }

    [Fact]
    public async Task Modes_and_manifests_can_be_listed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect();

        Assert.Equal(Notes.Mode, Assert.Single(await client.ListModesAsync()).Mode);
        Assert.Equal("bob", (await client.GetManifestAsync("bob")).AgentId);
    }

    [Fact]
    public async Task A_signal_is_ambient()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await client.SendSignalAsync(new("anomaly") { Data = ByteString.CopyFromUtf8("!"), Confidence = 0.5, CorrelationSessionId = "s" });

        var envelope = Assert.Single(runtime.Sent);
        Assert.Equal(("", "", "Signal", "alice", "1.0"), (envelope.Mode, envelope.SessionId, envelope.MessageType, envelope.Sender, envelope.MacpVersion));
        Assert.Equal(new SignalPayload { SignalType = "anomaly", Data = ByteString.CopyFromUtf8("!"), Confidence = 0.5, CorrelationSessionId = "s" },
            SignalPayload.Parser.ParseFrom(envelope.Payload));
    }

    [Fact]
    public async Task Progress_is_ambient_or_of_a_session_but_never_half_of_each()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await client.SendProgressAsync(new("t", 1, 3) { Message = "on it", TargetMessageId = "m" });
        await client.SendProgressAsync(new("t", 2, 3) { SessionId = "s", Mode = Notes.Mode });

        Assert.Equal([("", ""), ("s", Notes.Mode)], runtime.Sent.Select(e => (e.SessionId, e.Mode)));
        Assert.Equal(new ProgressPayload { ProgressToken = "t", Progress = 1, Total = 3, Message = "on it", TargetMessageId = "m" },
            ProgressPayload.Parser.ParseFrom(runtime.Sent.First().Payload));
        await Assert.ThrowsAsync<MacpSessionException>(() => client.SendProgressAsync(new("t", 1, 3) { SessionId = "s" }));
        await Assert.ThrowsAsync<MacpSessionException>(() => client.SendProgressAsync(new("t", double.NaN, 3)));
        await Assert.ThrowsAsync<MacpSessionException>(() => client.SendSignalAsync(new(" ")));
        await Assert.ThrowsAsync<MacpSessionException>(() => client.SendSignalAsync(new("x") { Confidence = double.PositiveInfinity }));
        Assert.Equal(2, runtime.Sent.Count);
    }

    [Fact]
    public async Task An_envelope_has_a_uuid_of_version_4_and_the_clients_time()
    {
        var time = new HastyTime();
        await using var client = new MacpClient(MacpClientOptions.FromEndpoint("localhost:1") with { TimeProvider = time });

        var envelope = client.CreateEnvelope(Notes.Mode, "s", "Note", new SignalPayload());

        Assert.Equal(('4', 36), (envelope.MessageId[14], envelope.MessageId.Length));
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), envelope.TimestampUnixMs);
        Assert.Equal("mine", client.CreateEnvelope(Notes.Mode, "s", "Note", new SignalPayload(), messageId: "mine").MessageId);
    }

    internal static async ValueTask<TResponse> Hang<TRequest, TResponse>(TRequest request, GrpcServerCall call)
    {
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        throw new UnreachableException();
    }
}
