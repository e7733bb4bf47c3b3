using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>
/// Each rule of admission, and that the earlier of two broken rules answers: the tables below stand in the order of runtime-semantics 1.2, 1.6
/// and 1.7 as decisions corrects it, and every pair that one message can break is tried.
/// </summary>
public sealed class AdmissionOrderTests
{
    const string Ended = "session-1111111111111111", Missing = "session-2222222222222222";

    /// <summary>What a message is made of; a rule breaks one part of it.</summary>
    enum Part { Version, Type, Id, Session, Mode, Payload, Size, Sender, Rate, Credential, Timestamp, Ttl, ModeVersion, Configuration, Participants, Suspend, Policy, Open }

    sealed class Attempt
    {
        public Identity? Identity { get; set; } = World.Ada;
        public required Envelope Envelope { get; init; }
        public SessionStartPayload? Start { get; init; }
        public bool IsRateSpent { get; set; }
    }

    sealed record Rule(string Name, Part Part, ErrorCode Code, string Says, Action<Attempt> Break);

    static readonly Rule[] Common =
    [
        new("version", Part.Version, ErrorCode.UnsupportedProtocolVersion, "macp_version", a => a.Envelope.MacpVersion = "1.1"),
        new("no type", Part.Type, ErrorCode.InvalidEnvelope, "message_type", a => a.Envelope.MessageType = ""),
        new("no id", Part.Id, ErrorCode.InvalidEnvelope, "message_id must", a => a.Envelope.MessageId = ""),
        new("runtime's id", Part.Id, ErrorCode.InvalidEnvelope, "implicit-accept:", a => a.Envelope.MessageId = "implicit-accept:h1"),
        new("no session", Part.Session, ErrorCode.InvalidEnvelope, "session_id must not be empty", a => a.Envelope.SessionId = ""),
        new("blank mode", Part.Mode, ErrorCode.InvalidEnvelope, "mode must not be blank", a => a.Envelope.Mode = " "),
        new("too large", Part.Payload, ErrorCode.PayloadTooLarge, "bytes", a => a.Envelope.Payload = ByteString.CopyFrom(new byte[201])),
        new("no credential", Part.Credential, ErrorCode.Unauthenticated, "needed", a => a.Identity = null),
        new("other's name", Part.Sender, ErrorCode.Unauthenticated, "sender 'eve'", a => a.Envelope.Sender = "eve"),
        new("annotation", Part.Type, ErrorCode.Forbidden, "by the runtime only", a => a.Envelope.MessageType = "SessionCancel"),
    ];

    static readonly Rule[] Messages =
    [
        .. Common,
        new("mode not allowed", Part.Credential, ErrorCode.Forbidden, "may not send in mode", a => a.Identity = World.Ada with { AllowedModes = new HashSet<string>() }),
        new("rate", Part.Rate, ErrorCode.RateLimited, "too much", a => a.IsRateSpent = true),
        new("unknown session", Part.Session, ErrorCode.SessionNotFound, "no session", a => a.Envelope.SessionId = Missing),
        new("own id again", Part.Id, ErrorCode.InvalidEnvelope, "is taken", a => a.Envelope.MessageId = "ada's"),
        new("other mode", Part.Mode, ErrorCode.InvalidEnvelope, "is not the session's", a => a.Envelope.Mode = "ext.other.v1"),
        new("not open", Part.Session, ErrorCode.SessionNotOpen, "cancelled", a => a.Envelope.SessionId = Ended),
        new("not a participant", Part.Sender, ErrorCode.Forbidden, "declared participants only", a =>
        {
            a.Envelope.Sender = "";
            a.Identity = a.Identity is null ? null : a.Identity with { Sender = "mallory" };
        }),
        new("unreadable", Part.Payload, ErrorCode.InvalidEnvelope, "payload", a => a.Envelope.Payload = ByteString.CopyFrom(0x0A, 0x01, 0xFF)),
        new("other's id", Part.Id, ErrorCode.InvalidEnvelope, "is taken", a => a.Envelope.MessageId = "bob's"),
    ];

    static readonly Rule[] Starts =
    [
        .. Common,
        new("may not start", Part.Credential, ErrorCode.Forbidden, "may not start", a => a.Identity = World.Ada with { CanStartSessions = false }),
        new("mode not allowed", Part.Credential, ErrorCode.Forbidden, "may not send in mode", a => a.Identity = World.Ada with { AllowedModes = new HashSet<string>() }),
        new("rate", Part.Rate, ErrorCode.RateLimited, "too much", a => a.IsRateSpent = true),
        new("session id", Part.Session, ErrorCode.InvalidSessionId, "session_id", a => a.Envelope.SessionId = "short"),
        new("not hosted", Part.Mode, ErrorCode.ModeNotSupported, "not hosted", a => a.Envelope.Mode = "ext.other.v1"),
        new("unreadable", Part.Payload, ErrorCode.InvalidEnvelope, "payload", a => a.Envelope.Payload = ByteString.CopyFrom(0x0A, 0x01, 0xFF)),
        new("ttl", Part.Ttl, ErrorCode.InvalidEnvelope, "ttl_ms", a => a.Start!.TtlMs = 0),
        new("blank version", Part.ModeVersion, ErrorCode.InvalidEnvelope, "mode_version", a => a.Start!.ModeVersion = " "),
        new("blank configuration", Part.Configuration, ErrorCode.InvalidEnvelope, "configuration_version", a => a.Start!.ConfigurationVersion = ""),
        new("names", Part.Participants, ErrorCode.InvalidEnvelope, "named twice", a => a.Start!.Participants.Add(" ada ")),
        new("suspension", Part.Suspend, ErrorCode.InvalidEnvelope, "max_suspend_ms", a => a.Start!.MaxSuspendMs = -1),
        new("version not hosted", Part.ModeVersion, ErrorCode.ModeNotSupported, "in version '9.0.0'", a => a.Start!.ModeVersion = "9.0.0"),
        new("too few", Part.Participants, ErrorCode.InvalidEnvelope, "at least 1", a => a.Start!.Participants.Clear()),
        new("exists", Part.Session, ErrorCode.SessionAlreadyExists, "exists", a => a.Envelope.SessionId = World.Session),
        new("late", Part.Timestamp, ErrorCode.InvalidEnvelope, "has passed", a => a.Envelope.TimestampUnixMs = 1),
        new("policy", Part.Policy, ErrorCode.UnknownPolicyVersion, "no policy", a => a.Start!.PolicyVersion = "policy.nobody"),
        new("too many open", Part.Credential, ErrorCode.RateLimited, "open sessions", a => a.Identity = World.Ada with { MaxOpenSessions = 1 }),
    ];

