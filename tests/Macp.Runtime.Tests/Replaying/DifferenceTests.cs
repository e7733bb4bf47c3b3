using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;
using static Macp.Runtime.Tests.Replaying.NotesStory;

namespace Macp.Runtime.Tests.Replaying;

/// <summary>Whatever is altered in a history, replay tells exactly that, and decides the rest.</summary>
public sealed class DifferenceTests
{
    sealed record Case(Func<NotesStory, NotesStory> Alter, params string[] Told);

    static readonly Dictionary<string, Case> Cases = new()
    {
        ["nothing"] = new(story => story),
        ["no end yet"] = new(story => story.Until(Second)),

        ["a start with a time to live that no session has"] = new(story => story.WithPayload<SessionStartPayload>(Start, start => start.TtlMs = 0),
            "0 Refused SessionStart: accepted at 0 -> INVALID_ENVELOPE: ttl_ms must be from 1 to 86400000; it is 0"),
        ["a start that cannot be read"] = new(story => story.With(Start, start => start.Payload = ByteString.CopyFrom(0x0a, 0x05)),
            "0 Refused SessionStart: accepted at 0 -> INVALID_ENVELOPE: the payload is not a macp.v1.SessionStartPayload"),
        ["a start of a session with an id that none has"] = new(story => story.With(Start, start => start.SessionId = "short").Until(Start),
            "0 Refused SessionStart: accepted at 0 -> INVALID_SESSION_ID: session_id must be a lower-case UUID of version 4 or 7, or at least 22 base64url characters"),
        ["a start after its deadline"] = new(story => story.With(Start, at: 1001).Until(Start),
            "0 Refused SessionStart: accepted at 1001 -> INVALID_ENVELOPE: the session's deadline, timestamp_unix_ms plus ttl_ms, has passed already"),
        ["another deadline"] = new(story => story.With(Start, bind: bound => bound with { ExpiresAtUnixMs = bound.ExpiresAtUnixMs + 1 }).Until(Second),
            "0 Otherwise SessionStart: expires_at_unix_ms 1001 -> expires_at_unix_ms 1000"),
        ["the deadline of a timestamp ahead, which counted"] = new(story => story.With(Start, start => start.TimestampUnixMs += 7, bind: bound => bound with { ExpiresAtUnixMs = FakeTime.Origin + 1007 }).Until(Second)),
        ["the deadline of a timestamp ahead, which did not count"] = new(story => story.With(Start, start => start.TimestampUnixMs += 7)),
        ["the deadline of a timestamp behind, which did not count"] = new(story => story.With(Start, start => start.TimestampUnixMs -= 7),
            "0 Otherwise SessionStart: expires_at_unix_ms 1000 -> expires_at_unix_ms 993"),
        ["another cap"] = new(story => story.With(Start, bind: bound => bound with { MaxSuspendMs = 299 }), "0 Otherwise SessionStart: max_suspend_ms 299 -> max_suspend_ms 300"),
        ["a mode version that was not asked for"] = new(story => story.WithPayload<SessionStartPayload>(Start, start => start.ModeVersion = "0.9.0"),
            "0 Otherwise SessionStart: mode_version 1.0.0 -> mode_version 0.9.0"),
        ["a policy that was not asked for"] = new(story => story.WithPayload<SessionStartPayload>(Start, start => start.PolicyVersion = "policy.other"),
            "0 Otherwise SessionStart: policy_version policy.default -> policy_version policy.other"),
        ["a policy that governs another mode"] = new(story => story.With(Start, bind: bound => bound with { Policy = Bound("ext.other.v1") }),
            "0 Refused SessionStart: accepted at 0 -> INVALID_POLICY_DEFINITION: mode: policy 'policy.default' governs 'ext.other.v1', not 'ext.notes.v1'"),

        ["a message that the mode refuses"] = new(story => story.With(Second, note => note.Payload = new StringValue { Value = "refuse me" }.ToByteString()),
            "6 Refused Note: accepted at 300 -> INVALID_ENVELOPE: as you wish"),
        ["a message of somebody who is no participant"] = new(story => story.With(Second, note => note.Sender = "mallory"),
            "6 Refused Note: accepted at 300 -> FORBIDDEN: Note may be sent by declared participants only; 'mallory' is not one"),
        ["a message of another mode"] = new(story => story.With(Second, note => note.Mode = "ext.other.v1"),
            "6 Refused Note: accepted at 300 -> INVALID_ENVELOPE: mode 'ext.other.v1' is not the session's; it is 'ext.notes.v1'"),
        ["a message of another session"] = new(story => story.With(Second, note => note.SessionId = "session-1111111111111111"),
            "6 Otherwise Note: session_id session-1111111111111111 -> session_id session-0000000000000000"),
        ["a message with an id that only the runtime gives"] = new(story => story.With(Second, note => note.MessageId = "implicit-accept:b"),
            "6 Refused Note: accepted at 300 -> INVALID_ENVELOPE: message ids that begin with 'implicit-accept:' are the runtime's own"),
        ["a repeated message id"] = new(story => story.With(Second, note => note.MessageId = story.Records[First].MessageId),
            "6 Refused Note: accepted at 300 -> INVALID_ENVELOPE: message_id 'm2' is taken by another message of this session"),
        ["a message in a suspension"] = new(story => story.With(Second, at: 250).Without(Resumed).Until(Resumed),
            "5 Refused Note: accepted at 250 -> SESSION_NOT_OPEN: the session is not open: it is suspended"),
        ["messages after the deadline"] = new(story => story.Until(Second).Then(First, 1061, note => note.MessageId = "late").Then(First, 1062, note => note.MessageId = "later"),
            "7 Missing TtlExpired: nothing -> written at 1060, before what stands here"),
        ["a message at the deadline"] = new(story => story.Until(Second).Then(First, 1060, note => note.MessageId = "late")),
        ["a message after the end"] = new(story => story.Then(First, 1060, note => note.MessageId = "late"),
            "8 Refused Note: accepted at 1060 -> SESSION_NOT_OPEN: the session is not open: it is expired"),
        ["a time that steps back"] = new(story => story.With(Second, at: 259), "6 Otherwise Note: accepted_at_unix_ms 259 -> accepted_at_unix_ms 260 or later"),
        ["a number that is left out"] = new(story => story.With(Second, ordinal: 6).Until(Second), "6 Otherwise Note: ordinal 6 -> ordinal 5"),
        ["an annotation with a number of its own"] = new(story => story.With(Suspended, ordinal: 5).Until(Suspended), "4 Otherwise SessionSuspend: ordinal 5 -> ordinal 4"),

        ["a due message too early"] = new(story => story.With(Rang, at: 119), "3 Otherwise Rang: timestamp_unix_ms 119, accepted_at_unix_ms 119 -> timestamp_unix_ms 120, accepted_at_unix_ms 120"),
        ["a due message too late"] = new(story => story.With(Rang, at: 121), "3 Otherwise Rang: timestamp_unix_ms 121, accepted_at_unix_ms 121 -> timestamp_unix_ms 120, accepted_at_unix_ms 120"),
        ["a due message in another's name"] = new(story => story.With(Rang, rang => rang.Sender = "ada"), "3 Otherwise Rang: sender ada -> sender bob"),
        ["a due message with another payload"] = new(story => story.With(Rang, rang => rang.Payload = ByteString.CopyFrom(0x08, 0x01)), "3 Otherwise Rang: payload 0801 -> payload "),
        ["a due message of another type"] = new(story => story.With(Rang, rang => rang.MessageType = "Silence"), "3 Otherwise Silence: message_type Silence -> message_type Rang"),
        ["a due message with another id"] = new(story => story.With(Rang, rang => rang.MessageId = "implicit-accept:b"),
            "3 Missing Rang: nothing -> came due at 120, before what stands here", "3 NotDue Rang: came due at 120 -> nothing of this id comes due"),
        ["a due message that is missing"] = new(story => story.Without(Rang), "3 Missing Rang: nothing -> came due at 120, before what stands here"),
        ["a due message that nobody brought about"] = new(story => story.Without(Alarm), "2 NotDue Rang: came due at 120 -> nothing of this id comes due"),
        ["a due message that would have been dropped"] = new(story => story.With(First, note => note.MessageType = "Silence"), "3 Refused Rang: came due at 120 -> INVALID_ENVELOPE: silenced"),
        ["a due message in a suspension"] = new(story => story.With(Suspended, at: 110, ordinal: 3).Swap(Rang, Suspended).Until(Suspended),
            "4 Refused Rang: came due at 120 -> SESSION_NOT_OPEN: the session is not open: it is suspended"),

        ["an expiry too early"] = new(story => story.With(Expired, at: 1059), "7 Otherwise TtlExpired: timestamp_unix_ms 1059, accepted_at_unix_ms 1059 -> timestamp_unix_ms 1060, accepted_at_unix_ms 1060"),
        ["an expiry too late"] = new(story => story.With(Expired, at: 1061), "7 Otherwise TtlExpired: timestamp_unix_ms 1061, accepted_at_unix_ms 1061 -> timestamp_unix_ms 1060, accepted_at_unix_ms 1060"),
        ["a second expiry"] = new(story => story.Then(Expired, 1060), "8 Refused TtlExpired: written at 1060 -> SESSION_NOT_OPEN: the session is not open: it is expired"),
        ["a resumption beyond the cap"] = new(story => story.WithPayload<SessionResumePayload>(Resumed, resume => resume.BankedMs = 301).With(Resumed, at: 501).Until(Resumed),
            "5 Missing TtlExpired: nothing -> written at 500, before what stands here"),
        ["a resumption of what is open"] = new(story => story.Until(Resumed).Without(Suspended),
            "4 Refused SessionResume: written at 260 -> SESSION_NOT_OPEN: the session is not suspended: it is open"),
        ["a second suspension of what is suspended"] = new(story => story.Until(Suspended).Then(Suspended, 210),
            "5 Refused SessionSuspend: written at 210 -> SESSION_NOT_OPEN: the session is not open: it is suspended"),
        ["a suspension after the end"] = new(story => story.Then(Suspended, 1060), "8 Refused SessionSuspend: written at 1060 -> SESSION_NOT_OPEN: the session is not open: it is expired"),
        ["a suspension by somebody who may not"] = new(story => story.WithPayload<SessionSuspendPayload>(Suspended, suspend => suspend.SuspendedBy = "bob").Until(Suspended),
            "4 Refused SessionSuspend: written at 200 -> FORBIDDEN: 'bob' may not cancel, suspend or resume this session"),
        ["a resumption that banks what was not suspended"] = new(story => story.WithPayload<SessionResumePayload>(Resumed, resume => resume.BankedMs = 61),
            "5 Otherwise SessionResume: payload 1203616461183d -> payload 1203616461183c"),
        ["an annotation with another id"] = new(story => story.With(Suspended, suspend => suspend.MessageId = "_runtime:SessionSuspend:7"),
            "4 Otherwise SessionSuspend: message_id _runtime:SessionSuspend:7 -> message_id _runtime:SessionSuspend:1"),
        ["an annotation that no runtime writes"] = new(story => story.With(Suspended, suspend => suspend.MessageType = MessageTypes.Checkpoint).Until(Suspended),
            "4 Refused Checkpoint: written at 200 -> INVALID_ENVELOPE: no runtime writes this annotation"),
    };

    public static TheoryData<string> All => [.. Cases.Keys];

    [Theory, MemberData(nameof(All))]
    public async Task Replay_tells_what_was_altered(string what)
    {
        var (alter, told) = Cases[what];
        Assert.Equal(string.Join('\n', told), Tell(alter(await TellAsync()).Replay()));
    }

    static PolicyBinding Bound(string mode)
    {
        var policy = PolicyDefinition.Default.ToDescriptor();
        policy.Mode = mode;
        return new(policy.PolicyId, Definition: PolicyDefinition.Recall(policy));
    }
}
