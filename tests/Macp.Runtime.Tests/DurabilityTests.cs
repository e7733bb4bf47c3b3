using Google.Protobuf.WellKnownTypes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>What depends on what is not yet durable waits; what was lost never happened.</summary>
public sealed class DurabilityTests
{
    readonly World _world = new();

    [Fact]
    public async Task The_session_takes_its_next_message_before_the_last_is_durable()
    {
        await HoldAsync();
        var first = _world.NoteAsync(World.Bob, "1");
        var second = _world.NoteAsync(World.Bob, "2");
        Assert.Contains("\"1\",\"2\"", _world.StateOf());
        Assert.False(first.IsCompleted || second.IsCompleted);

        _world.History.Release();

        Expect.Accepted(await first);
        Expect.Accepted(await second);
    }

    [Fact]
    public async Task Refusals_duplicates_metadata_and_readers_wait_too()
    {
        await HoldAsync();
        var note = _world.Note(World.Bob, "1");
        var cursor = await _world.SubscribeAsync(1);
        Task[] waiting =
        [
            _world.SendAsync(World.Bob, note),
            _world.SendAsync(World.Bob, note.Clone()),
            _world.NoteAsync(World.Bob, "refuse me"),
            _world.SendAsync(World.Ada, _world.Start()),
            _world.MetadataAsync(),
            _world.SubscribeAsync(),
            cursor.WaitToReadAsync().AsTask(),
        ];
        Assert.All(waiting, w => Assert.False(w.IsCompleted));

        _world.History.Release();

        await Expect.SoonAsync(Task.WhenAll(waiting), "everybody who waited for the history");
    }

    [Fact]
    public async Task Lost_messages_leave_no_trace_and_whoever_waited_is_told()
    {
        await HoldAsync();
        string state = _world.StateOf();
        var note = _world.Note(World.Bob, "1");
        var lost = new[]
        {
            _world.SendAsync(World.Bob, note),
            _world.SendAsync(World.Bob, note.Clone()),
            _world.NoteAsync(World.Bob, "2"),
            _world.NoteAsync(World.Bob, "refuse me"),
        };
        var metadata = _world.Runtime.GetSessionAsync(World.Ada, World.Session).AsTask();

        _world.History.Lose();

        foreach (var ack in await Task.WhenAll(lost)) Expect.Code(ErrorCode.InternalError, ack);
        Expect.Failed(FailureKind.Internal, await metadata);
        Assert.Equal(state, _world.StateOf());
        Assert.Single(_world.Faults);

        _world.History.Holds = false;
        Expect.Accepted(await _world.SendAsync(World.Bob, note.Clone()));
        Assert.Equal("SessionStart Note", Expect.Types(_world.History.Of(World.Session)));
        Assert.Equal([1L, 2], _world.History.Of(World.Session).Select(r => r.Ordinal));
    }

    [Fact]
    public async Task A_lost_start_leaves_its_id_and_its_place_free()
    {
        _world.History.Holds = true;
        var limited = World.Ada with { MaxOpenSessions = 1 };
        var start = _world.SendAsync(limited, _world.Start());
        var note = _world.NoteAsync(World.Bob, "too early");
        var other = _world.SendAsync(World.Ada, _world.Start());

        _world.History.Lose();

        Expect.Code(ErrorCode.InternalError, await start);
        Expect.Code(ErrorCode.InternalError, await note);
        Expect.Code(ErrorCode.InternalError, await other);
        _world.History.Holds = false;
        Expect.Code(ErrorCode.SessionNotFound, await _world.NoteAsync(World.Bob, "hi"));
        Expect.Accepted(await _world.SendAsync(limited, _world.Start()));
    }

    [Fact]
    public async Task A_lost_commitment_leaves_the_session_open_and_a_lost_suspension_running()
    {
        await HoldAsync();
        var commitment = _world.SendAsync(World.Ada, _world.Commitment());
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, await commitment);