    public static TheoryData<string, string> MessagePairs => PairsOf(Messages);

    public static TheoryData<string, string> StartPairs => PairsOf(Starts);

    [Theory, MemberData(nameof(MessagePairs))]
    public Task Of_two_broken_rules_for_messages_the_earlier_answers(string first, string second) => TryAsync(Messages, first, second);

    [Theory, MemberData(nameof(StartPairs))]
    public Task Of_two_broken_rules_for_starts_the_earlier_answers(string first, string second) => TryAsync(Starts, first, second);

    [Fact]
    public async Task A_message_that_breaks_no_rule_is_accepted()
    {
        var world = await PreparedAsync();
        Expect.Accepted(await SendAsync(world, Fresh(world, isStart: false)));
        Expect.Accepted(await SendAsync(world, Fresh(world, isStart: true)));
    }

    static async Task TryAsync(Rule[] rules, string first, string second)
    {
        var world = await PreparedAsync();
        var attempt = Fresh(world, isStart: rules == Starts);
        var earlier = Array.Find(rules, r => r.Name == first)!;
        earlier.Break(attempt);
        if (first != second) Array.Find(rules, r => r.Name == second)!.Break(attempt);

        var ack = await SendAsync(world, attempt);

        Expect.Code(earlier.Code, ack);
        Assert.Contains(earlier.Says, ack.Error.Message);
    }

    /// <summary>Every rule alone, and with every later rule that breaks another part.</summary>
    static TheoryData<string, string> PairsOf(Rule[] rules)
    {
        var pairs = new TheoryData<string, string>();
        for (int i = 0; i < rules.Length; i++)
        {
            pairs.Add(rules[i].Name, rules[i].Name);
            for (int j = i + 1; j < rules.Length; j++)
                if (CanBothBreak(rules[i], rules[j])) pairs.Add(rules[i].Name, rules[j].Name);
        }
        return pairs;
    }

    static bool CanBothBreak(Rule earlier, Rule later) => earlier.Part != later.Part
        // A payload that cannot be read has no fields that could be wrong; an oversized one is judged before it is read.
        && !(earlier.Part is Part.Payload && later.Part > Part.Timestamp)
        // Without a credential there is no sender who could be somebody else's participant; a session of another id has other ids in it.
        && !(earlier.Name == "no credential" && later.Name == "not a participant")
        && !(earlier.Name == "unknown session" && later.Name is "own id again" or "other's id")
        && !(earlier.Name == "own id again" && later.Name is "not open" or "not a participant");

    static async Task<World> PreparedAsync()
    {
        var world = new World(new() { MaxPayloadBytes = 200, MessageLimitPerMinute = 20, SessionStartLimitPerMinute = 10 });
        await world.StartAsync();
        await world.StartAsync(Ended);
        await world.Runtime.CancelAsync(World.Ada, Ended, "");
        foreach (var (sender, id) in new[] { (World.Ada, "ada's"), (World.Bob, "bob's") })
        {
            var note = world.Note(sender, "hello");
            note.MessageId = id;
            Expect.Accepted(await world.SendAsync(sender, note));
        }
        return world;
    }

    static Attempt Fresh(World world, bool isStart) => isStart
        ? new() { Envelope = world.Start(Missing), Start = SessionStartPayload.Parser.ParseFrom(world.Start().Payload) }
        : new() { Envelope = world.Note(World.Ada, "hi") };

    static async Task<Ack> SendAsync(World world, Attempt attempt)
    {
        if (attempt.IsRateSpent && attempt.Identity is { } identity) await SpendAsync(world, new(identity.Sender), attempt.Start is not null);
        // What the envelope carries: the payload that a rule put there, or the start's fields.
        if (attempt.Start is { } start && SessionStartPayload.Parser.ParseFrom(world.Start().Payload) is var plain && attempt.Envelope.Payload.Equals(plain.ToByteString()))
            attempt.Envelope.Payload = start.ToByteString();
        return await world.SendAsync(attempt.Identity, attempt.Envelope);
    }

    static async Task SpendAsync(World world, Identity identity, bool isStart)
    {
        for (int i = 0; i < 20; i++)
        {
            var envelope = isStart ? world.Start("bad id") : world.Ambient(identity, MessageTypes.Signal);
            envelope.Sender = identity.Sender;
            await world.SendAsync(identity, envelope);
        }
    }
}
