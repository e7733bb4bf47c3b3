using Google.Protobuf.WellKnownTypes;
using Macp.Protocol;

namespace Macp.Runtime.Tests;

public sealed class DueTests
{
    readonly World _world = new();

    [Fact]
    public async Task What_came_due_stands_before_the_message_that_found_it()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("late", 2000);
        await _world.AlarmAsync("early", 1000);
        _world.Time.Advance(5000);
        await _world.NoteAsync(World.Bob, "hi");

        var records = _world.History.Of(World.Session).Skip(3).ToArray();
        Assert.Equal(["implicit-accept:early", "implicit-accept:late", records[^1].Envelope.MessageId], records.Select(r => r.Envelope.MessageId));
        Assert.Equal([4L, 5, 6], records.Select(r => r.Ordinal));
        Assert.Equal([1000, 2000, 5000], records.Select(r => r.AcceptedAtUnixMs - FakeTime.Origin));
        Assert.Equal([RecordKind.CameDue, RecordKind.CameDue, RecordKind.Sent], records.Select(r => r.Kind));
        Assert.Equal(("bob", FakeTime.Origin + 1000), (records[0].Envelope.Sender, records[0].Envelope.TimestampUnixMs));
    }

    [Fact]
    public async Task A_message_is_due_at_its_time_and_not_before()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("a", 1000);
        _world.Time.Advance(999);
        await _world.Runtime.SweepAsync();
        Assert.Equal(2, _world.History.Of(World.Session).Count);
        _world.Time.Advance(1);
        await _world.Runtime.SweepAsync();
        Assert.Equal(3, _world.History.Of(World.Session).Count);
    }

    [Fact]
    public async Task Messages_due_at_one_instant_come_in_the_order_of_their_causes()
    {
        await _world.StartAsync();
        foreach (string id in new[] { "c", "a", "b" }) await _world.AlarmAsync(id, 1000);
        _world.Time.Advance(1000);
        await _world.Runtime.SweepAsync();
        Assert.Equal(["implicit-accept:c", "implicit-accept:a", "implicit-accept:b"], _world.History.Of(World.Session).Skip(4).Select(r => r.Envelope.MessageId));
    }

    [Fact]
    public async Task At_the_deadline_itself_a_due_message_comes_before_the_expiry_and_after_it_never()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("at", 60_000);
        await _world.AlarmAsync("after", 60_001);
        _world.Time.Advance(500_000);
        await _world.Runtime.SweepAsync();
        Assert.Equal("SessionStart Alarm Alarm Rang TtlExpired", Expect.Types(_world.History.Of(World.Session)));
    }

    [Fact]
    public async Task No_message_overtakes_what_is_due_because_the_clock_was_set_back()
    {
        await _world.StartAsync();
        _world.Time.Advance(1000);
        await _world.NoteAsync(World.Bob, "at 1000");
        _world.Time.SetWallBack(500);
        await _world.AlarmAsync("at once", 0);
        await _world.NoteAsync(World.Bob, "at 1000 still");
        Assert.Equal("SessionStart Note Alarm Rang Note", Expect.Types(_world.History.Of(World.Session)));
    }

    [Fact]
    public async Task Suspension_does_not_count()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("a", 1000);
        _world.Time.Advance(400);
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        _world.Time.Advance(5000);
        await _world.Runtime.SweepAsync();
        await _world.Runtime.ResumeAsync(World.Ada, World.Session, "");
        _world.Time.Advance(599);
        await _world.Runtime.SweepAsync();
        Assert.Equal("SessionStart Alarm SessionSuspend SessionResume", Expect.Types(_world.History.Of(World.Session)));
        _world.Time.Advance(1);
        await _world.Runtime.SweepAsync();

        var rang = _world.History.Of(World.Session)[^1];
        Assert.Equal(("Rang", FakeTime.Origin + 6000), (rang.Envelope.MessageType, rang.Envelope.TimestampUnixMs));
    }

    [Fact]
    public async Task What_would_be_refused_by_then_is_dropped_without_a_word()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("a", 1000);
        await _world.SendAsync(World.Bob, _world.Envelope(World.Bob, "Silence", new StringValue()));
        _world.Time.Advance(1000);
        await _world.Runtime.SweepAsync();
        await _world.Runtime.SweepAsync();
        Assert.Equal("SessionStart Alarm Silence", Expect.Types(_world.History.Of(World.Session)));
        Assert.Empty(_world.Faults);
    }

    [Fact]
    public async Task A_client_can_neither_send_nor_repeat_the_runtimes_message()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("a", 0);
        await _world.Runtime.SweepAsync();
        var rang = _world.History.Of(World.Session)[^1].Envelope;
        Assert.Equal("Rang", rang.MessageType);

        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Bob, rang.Clone()));
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Bob, _world.Envelope(World.Bob, "Rang", new Empty())));
    }

    [Fact]
    public async Task A_due_message_counts_as_its_senders_activity()
    {
        await _world.StartAsync();
        await _world.AlarmAsync("a", 1000);
        _world.Time.Advance(3000);
        var activity = Assert.Single((await _world.MetadataAsync()).ParticipantActivity);
        Assert.Equal(("bob", 2u, FakeTime.Origin + 1000), (activity.ParticipantId, activity.MessageCount, activity.LastMessageAtUnixMs));
    }

    [Fact]
    public async Task The_sweeper_ends_suspensions_that_exceed_their_cap()
    {
        await _world.StartAsync(change: s => s.MaxSuspendMs = 10);
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        _world.Time.Advance(11);
        await _world.Runtime.SweepAsync();
        var expiry = _world.History.Of(World.Session)[^1];
        Assert.Equal(("TtlExpired", FakeTime.Origin + 10), (expiry.Envelope.MessageType, expiry.AcceptedAtUnixMs));
    }
}