        var suspension = _world.Runtime.SuspendAsync(World.Ada, World.Session, "").AsTask();
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, Expect.Done(await suspension));

        _world.History.Holds = false;
        Expect.Accepted(await _world.NoteAsync(World.Bob, "still here"));
    }

    [Fact]
    public async Task What_was_appended_between_the_loss_and_its_discovery_is_lost_too()
    {
        await HoldAsync();
        var first = _world.NoteAsync(World.Bob, "1");
        _world.History.Lose();
        _world.History.Holds = false;
        // Whether it entered before or after the session was folded again, its answer says what happened to it.
        var second = await _world.NoteAsync(World.Bob, "2");
        Expect.Code(ErrorCode.InternalError, await first);
        Assert.Equal(second.Ok ? 2 : 1, _world.History.Of(World.Session).Count);
        Assert.Equal(second.Ok, _world.StateOf().Contains("\"2\""));
        Assert.DoesNotContain("\"1\"", _world.StateOf());
    }

    [Fact]
    public async Task Folding_again_gives_the_state_that_there_was()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("rings", 1000);
        await _world.AlarmAsync("pending", 30_000);
        _world.Time.Advance(1500);
        await _world.NoteAsync(World.Bob, "kept");
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        _world.Time.Advance(700);
        await _world.Runtime.ResumeAsync(World.Ada, World.Session, "");
        string state = _world.StateOf();
        var metadata = await _world.MetadataAsync();

        _world.History.Holds = true;
        var lost = _world.NoteAsync(World.Bob, "lost");
        _world.History.Lose();
        await lost;
        _world.History.Holds = false;

        Assert.Equal(state, _world.StateOf());
        Assert.Equal(metadata, await _world.MetadataAsync());
        _world.Time.Advance(29_200);
        await _world.Runtime.SweepAsync();
        var rang = _world.History.Of(World.Session)[^1];
        Assert.Equal(("implicit-accept:pending", FakeTime.Origin + 30_700), (rang.Envelope.MessageId, rang.AcceptedAtUnixMs));
        Assert.Equal(2, _world.History.Of(World.Session).Count(r => r.Kind is RecordKind.CameDue));
    }

    [Fact]
    public async Task A_dropped_due_message_stays_dropped_when_the_session_is_folded_again()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("a", 1000);
        await _world.SendAsync(World.Bob, _world.Envelope(World.Bob, "Silence", new StringValue()));
        _world.Time.Advance(1000);
        await _world.NoteAsync(World.Bob, "it did not ring");
        // It would be accepted now; but its time is over.
        await _world.SendAsync(World.Bob, _world.Envelope(World.Bob, "Silence", new StringValue { Value = "off" }));

        Expect.Code(ErrorCode.InternalError, await _world.SendAsync(World.Bob, Break("evolve")));

        await _world.Runtime.SweepAsync();
        Assert.Equal("SessionStart Alarm Silence Note Silence", Expect.Types(_world.History.Of(World.Session)));
    }

    [Theory]
    [InlineData("decide")]
    [InlineData("evolve")]
    public async Task A_mode_that_throws_changes_nothing_and_does_not_shut_the_session(string where)
    {
        await _world.StartAsync();
        await _world.NoteAsync(World.Bob, "before");
        string state = _world.StateOf();

        Expect.Code(ErrorCode.InternalError, await _world.SendAsync(World.Bob, Break(where)));

        Assert.Equal(state, _world.StateOf());
        Assert.Single(_world.Faults);
        Expect.Accepted(await _world.NoteAsync(World.Bob, "after"));
        Assert.Equal(3, _world.History.Of(World.Session).Count);
    }

    [Fact]
    public async Task A_history_that_throws_is_an_internal_error_and_nothing_is_kept()
    {
        await _world.StartAsync();
        string state = _world.StateOf();
        _world.History.IsBroken = true;
        var note = _world.Note(World.Bob, "hi");
        Expect.Code(ErrorCode.InternalError, await _world.SendAsync(World.Bob, note));
        Expect.Code(ErrorCode.InternalError, await _world.SendAsync(World.Ada, _world.Start("session-1111111111111111")));
        Assert.Equal(state, _world.StateOf());

        _world.History.IsBroken = false;
        Expect.Accepted(await _world.SendAsync(World.Bob, note));
        await _world.StartAsync("session-1111111111111111");
    }

    [Fact]
    public async Task What_a_history_that_throws_did_not_take_is_due_again()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("a", 1000);
        _world.Time.Advance(1000);
        _world.History.IsBroken = true;
        Expect.Code(ErrorCode.InternalError, await _world.NoteAsync(World.Bob, "hi"));

        _world.History.IsBroken = false;
        Expect.Accepted(await _world.NoteAsync(World.Bob, "hi"));
        Assert.Equal("SessionStart Alarm Rang Note", Expect.Types(_world.History.Of(World.Session)));
    }

    [Fact]
    public async Task A_sweep_waits_until_what_it_appended_is_durable()
    {
        await HoldAsync();
        _world.Time.Advance(60_001);
        var sweep = _world.Runtime.SweepAsync().AsTask();
        Assert.False(sweep.IsCompleted);
        _world.History.Release();
        await sweep;
        Assert.Equal("SessionStart TtlExpired", Expect.Types(_world.History.Of(World.Session)));
    }

    Envelope Break(string where) => _world.Envelope(World.Bob, "Break", new StringValue { Value = where });

    async Task HoldAsync()
    {
        await _world.StartAsync();
        _world.History.Holds = true;
    }
}
