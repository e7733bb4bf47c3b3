using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>Which rule answers where a message breaks two that stand next to each other (runtime-semantics 1.2).</summary>
public sealed class OrderTests
{
    static readonly (string Code, Action<Envelope> Break)[] Rules =
    [
        ("UNSUPPORTED_PROTOCOL_VERSION", e => e.MacpVersion = "2.0"),
        ("INVALID_ENVELOPE", e => e.MessageId = ""),
        ("PAYLOAD_TOO_LARGE", e => e.Payload = ByteString.CopyFrom(new byte[2000])),
        ("UNAUTHENTICATED", e => e.Sender = "bob"),
        ("FORBIDDEN", e => e.MessageType = "Checkpoint"),
        ("SESSION_NOT_FOUND", e => e.SessionId = "0000-not-there"),
    ];

    public static TheoryData<int> Pairs => new(Enumerable.Range(0, Rules.Length - 1));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task The_earlier_of_two_broken_rules_answers(int first)
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = 1000 });
        string session = await runtime.DeliberateAsync();
        await runtime.RefusesAsync(Rules[first].Code, "alice", Envelopes.Evaluation(session).With(Rules[first].Break).With(Rules[first + 1].Break));
    }

    [Fact]
    public async Task Shape_and_size_are_judged_before_a_missing_credential()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = 1000 });
        string session = Envelopes.NewSession();
        await runtime.RefusesAsync("UNSUPPORTED_PROTOCOL_VERSION", null, Envelopes.Vote(session).With(e => e.MacpVersion = ""));
        await runtime.RefusesAsync("INVALID_ENVELOPE", null, Envelopes.Vote(session).With(e => e.Mode = ""));
        await runtime.RefusesAsync("PAYLOAD_TOO_LARGE", null, Envelopes.Vote(session).With(e => e.Payload = ByteString.CopyFrom(new byte[1001])));
        await runtime.RefusesAsync("UNAUTHENTICATED", null, Envelopes.Vote(session));
    }

    [Fact]
    public async Task What_is_refused_before_the_rate_is_taken_spends_none()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = 1 });
        string session = await runtime.OpenAsync();
        await runtime.RefusesAsync("FORBIDDEN", "alice", Envelopes.Of(session, "Checkpoint"));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Proposal(session).With(e => e.MessageId = ""));
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
        await runtime.RefusesAsync("RATE_LIMITED", "alice", Envelopes.Vote(Envelopes.NewSession()));
    }

    [Fact]
    public async Task A_session_judges_mode_then_state_then_role_then_payload()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string open = await runtime.DeliberateAsync(), ended = await runtime.OpenAsync();
        await runtime.CancelAsync("ini", ended);

        await runtime.RefusesAsync("INVALID_ENVELOPE", "mallory", Envelopes.Vote(ended).With(e => e.Mode = "ext.other.v1"));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "mallory", Envelopes.Vote(ended));
        await runtime.RefusesAsync("FORBIDDEN", "mallory", Envelopes.Vote(open).With(e => e.Payload = ByteString.CopyFrom(0xff)));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Vote(open).With(e => e.Payload = ByteString.CopyFrom(0xff)));
    }
}
