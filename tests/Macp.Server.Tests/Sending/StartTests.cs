using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What a start must be, and what it binds (runtime-semantics 1.5 and 1.6, decisions 5 to 7).</summary>
public sealed class StartTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { "INVALID_SESSION_ID", "short id" }, { "INVALID_SESSION_ID", "upper-case uuid" }, { "INVALID_SESSION_ID", "uuid of version 1" },
        { "MODE_NOT_SUPPORTED", "unknown mode" }, { "MODE_NOT_SUPPORTED", "unknown version" },
        { "INVALID_ENVELOPE", "no payload" }, { "INVALID_ENVELOPE", "garbage" },
        { "INVALID_ENVELOPE", "ttl 0" }, { "INVALID_ENVELOPE", "ttl too long" },
        { "INVALID_ENVELOPE", "no version" }, { "INVALID_ENVELOPE", "blank configuration" },
        { "INVALID_ENVELOPE", "1001 participants" }, { "INVALID_ENVELOPE", "blank participant" }, { "INVALID_ENVELOPE", "participant twice" },
        { "INVALID_ENVELOPE", "negative suspension" }, { "INVALID_ENVELOPE", "deadline passed" }, { "UNKNOWN_POLICY_VERSION", "unknown policy" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_start_that_breaks_a_rule_is_refused_and_its_id_stays_free(string code, string fault)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        var start = Envelopes.Start(session, p => Break(p, fault)).With(e => Break(e, fault, runtime.Time.NowMs));

        await runtime.RefusesAsync(code, "ini", start);

        Assert.False((await runtime.AcceptsAsync("ini", Envelopes.Start(session, id: start.MessageId))).Duplicate);
    }

    [Fact]
    public async Task A_token_of_22_characters_is_a_session_id()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.AcceptsAsync("ini", Envelopes.Start("abcDEF0123456789-_abcd"));
    }

    [Fact]
    public async Task The_metadata_tells_what_the_start_bound()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(s =>
        {
            s.ContextId = "ctx";
            s.Extensions.Add("z", ByteString.CopyFromUtf8("1"));
            s.Extensions.Add("a", ByteString.Empty);
        });
        long now = runtime.Time.NowMs;

        var metadata = await runtime.MetadataAsync(session);

        Assert.Equal(
            new SessionMetadata
            {
                SessionId = session, Mode = Envelopes.Mode, State = SessionState.Open, StartedAtUnixMs = now, ExpiresAtUnixMs = now + 60_000,
                ModeVersion = "1.0.0", ConfigurationVersion = "config.default", PolicyVersion = "policy.default",
                Participants = { "alice", "bob", "carol" }, Initiator = "ini", ContextId = "ctx", ExtensionKeys = { "a", "z" },
            },
            metadata);
    }

    [Theory]
    [InlineData(-10_000, 50_000)]
    [InlineData(240_000, 300_000)]
    [InlineData(300_000, 360_000)]
    [InlineData(300_001, 60_000)]
    [InlineData(null, 60_000)]
    public async Task The_deadline_starts_at_the_starts_timestamp_unless_it_is_none_or_too_far_ahead(int? timestamp, int deadline)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        long now = runtime.Time.NowMs;
        await runtime.AcceptsAsync("ini", Envelopes.Start(session).With(e => e.TimestampUnixMs = timestamp is { } offset ? now + offset : -1));
        Assert.Equal(now + deadline, (await runtime.MetadataAsync(session)).ExpiresAtUnixMs);
    }

    [Fact]
    public async Task A_decision_without_participants_can_only_end_without_outcome()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(s => s.Participants.Clear());
        await runtime.RefusesAsync("FORBIDDEN", "ini", Envelopes.Proposal(session));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "ini", Envelopes.Commitment(session));
        Assert.Equal(SessionState.Cancelled, (await runtime.CancelAsync("ini", session)).SessionState);
    }

    static void Break(SessionStartPayload p, string fault)
    {
        switch (fault)
        {
            case "unknown version": p.ModeVersion = "9.0.0"; break;
            case "ttl 0": p.TtlMs = 0; break;
            case "ttl too long": p.TtlMs = 86_400_001; break;
            case "no version": p.ModeVersion = ""; break;
            case "blank configuration": p.ConfigurationVersion = " "; break;
            case "1001 participants": p.Participants.Add(Enumerable.Range(0, 998).Select(i => $"p{i}")); break;
            case "blank participant": p.Participants.Add(" "); break;
            case "participant twice": p.Participants.Add(" alice"); break;
            case "negative suspension": p.MaxSuspendMs = -1; break;
            case "unknown policy": p.PolicyVersion = "policy.x"; break;
        }
    }

    static void Break(Envelope e, string fault, long now)
    {
        switch (fault)
        {
            case "short id": e.SessionId = "abc"; break;
            case "upper-case uuid": e.SessionId = e.SessionId.ToUpperInvariant(); break;
            case "uuid of version 1": e.SessionId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"; break;
            case "unknown mode": e.Mode = "macp.mode.task.v1"; break;
            case "no payload": e.Payload = ByteString.Empty; break;
            case "garbage": e.Payload = ByteString.CopyFrom(0xff, 0xff); break;
            case "deadline passed": e.TimestampUnixMs = now - 60_001; break;
        }
    }
}
