using Google.Protobuf;
using static Macp.Modes.ProjectionResult;
using static Macp.Modes.Tests.Folding.Envelopes;

namespace Macp.Modes.Tests.Folding;

public class ProjectionTests
{
    readonly TallyProjection _projection = new();

    [Fact]
    public void An_accepted_history_adds_up()
    {
        Assert.Equal(Applied, _projection.Apply(Start(participants: ["ana", "bo"])));
        Assert.Equal(Applied, _projection.Apply(Word("a", "1")));
        Assert.Equal(Applied, _projection.Apply(Word("a", "2")));
        Assert.Equal((TallyPhase.Counting, false, null), (_projection.Phase, _projection.IsCommitted, _projection.IsPositiveOutcome));
        Assert.Equal(Applied, _projection.Apply(Commitment(positive: false)));
        Assert.Equal((TallyPhase.Committed, true, false), (_projection.Phase, _projection.IsCommitted, _projection.IsPositiveOutcome));
        Assert.Equal("""{"a":2}""", _projection.ToJson());
        Assert.Equal(["start", "1", "2", "commitment"], _projection.Transcript.Select(envelope => envelope.MessageId));
        Assert.Equal(["ana", "bo"], _projection.Session!.Participants);
    }

    [Fact]
    public void An_id_is_applied_once_whatever_it_comes_with()
    {
        _projection.Apply(Word("a", "1"));
        Assert.Equal(AlreadyApplied, _projection.Apply(Word("a", "1")));
        Assert.Equal(AlreadyApplied, _projection.Apply(Word("b", "1")));
        Assert.Equal(1, _projection.Words);
    }

    [Fact]
    public void Other_sessions_and_modes_are_ignored_and_take_no_id()
    {
        _projection.Apply(Start());
        Assert.Equal(OtherSession, _projection.Apply(Word("a", "1", session: "s-2")));
        Assert.Equal(OtherSession, _projection.Apply(Word("a", "1", session: "S-1")));
        Assert.Equal(OtherSession, _projection.Apply(Of("Word", "1", ByteString.Empty, mode: "ext.tally.v2")));
        Assert.Equal(Applied, _projection.Apply(Word("a", "1")));
        Assert.Equal(1, _projection.Words);
    }

    [Fact]
    public void Who_joins_late_is_bound_to_the_session_of_the_first_message()
    {
        _projection.Apply(Word("a", "1"));
        Assert.Null(_projection.Session);
        Assert.Equal(OtherSession, _projection.Apply(Word("a", "2", session: "s-2")));
        Assert.Equal(OtherSession, _projection.Apply(Start(session: "s-2")));
        Assert.Equal(Applied, _projection.Apply(Word("a", "2")));
        Assert.Equal(2, _projection.Words);
    }

    [Theory]
    [InlineData("SessionSuspend")]
    [InlineData("SessionResume")]
    [InlineData("SessionCancel")]
    [InlineData("TtlExpired")]
    [InlineData("Checkpoint")]
    public void Annotations_change_nothing_but_are_known_when_they_come_again(string type)
    {
        _projection.Apply(Start());
        string before = _projection.ToJson();
        Assert.Equal(Applied, _projection.Apply(Of(type, "1", ByteString.CopyFrom(0xff))));
        Assert.Equal(AlreadyApplied, _projection.Apply(Of(type, "1", ByteString.Empty)));
        Assert.Equal(before, _projection.ToJson());
        Assert.Single(_projection.Transcript);
    }

    [Fact]
    public void What_cannot_be_read_poisons_nothing_and_takes_no_id()
    {
        _projection.Apply(Start());
        _projection.Apply(Word("a", "1"));
        var before = _projection.CopyState();
        Assert.Equal(Unreadable, _projection.Apply(Of("Word", "2", ByteString.CopyFrom(0x0a, 0x01, 0xff))));
        Assert.Equal(Unreadable, _projection.Apply(Of("Word", "2", ByteString.CopyFrom([0x19, .. BitConverter.GetBytes(double.NaN)]))));
        Assert.Equal(Unreadable, _projection.Apply(Of("Word", "2", ByteString.CopyFrom(0x0a))));
        Assert.Equal(Unreadable, _projection.Apply(Of("Unheard", "2", ByteString.Empty)));
        Assert.Equal(Unreadable, _projection.Apply(Of("Commitment", "2", ByteString.CopyFrom(0x0a, 0x01, 0xff))));
        Assert.Equal(before, _projection.CopyState());
        Assert.False(_projection.IsCommitted);
        Assert.Equal(Applied, _projection.Apply(Word("b", "2")));
        Assert.Equal(["start", "1", "2"], _projection.Transcript.Select(envelope => envelope.MessageId));
    }

    [Fact]
    public void A_start_that_cannot_be_read_binds_nothing()
    {
        Assert.Equal(Unreadable, _projection.Apply(Of("SessionStart", "start", ByteString.CopyFrom(0x12, 0x01, 0xff))));
        Assert.Null(_projection.Session);
        Assert.Equal(Applied, _projection.Apply(Start(participants: "ana")));
        Assert.True(_projection.Session!.IsParticipant("ana"));
    }

    [Fact]
    public void A_session_is_bound_once()
    {
        _projection.Apply(Start(participants: "ana"));
        Assert.Equal(Unreadable, _projection.Apply(Start("again", participants: "eve")));
        Assert.Equal(["ana"], _projection.Session!.Participants);
        Assert.Single(_projection.Transcript);
    }

    [Fact]
    public void A_reducer_that_throws_half_way_is_heard_of_and_leaves_no_trace()
    {
        _projection.Apply(Start());
        _projection.Apply(Word("a", "1"));
        Assert.Throws<ArgumentException>(() => _projection.Apply(Word("half", "2")));
        Assert.Equal("""{"a":1}""", _projection.ToJson());
        Assert.Equal(Applied, _projection.Apply(Word("b", "2")));
        Assert.Equal((2, 2), _projection.Halves);
    }
}
