using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class StartTests
{
    const string Second = "session-1111111111111111";

    readonly World _world = new();

    [Fact]
    public async Task A_start_binds_what_metadata_tells()
    {
        _world.Time.Advance(10);
        await _world.StartAsync(change: s =>
        {
            s.ContextId = "ctx";
            s.Extensions["z"] = ByteString.Empty;
            s.Extensions["a"] = ByteString.CopyFromUtf8("secret");
        });

        Assert.Equal(new SessionMetadata
        {
            SessionId = World.Session,
            Mode = NotesMode.Identifier,
            State = SessionState.Open,
            StartedAtUnixMs = FakeTime.Origin + 10,
            ExpiresAtUnixMs = FakeTime.Origin + 60_010,
            ModeVersion = "1.0.0",
            ConfigurationVersion = _world.Configuration,
            PolicyVersion = "policy.default",
            Participants = { "ada", "bob" },
            Initiator = "ada",
            ContextId = "ctx",
            ExtensionKeys = { "a", "z" },
        }, await _world.MetadataAsync());

        var binding = _world.History.Of(World.Session)[0].Binding!;
        Assert.Equal((1, "policy.default", FakeTime.Origin + 60_010, 604_800_000), (binding.SemanticsRevision, binding.Policy.Id, binding.ExpiresAtUnixMs, binding.MaxSuspendMs));
    }

    [Fact]
    public async Task Activity_counts_messages_and_not_the_start()
    {
        await _world.StartAsync();
        await _world.NoteAsync(World.Bob, "1");
        _world.Time.Advance(5);
        await _world.NoteAsync(World.Bob, "2");
        await _world.SendAsync(World.Ada, _world.Commitment());

        var activity = (await _world.MetadataAsync()).ParticipantActivity;
        Assert.Equal(["ada 1 5", "bob 2 5"], activity.Select(a => $"{a.ParticipantId} {a.MessageCount} {a.LastMessageAtUnixMs - FakeTime.Origin}"));
    }

    [Theory]
    [InlineData(-1000, 59_000)]
    [InlineData(300_000, 360_000)]
    [InlineData(300_001, 60_000)]
    public async Task The_deadline_starts_from_the_timestamp_unless_that_is_too_far_ahead(long offset, long expiresIn) =>
        Assert.Equal(FakeTime.Origin + expiresIn, await DeadlineAsync(FakeTime.Origin + offset));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task A_timestamp_that_is_no_time_counts_as_none(long timestamp) => Assert.Equal(FakeTime.Origin + 60_000, await DeadlineAsync(timestamp));

    [Fact]
    public async Task A_start_at_its_deadline_is_accepted_and_one_past_it_is_not()
    {
        Assert.Equal(FakeTime.Origin, await DeadlineAsync(FakeTime.Origin - 60_000));
        var late = _world.Start(Second);
        late.TimestampUnixMs = FakeTime.Origin - 60_001;
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Ada, late));
        Assert.Empty(_world.History.Of(Second));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(86_400_000, true)]
    [InlineData(86_400_001, false)]
    public Task The_time_to_live_is_from_a_millisecond_to_a_day(long ttl, bool ok) => IsOkAsync(ok, s => s.TtlMs = ttl);

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    [InlineData(0, false)]
    public Task There_are_participants_as_many_as_the_mode_needs_and_at_most_a_thousand(int count, bool ok) => IsOkAsync(ok, s =>
    {
        s.Participants.Clear();
        s.Participants.Add(Enumerable.Range(0, count).Select(i => $"p{i}"));
    });

    [Theory]
    [InlineData("carol", true)]
    [InlineData(" carol", true)]
    [InlineData(" ", false)]
    [InlineData("bob", false)]
    [InlineData("bob ", false)]
    [InlineData("Bob", true)]
    public Task Participants_are_neither_blank_nor_equal_after_trimming(string name, bool ok) => IsOkAsync(ok, s => s.Participants.Add(name));

    [Fact]
    public async Task A_participant_with_white_space_is_kept_as_it_is()
    {
        await _world.StartAsync(change: s => s.Participants.Add(" carol"));
        Assert.Contains(" carol", (await _world.MetadataAsync()).Participants);
        Expect.Code(ErrorCode.Forbidden, await _world.NoteAsync(new("carol"), "hi"));
    }

    [Fact]
    public async Task The_default_policy_may_be_named()
    {
        await _world.StartAsync(change: s => s.PolicyVersion = "policy.default");
        Assert.Equal("policy.default", (await _world.MetadataAsync()).PolicyVersion);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        var start = _world.Start();
        start.Payload = ByteString.CopyFrom([.. start.Payload.Span, 0x0A, 0x01, 0xFF]);
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Ada, start));
    }

    [Fact]
    public async Task A_start_without_payload_is_refused()
    {
        var start = _world.Start();
        start.Payload = ByteString.Empty;
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Ada, start));
    }

    [Fact]
    public async Task A_mode_that_breaks_at_the_start_is_an_internal_error_and_leaves_the_id_free()
    {
        var identity = new Identity("unstartable");
        var start = _world.Start();
        start.Sender = "unstartable";
        Expect.Code(ErrorCode.InternalError, await _world.SendAsync(identity, start));
        Assert.Single(_world.Faults);
        await _world.StartAsync();
    }

    [Fact]
    public async Task An_id_used_in_another_life_is_not_used_again()
    {
        _world.History.UsedBefore.Add(World.Session);
        Expect.Code(ErrorCode.SessionAlreadyExists, await _world.SendAsync(World.Ada, _world.Start()));
    }

    [Fact]
    public async Task Only_open_sessions_count_against_the_limit_of_open_ones()
    {
        var limited = World.Ada with { MaxOpenSessions = 1 };
        Expect.Accepted(await _world.SendAsync(limited, _world.Start()));
        Expect.Code(ErrorCode.RateLimited, await _world.SendAsync(limited, _world.Start(Second)));

        await _world.Runtime.SuspendAsync(limited, World.Session, "");
        Expect.Accepted(await _world.SendAsync(limited, _world.Start(Second)));
        await _world.Runtime.ResumeAsync(limited, World.Session, "");
        Expect.Code(ErrorCode.RateLimited, await _world.SendAsync(limited, _world.Start("session-2222222222222222")));
    }

    [Fact]
    public async Task A_session_whose_time_is_up_does_not_count_though_nobody_noticed()
    {
        var limited = World.Ada with { MaxOpenSessions = 1 };
        await _world.SendAsync(limited, _world.Start());
        _world.Time.Advance(60_000);
        Expect.Code(ErrorCode.RateLimited, await _world.SendAsync(limited, _world.Start(Second)));
        _world.Time.Advance(1);
        Expect.Accepted(await _world.SendAsync(limited, _world.Start(Second)));
    }

    [Fact]
    public async Task A_refused_start_does_not_count_as_open()
    {
        var limited = World.Ada with { MaxOpenSessions = 1 };
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(limited, _world.Start(change: s => s.Participants.Clear())));
        Expect.Accepted(await _world.SendAsync(limited, _world.Start()));
        Expect.Code(ErrorCode.SessionAlreadyExists, await _world.SendAsync(limited, _world.Start()));
    }

    [Fact]
    public async Task One_of_many_simultaneous_starts_of_a_session_wins_and_its_repetitions_are_duplicates()
    {
        var start = _world.Start();
        var acks = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => _world.SendAsync(World.Ada, i % 2 == 0 ? start.Clone() : _world.Start()))));
        Assert.Single(acks, a => a.Ok && !a.Duplicate);
        Assert.All(acks, a => Assert.True(a.Ok || a.Error.Code == "SESSION_ALREADY_EXISTS", a.ToString()));
        Assert.Single(_world.History.Of(World.Session));
    }

    async Task<long> DeadlineAsync(long timestamp)
    {
        var start = _world.Start();
        start.TimestampUnixMs = timestamp;
        Expect.Accepted(await _world.SendAsync(World.Ada, start));
        return (await _world.MetadataAsync()).ExpiresAtUnixMs;
    }

    async Task IsOkAsync(bool ok, Action<SessionStartPayload> change)
    {
        var ack = await _world.SendAsync(World.Ada, _world.Start(change: change));
        if (ok) Expect.Accepted(ack);
        else Expect.Code(ErrorCode.InvalidEnvelope, ack);
    }
}
