using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class LifecycleTests
{
    readonly World _world = new();

    [Fact]
    public async Task A_message_at_the_deadline_is_in_time_and_one_after_it_is_not()
    {
        await _world.StartAsync();
        _world.Time.Advance(60_000);
        Expect.Accepted(await _world.NoteAsync(World.Bob, "just in time"));
        _world.Time.Advance(1);
        Expect.Code(ErrorCode.SessionNotOpen, await _world.NoteAsync(World.Bob, "late"));
        Assert.Equal(SessionState.Expired, await _world.StateAsync());
    }

    [Fact]
    public async Task Expiry_is_recorded_once_at_the_deadline_however_late_it_is_noticed()
    {
        await _world.StartAsync();
        _world.Time.Advance(500_000);
        Assert.Equal(SessionState.Expired, await _world.StateAsync());
        await _world.StateAsync();

        var expiry = Assert.Single(_world.History.Of(World.Session), r => r.IsAnnotation);
        Assert.Equal(("TtlExpired", "_runtime", FakeTime.Origin + 60_000, 1L), (expiry.Envelope.MessageType, expiry.Envelope.Sender, expiry.AcceptedAtUnixMs, expiry.Ordinal));
        Assert.Equal(FakeTime.Origin + 60_000, (await _world.MetadataAsync()).ExpiresAtUnixMs);
    }

    [Fact]
    public async Task Acceptance_times_never_step_back_though_the_clock_does()
    {
        await _world.StartAsync();
        _world.Time.Advance(10_000);
        var first = await _world.NoteAsync(World.Bob, "1");
        _world.Time.SetWallBack(5_000);
        Assert.Equal(first.AcceptedAtUnixMs, (await _world.NoteAsync(World.Bob, "2")).AcceptedAtUnixMs);
        Assert.Equal(first.AcceptedAtUnixMs, Expect.Done(await _world.Runtime.SuspendAsync(World.Ada, World.Session, "")).AcceptedAtUnixMs);
        Assert.Equal(first.AcceptedAtUnixMs, Expect.Done(await _world.Runtime.ResumeAsync(World.Ada, World.Session, "")).AcceptedAtUnixMs);
    }

    [Fact]
    public async Task A_suspended_session_takes_no_messages_and_its_clock_stands_still()
    {
        await _world.StartAsync();
        _world.Time.Advance(50_000);
        var suspended = Expect.Done(await _world.Runtime.SuspendAsync(World.Ada, World.Session, "lunch"));
        Assert.Equal((true, SessionState.Suspended, "", World.Session), (suspended.Ok, suspended.SessionState, suspended.MessageId, suspended.SessionId));
        Expect.Code(ErrorCode.SessionNotOpen, await _world.NoteAsync(World.Bob, "hi"));

        _world.Time.Advance(100_000);
        var before = await _world.MetadataAsync();
        Assert.Equal((SessionState.Suspended, FakeTime.Origin + 60_000), (before.State, before.ExpiresAtUnixMs));

        Assert.Equal(SessionState.Open, Expect.Done(await _world.Runtime.ResumeAsync(World.Ada, World.Session, "fed")).SessionState);
        Assert.Equal(FakeTime.Origin + 160_000, (await _world.MetadataAsync()).ExpiresAtUnixMs);
        _world.Time.Advance(10_000);
        Expect.Accepted(await _world.NoteAsync(World.Bob, "in time"));
        _world.Time.Advance(1);
        Expect.Code(ErrorCode.SessionNotOpen, await _world.NoteAsync(World.Bob, "late"));
    }

    [Fact]
    public async Task Annotations_tell_who_why_and_how_long()
    {
        await _world.StartAsync();
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "lunch");
        _world.Time.Advance(1234);
        await _world.Runtime.ResumeAsync(World.Ada, World.Session, "fed");
        await _world.Runtime.CancelAsync(World.Ada, World.Session, "enough");

        var payloads = _world.History.Of(World.Session).Where(r => r.IsAnnotation).Select(r => r.Envelope.Payload).ToArray();
        Assert.Equal(new() { Reason = "lunch", SuspendedBy = "ada" }, SessionSuspendPayload.Parser.ParseFrom(payloads[0]));
        Assert.Equal(new() { Reason = "fed", ResumedBy = "ada", BankedMs = 1234 }, SessionResumePayload.Parser.ParseFrom(payloads[1]));
        Assert.Equal(new() { Reason = "enough", CancelledBy = "ada" }, SessionCancelPayload.Parser.ParseFrom(payloads[2]));
    }

    [Fact]
    public async Task The_cap_counts_all_suspensions_and_is_strict()
    {
        await _world.StartAsync(change: s => s.MaxSuspendMs = 1000);
        await SuspendForAsync(600);
        await SuspendForAsync(400);
        Assert.Equal(SessionState.Open, await _world.StateAsync());

        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        Assert.Equal(SessionState.Suspended, await _world.StateAsync());
        _world.Time.Advance(1);
        Expect.Code(ErrorCode.SessionNotOpen, Expect.Done(await _world.Runtime.ResumeAsync(World.Ada, World.Session, "")));
        Assert.Equal(SessionState.Expired, await _world.StateAsync());
    }

    [Theory]
    [InlineData(0, 604_800_000)]
    [InlineData(5, 5)]
    public async Task The_cap_is_the_starts_or_seven_days(long given, long cap)
    {
        await _world.StartAsync(change: s => s.MaxSuspendMs = given);
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        _world.Time.Advance(cap);
        Assert.Equal(SessionState.Suspended, await _world.StateAsync());
        _world.Time.Advance(1);
        Assert.Equal(SessionState.Expired, await _world.StateAsync());
    }

    [Fact]
    public async Task A_boundless_cap_does_not_overflow()
    {
        await _world.StartAsync(change: s => s.MaxSuspendMs = long.MaxValue);
        await SuspendForAsync(1_000_000_000);
        Assert.Equal(SessionState.Open, await _world.StateAsync());
    }

    [Fact]
    public async Task Suspending_twice_and_resuming_what_runs_are_refused()
    {
        await _world.StartAsync();
        Expect.Code(ErrorCode.SessionNotOpen, Expect.Done(await _world.Runtime.ResumeAsync(World.Ada, World.Session, "")));
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        var twice = Expect.Done(await _world.Runtime.SuspendAsync(World.Ada, World.Session, ""));
        Expect.Code(ErrorCode.SessionNotOpen, twice);
        Assert.Equal((SessionState.Unspecified, World.Session, ""), (twice.SessionState, twice.Error.SessionId, twice.MessageId));
        Assert.Equal(2, _world.History.Of(World.Session).Count);
    }

    [Fact]
    public async Task Cancelling_again_is_no_error_and_leaves_no_second_record()
    {
        await _world.StartAsync();
        Assert.Equal(SessionState.Cancelled, Expect.Done(await _world.Runtime.CancelAsync(World.Ada, World.Session, "no")).SessionState);
        var again = Expect.Done(await _world.Runtime.CancelAsync(World.Ada, World.Session, "no"));
        Assert.Equal((true, false, SessionState.Cancelled), (again.Ok, again.Duplicate, again.SessionState));
        Assert.Equal(2, _world.History.Of(World.Session).Count);
    }

    [Fact]
    public async Task Cancelling_what_is_resolved_tells_that_it_is()
    {
        await _world.StartAsync();
        await _world.SendAsync(World.Ada, _world.Commitment());
        var ack = Expect.Done(await _world.Runtime.CancelAsync(World.Ada, World.Session, ""));
        Assert.Equal((true, SessionState.Resolved), (ack.Ok, ack.SessionState));
    }

    [Fact]
    public async Task Only_the_initiator_controls_a_session_under_the_default_policy()
    {
        await _world.StartAsync();
        foreach (var other in new[] { World.Bob, World.Stranger, World.Stranger with { IsObserver = true, CanManageModeRegistry = true } })
        {
            var outcome = await _world.Runtime.CancelAsync(other, World.Session, "");
            Expect.Failed(FailureKind.PermissionDenied, outcome);
            Assert.StartsWith("FORBIDDEN:", outcome.Failure!.Message);
        }
        Assert.Equal(SessionState.Open, await _world.StateAsync());
    }

    [Fact]
    public async Task Control_asks_for_a_credential_then_for_the_session_then_for_the_right()
    {
        await _world.StartAsync();
        Expect.Failed(FailureKind.Unauthenticated, await _world.Runtime.CancelAsync(null, "nowhere", ""));
        var missing = await _world.Runtime.SuspendAsync(World.Stranger, "nowhere", "");
        Expect.Failed(FailureKind.NotFound, missing);
        Assert.Equal("Session 'nowhere' not found", missing.Failure!.Message);
        Expect.Failed(FailureKind.PermissionDenied, await _world.Runtime.ResumeAsync(World.Stranger, World.Session, ""));
    }

    [Fact]
    public async Task Metadata_is_for_initiator_participants_and_observers()
    {
        await _world.StartAsync(change: s => s.Participants.Remove("ada"));
        foreach (var reader in new[] { World.Ada, World.Bob, World.Stranger with { IsObserver = true } })
            Assert.Null((await _world.Runtime.GetSessionAsync(reader, World.Session)).Failure);
        Expect.Failed(FailureKind.PermissionDenied, await _world.Runtime.GetSessionAsync(World.Stranger, World.Session));
        Expect.Failed(FailureKind.NotFound, await _world.Runtime.GetSessionAsync(World.Ada, "nowhere"));
        Expect.Failed(FailureKind.Unauthenticated, await _world.Runtime.GetSessionAsync(null, World.Session));
    }

    async Task SuspendForAsync(long milliseconds)
    {
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        _world.Time.Advance(milliseconds);
        Assert.True(Expect.Done(await _world.Runtime.ResumeAsync(World.Ada, World.Session, "")).Ok);
    }
}
