using Google.Protobuf;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What a frame may be, and what a wrong one does to its stream (runtime-semantics 3.1 and 3.2; decisions 19).</summary>
public sealed class FrameTests
{
    [Fact]
    public async Task A_frame_with_both_or_neither_ends_the_stream()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await using var both = runtime.Stream("alice");
        await both.WriteAsync(new() { SubscribeSessionId = session, Envelope = Envelopes.Proposal(session) });
        await both.EndsWithAsync(GrpcStatusCode.InvalidArgument);
        await using var neither = runtime.Stream("alice");
        await neither.WriteAsync(new() { AfterSequence = 3 });
        await neither.EndsWithAsync(GrpcStatusCode.InvalidArgument);
    }

    public static TheoryData<string, string> Inline => new()
    {
        { "version", "UNSUPPORTED_PROTOCOL_VERSION" }, { "no id", "INVALID_ENVELOPE" }, { "no session", "INVALID_ENVELOPE" }, { "no mode", "INVALID_ENVELOPE" },
        { "unknown session", "SESSION_NOT_FOUND" }, { "payload", "INVALID_ENVELOPE" }, { "unknown type", "INVALID_ENVELOPE" }, { "own type", "FORBIDDEN" },
        { "unknown mode", "MODE_NOT_SUPPORTED" }, { "unknown policy", "UNKNOWN_POLICY_VERSION" },
    };

    [Theory]
    [MemberData(nameof(Inline))]
    public async Task These_refusals_are_told_inline_with_code_and_message_id_and_the_stream_goes_on(string fault, string code)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        var wrong = fault is "unknown mode" ? Envelopes.Start(Envelopes.NewSession()).With(e => e.Mode = "macp.mode.task.v1")
            : fault is "unknown policy" ? Envelopes.Start(Envelopes.NewSession(), s => s.PolicyVersion = "policy.x")
            : Envelopes.Vote(session).With(e => Break(e, fault));

        await stream.SendAsync(wrong);
        var error = await stream.RefusesAsync(code);
        Assert.Equal((wrong.MessageId, wrong.SessionId), (error.MessageId, error.SessionId));

        await stream.SendAsync(Envelopes.Evaluation(session, id: "next"));
        await stream.DeliversAsync("next");
    }

    public static TheoryData<string, GrpcStatusCode> Ending => new()
    {
        { "payload too large", GrpcStatusCode.ResourceExhausted }, { "blank session", GrpcStatusCode.InvalidArgument }, { "signal", GrpcStatusCode.InvalidArgument },
        { "ambient progress", GrpcStatusCode.InvalidArgument }, { "another sender", GrpcStatusCode.Unauthenticated },
        { "another mode", GrpcStatusCode.InvalidArgument }, { "start again", GrpcStatusCode.AlreadyExists }, { "session id", GrpcStatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(Ending))]
    public async Task These_end_the_stream_with_their_status_and_leave_no_trace(string fault, GrpcStatusCode code)
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = 1000 });
        string session = await runtime.DeliberateAsync();
        string before = await runtime.TracesAsync(session);
        await using var stream = runtime.Stream("alice");

        await stream.SendAsync(Envelopes.Evaluation(session).With(e => Break(e, fault)));

        await stream.EndsWithAsync(code);
        Assert.Equal(before, await runtime.TracesAsync(session));
    }

    [Fact]
    public async Task Another_mode_than_the_sessions_ends_a_bound_stream_too()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync(session, 2);
        await stream.SendAsync(Envelopes.Vote(session).With(e => e.Mode = "ext.other.v1"));
        await stream.EndsWithAsync(GrpcStatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_session_that_is_not_open_ends_the_stream_and_says_so()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.SuspendAsync("ini", session);
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(Envelopes.Vote(session));
        Assert.Contains("SESSION_NOT_OPEN", await stream.EndsWithAsync(GrpcStatusCode.InvalidArgument), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rates_are_those_of_Send()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = 2 });
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(Envelopes.Evaluation(session, id: "m"));
        await stream.DeliversAsync("m");
        await stream.SendAsync(Envelopes.Evaluation(session));
        await stream.EndsWithAsync(GrpcStatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task A_stream_carries_one_session()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync(), other = await runtime.DeliberateAsync();
        await using var sender = runtime.Stream("alice");
        await sender.SendAsync(Envelopes.Evaluation(session, id: "m"));
        await sender.DeliversAsync("m");
        await sender.SendAsync(Envelopes.Evaluation(other));
        await sender.EndsWithAsync(GrpcStatusCode.InvalidArgument);
        await using var reader = runtime.Stream("alice");
        await reader.SubscribeAsync(session, 3);
        await reader.SubscribeAsync(other);
        await reader.EndsWithAsync(GrpcStatusCode.InvalidArgument);
    }

    static void Break(Envelope e, string fault)
    {
        switch (fault)
        {
            case "version": e.MacpVersion = "0.9"; break;
            case "no id": e.MessageId = ""; break;
            case "no session": e.SessionId = ""; break;
            case "no mode": e.Mode = ""; break;
            case "unknown session": e.SessionId = Envelopes.NewSession(); break;
            case "payload": e.Payload = ByteString.CopyFrom(0xff); break;
            case "unknown type": e.MessageType = "Contribute"; break;
            case "own type": e.MessageType = "SessionCancel"; break;
            case "payload too large": e.Payload = ByteString.CopyFrom(new byte[1001]); break;
            case "blank session": e.SessionId = " "; break;
            case "signal": (e.MessageType, e.SessionId, e.Mode, e.Payload) = ("Signal", "", "", ByteString.Empty); break;
            case "ambient progress": (e.MessageType, e.SessionId, e.Mode, e.Payload) = ("Progress", "", "", ByteString.Empty); break;
            case "another sender": e.Sender = "bob"; break;
            case "another mode": e.Mode = "ext.other.v1"; break;
            case "start again": (e.MessageType, e.Payload) = ("SessionStart", Envelopes.StartPayload().ToByteString()); break;
            case "session id": (e.MessageType, e.SessionId) = ("SessionStart", "short"); break;
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, null);
        }
    }
}
