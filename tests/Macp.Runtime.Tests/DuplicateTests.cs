using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class DuplicateTests
{
    readonly World _world = new();

    [Fact]
    public async Task The_same_message_again_is_acknowledged_with_its_first_time()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        var first = await _world.SendAsync(World.Bob, note);
        _world.Time.Advance(1000);

        var again = await _world.SendAsync(World.Bob, note.Clone());

        Assert.Equal((true, true, first.AcceptedAtUnixMs), (again.Ok, again.Duplicate, again.AcceptedAtUnixMs));
        Assert.Equal(2, _world.History.Of(World.Session).Count);
    }

    [Theory]
    [InlineData(SessionState.Resolved)]
    [InlineData(SessionState.Expired)]
    [InlineData(SessionState.Suspended)]
    [InlineData(SessionState.Cancelled)]
    public async Task A_duplicate_is_acknowledged_in_every_state_and_tells_it(SessionState state)
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        await _world.SendAsync(World.Bob, note);
        await BringToAsync(state);

        var again = await _world.SendAsync(World.Bob, note.Clone());

        Assert.Equal((true, true, state), (again.Ok, again.Duplicate, again.SessionState));
    }

    [Fact]
    public async Task A_duplicate_comes_before_the_check_of_the_mode()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        await _world.SendAsync(World.Bob, note);
        var again = note.Clone();
        again.Mode = "ext.other.v1";
        Assert.True((await _world.SendAsync(World.Bob, again)).Duplicate);
    }

    [Fact]
    public async Task The_senders_own_id_with_other_content_is_refused_before_every_state_check()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        await _world.SendAsync(World.Bob, note);
        await BringToAsync(SessionState.Cancelled);

        var otherText = _world.Note(World.Bob, "other");
        otherText.MessageId = note.MessageId;
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Bob, otherText));

        var otherType = note.Clone();
        otherType.MessageType = "Silence";
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Bob, otherType));
    }

    [Fact]
    public async Task Somebody_elses_id_is_told_only_to_those_whose_message_would_be_accepted()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        await _world.SendAsync(World.Bob, note);

        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsWithIdAsync(World.Ada, "hi", note.MessageId));
        Expect.Code(ErrorCode.Forbidden, await SendAsWithIdAsync(World.Stranger, "hi", note.MessageId));
        await BringToAsync(SessionState.Suspended);
        Expect.Code(ErrorCode.SessionNotOpen, await SendAsWithIdAsync(World.Ada, "hi", note.MessageId));
        Assert.DoesNotContain("hi\",\"hi", _world.StateOf());
    }

    [Fact]
    public async Task A_refused_message_leaves_no_trace_and_its_id_is_free()
    {
        await _world.StartAsync();
        await _world.NoteAsync(World.Bob, "first");
        string state = _world.StateOf();
        var before = await _world.MetadataAsync();
        var refused = _world.Note(World.Bob, "refuse me");

        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Bob, refused));

        Assert.Equal(state, _world.StateOf());
        Assert.Equal(2, _world.History.Of(World.Session).Count);
        Assert.Equal(before, await _world.MetadataAsync());
        var corrected = _world.Note(World.Bob, "corrected");
        corrected.MessageId = refused.MessageId;
        Expect.Accepted(await _world.SendAsync(World.Bob, corrected));
    }

    [Fact]
    public async Task The_start_again_is_a_duplicate_even_after_its_deadline()
    {
        var start = _world.Start();
        var first = await _world.SendAsync(World.Ada, start);
        Expect.Accepted(await _world.NoteAsync(World.Bob, "hi"));
        _world.Time.Advance(3_600_000);

        var again = await _world.SendAsync(World.Ada, start.Clone());

        Assert.Equal((true, first.AcceptedAtUnixMs, SessionState.Expired), (again.Duplicate, again.AcceptedAtUnixMs, again.SessionState));
    }

    [Fact]
    public async Task Another_start_of_the_session_is_refused_whatever_its_id()
    {
        var start = _world.Start();
        await _world.SendAsync(World.Ada, start);
        Expect.Code(ErrorCode.SessionAlreadyExists, await _world.SendAsync(World.Ada, _world.Start()));

        var otherContent = _world.Start(change: s => s.Intent = "other");
        otherContent.MessageId = start.MessageId;
        Expect.Code(ErrorCode.SessionAlreadyExists, await _world.SendAsync(World.Ada, otherContent));

        var otherSender = start.Clone();
        otherSender.Sender = "bob";
        Expect.Code(ErrorCode.SessionAlreadyExists, await _world.SendAsync(World.Bob, otherSender));
    }

    [Fact]
    public async Task The_starts_id_is_taken_in_its_session()
    {
        var start = _world.Start();
        await _world.SendAsync(World.Ada, start);
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsWithIdAsync(World.Ada, "hi", start.MessageId));
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsWithIdAsync(World.Bob, "hi", start.MessageId));
    }

    [Fact]
    public async Task Ids_are_taken_in_their_session_only()
    {
        await _world.StartAsync();
        await _world.StartAsync("session-1111111111111111");
        var note = _world.Note(World.Bob, "hi");
        await _world.SendAsync(World.Bob, note);
        var there = note.Clone();
        there.SessionId = "session-1111111111111111";
        Expect.Accepted(await _world.SendAsync(World.Bob, there));
    }

    [Fact]
    public async Task An_annotations_id_is_neither_a_clients_nor_given_away_again()
    {
        await _world.StartAsync();
        Expect.Accepted(await SendAsWithIdAsync(World.Bob, "squatting", "_runtime:SessionSuspend:1"));
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        await _world.Runtime.ResumeAsync(World.Ada, World.Session, "");

        var ids = _world.History.Of(World.Session).Select(r => r.Envelope.MessageId).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsWithIdAsync(World.Bob, "squatting", ids[^1]));
    }

    [Fact]
    public async Task Every_one_of_many_messages_is_known_again()
    {
        await _world.StartAsync();
        var notes = Enumerable.Range(0, 3000).Select(i => _world.Note(World.Bob, $"{i}")).ToArray();
        foreach (var note in notes) Expect.Accepted(await _world.SendAsync(World.Bob, note));
        foreach (var note in notes) Assert.True((await _world.SendAsync(World.Bob, note.Clone())).Duplicate);
        Assert.Equal(3001, _world.History.Of(World.Session).Count);
    }

    Task<Ack> SendAsWithIdAsync(Identity sender, string text, string id)
    {
        var note = _world.Note(sender, text);
        note.MessageId = id;
        return _world.SendAsync(sender, note);
    }

    async Task BringToAsync(SessionState state)
    {
        if (state is SessionState.Resolved) await _world.SendAsync(World.Ada, _world.Commitment());
        if (state is SessionState.Expired) _world.Time.Advance(60_001);
        if (state is SessionState.Suspended) await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        if (state is SessionState.Cancelled) await _world.Runtime.CancelAsync(World.Ada, World.Session, "");
    }
}
