
namespace Macp.Server.Tests;

/// <summary>Each code of the admission table, over the wire, and nothing left behind (runtime-semantics 1.2, 1.6, 1.7).</summary>
public sealed class CodeTests
{
    public static TheoryData<string, string> Refusals => new()
    {
        { "UNSUPPORTED_PROTOCOL_VERSION", "another version" },
        { "UNSUPPORTED_PROTOCOL_VERSION", "no version" },
        { "INVALID_ENVELOPE", "no type" },
        { "INVALID_ENVELOPE", "no id" },
        { "INVALID_ENVELOPE", "no session" },
        { "INVALID_ENVELOPE", "no mode" },
        { "INVALID_ENVELOPE", "blank mode" },
        { "INVALID_ENVELOPE", "an id of the runtime's" },
        { "INVALID_ENVELOPE", "another mode" },
        { "PAYLOAD_TOO_LARGE", "a large payload" },
        { "UNAUTHENTICATED", "another sender" },
        { "SESSION_NOT_FOUND", "an unknown session" },
        { "SESSION_NOT_FOUND", "a session id of wrong form" },
        { "FORBIDDEN", "SessionSuspend" },
        { "FORBIDDEN", "SessionResume" },
        { "FORBIDDEN", "SessionCancel" },
        { "FORBIDDEN", "Checkpoint" },
        { "FORBIDDEN", "TtlExpired" },
        { "INVALID_ENVELOPE", "a type that the mode has not" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_message_that_breaks_a_rule_is_refused_with_its_code_and_leaves_no_trace(string code, string fault)
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = 1000 });
        string session = await runtime.DeliberateAsync();
        string before = await runtime.TracesAsync(session);

        await runtime.RefusesAsync(code, "alice", Envelopes.Evaluation(session, id: "again").With(e => Break(e, fault)));

        Assert.Equal(before, await runtime.TracesAsync(session));
        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session, id: "again"));
    }

    [Theory]
    [InlineData("SessionSuspend")]
    [InlineData("TtlExpired")]
    public async Task The_runtimes_own_types_are_forbidden_to_outsiders_and_in_unknown_sessions_too(string type)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();

        await runtime.RefusesAsync("FORBIDDEN", "ini", Envelopes.Of(session, type));
        await runtime.RefusesAsync("FORBIDDEN", "mallory", Envelopes.Of(session, type));
        await runtime.RefusesAsync("FORBIDDEN", "mallory", Envelopes.Of(Envelopes.NewSession(), type));
    }

    [Fact]
    public async Task A_type_that_the_mode_has_not_is_forbidden_to_an_outsider()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.RefusesAsync("FORBIDDEN", "mallory", Envelopes.Of(session, "Contribute"));
    }

    [Fact]
    public async Task A_message_after_the_end_is_refused_as_not_open()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "alice", Envelopes.Vote(session));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "mallory", Envelopes.Vote(session));
    }

    [Fact]
    public async Task A_message_is_in_time_up_to_the_deadline_and_late_after_it()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();

        runtime.Time.Advance(TimeSpan.FromMilliseconds(60_000));
        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session));
        runtime.Time.Advance(TimeSpan.FromMilliseconds(1));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "alice", Envelopes.Evaluation(session));

        Assert.Equal(Macp.Wire.V1.SessionState.Expired, (await runtime.MetadataAsync(session)).State);
    }

    static void Break(Macp.Wire.V1.Envelope e, string fault)
    {
        switch (fault)
        {
            case "another version": e.MacpVersion = "1.1"; break;
            case "no version": e.MacpVersion = ""; break;
            case "no type": e.MessageType = ""; break;
            case "no id": e.MessageId = ""; break;
            case "no session": e.SessionId = ""; break;
            case "no mode": e.Mode = ""; break;
            case "blank mode": e.Mode = "  "; break;
            case "an id of the runtime's": e.MessageId = "implicit-accept:h1"; break;
            case "another mode": e.Mode = "macp.mode.task.v1"; break;
            case "a large payload": e.Payload = Google.Protobuf.ByteString.CopyFrom(new byte[1001]); break;
            case "another sender": e.Sender = "bob"; break;
            case "an unknown session": e.SessionId = Envelopes.NewSession(); break;
            case "a session id of wrong form": e.SessionId = "short"; break;
            case "a type that the mode has not": e.MessageType = "Contribute"; break;
            default: e.MessageType = fault; break;
        }
    }
}
