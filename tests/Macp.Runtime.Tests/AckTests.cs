using System.Text;
using Google.Protobuf.WellKnownTypes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class AckTests
{
    readonly World _world = new();

    [Fact]
    public async Task An_accepted_message_is_answered_with_its_recorded_time_and_the_state_after_it()
    {
        await _world.StartAsync();
        _world.Time.Advance(5);
        var note = _world.Note(World.Bob, "hi");

        var ack = await _world.SendAsync(World.Bob, note);

        Assert.Equal(new Ack { Ok = true, MessageId = note.MessageId, SessionId = World.Session, AcceptedAtUnixMs = FakeTime.Origin + 5, SessionState = SessionState.Open }, ack);
        Assert.Equal(ack.AcceptedAtUnixMs, _world.History.Of(World.Session)[^1].AcceptedAtUnixMs);
    }

    [Fact]
    public async Task A_commitment_is_answered_with_the_resolved_state()
    {
        await _world.StartAsync();
        var ack = await _world.SendAsync(World.Ada, _world.Commitment());
        Assert.Equal(SessionState.Resolved, ack.SessionState);
        Expect.Code(ErrorCode.SessionNotOpen, await _world.NoteAsync(World.Bob, "late"));
    }

    [Fact]
    public async Task A_refusal_tells_code_and_sentence_and_no_state()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Stranger, "hi");

        var ack = await _world.SendAsync(World.Stranger, note);

        Expect.Code(ErrorCode.Forbidden, ack);
        Assert.False(ack.Duplicate);
        Assert.Equal(SessionState.Unspecified, ack.SessionState);
        Assert.Equal(FakeTime.Origin, ack.AcceptedAtUnixMs);
        Assert.Equal((note.MessageId, World.Session), (ack.MessageId, ack.SessionId));
        Assert.Equal((note.MessageId, World.Session), (ack.Error.MessageId, ack.Error.SessionId));
        Assert.Contains(' ', ack.Error.Message);
        Assert.True(ack.Error.Details.IsEmpty);
    }

    [Fact]
    public async Task A_denial_by_policy_tells_each_reason_as_json()
    {
        await _world.StartAsync();
        var ack = await _world.SendAsync(World.Ada, _world.Commitment(reason: "deny"));
        Expect.Code(ErrorCode.PolicyDenied, ack);
        Assert.Equal("""{"reasons":["too \"early\"","too few"]}""", Encoding.UTF8.GetString(ack.Error.Details.Span));
        Assert.Equal(SessionState.Open, await _world.StateAsync());
    }

    [Fact]
    public async Task An_empty_sender_is_filled_in_without_touching_the_callers_envelope()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        note.Sender = "";

        Expect.Accepted(await _world.SendAsync(World.Bob, note));

        Assert.Equal("", note.Sender);
        Assert.Equal("bob", _world.History.Of(World.Session)[^1].Envelope.Sender);
    }

    [Fact]
    public async Task A_payload_of_exactly_the_limit_is_accepted_and_one_byte_more_is_not()
    {
        var world = new World(new() { MaxPayloadBytes = 100 });
        await world.StartAsync(change: s => s.ConfigurationVersion = "c");
        var exact = world.Note(World.Bob, new string('x', 98));
        Assert.Equal(100, exact.Payload.Length);
        Expect.Accepted(await world.SendAsync(World.Bob, exact));
        Expect.Code(ErrorCode.PayloadTooLarge, await world.NoteAsync(World.Bob, new string('x', 99)));
    }

    [Fact]
    public async Task Unknown_payload_fields_survive_in_the_history()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        note.Payload = Google.Protobuf.ByteString.CopyFrom([.. note.Payload.Span, 0x78, 0x01]);
        Expect.Accepted(await _world.SendAsync(World.Bob, note));
        Assert.Equal(note.Payload, _world.History.Of(World.Session)[^1].Envelope.Payload);
    }

    [Theory]
    [InlineData("SessionSuspend")]
    [InlineData("SessionResume")]
    [InlineData("SessionCancel")]
    [InlineData("Checkpoint")]
    [InlineData("TtlExpired")]
    public async Task The_runtimes_own_types_are_forbidden_to_everybody_and_for_every_session(string type)
    {
        await _world.StartAsync();
        foreach (var sender in new[] { World.Ada, World.Bob, World.Stranger })
        foreach (string session in new[] { World.Session, "nowhere" })
            Expect.Code(ErrorCode.Forbidden, await _world.SendAsync(sender, _world.Envelope(sender, type, new Empty(), session)));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        await _world.StartAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(async () => await _world.Runtime.SendAsync(World.Ada, _world.Note(World.Ada, "hi"), new(canceled: true)));
        Assert.Single(_world.History.Of(World.Session));
    }
}
