using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>Cancel, suspend, resume (runtime-semantics 2.4 and 2.5).</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task Cancelling_ends_a_session_and_doing_it_again_is_no_error()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        var ack = await runtime.CancelAsync("ini", session, "moot");
        Assert.Equal(new Ack { Ok = true, SessionId = session, SessionState = SessionState.Cancelled, AcceptedAtUnixMs = runtime.Time.NowMs }, ack);
        Assert.Equal(ack, await runtime.CancelAsync("ini", session));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "alice", Envelopes.Proposal(session));
    }

    [Fact]
    public async Task Cancelling_what_has_ended_tells_how_it_ended()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string resolved = await runtime.DeliberateAsync(), expired = await runtime.OpenAsync();
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(resolved));
        runtime.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((true, SessionState.Resolved), await CancelledAsync(runtime, resolved));
        Assert.Equal((true, SessionState.Expired), await CancelledAsync(runtime, expired));
    }

    [Fact]
    public async Task A_suspended_session_takes_no_messages_and_can_be_cancelled()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        Assert.Equal(SessionState.Suspended, (await runtime.SuspendAsync("ini", session)).SessionState);
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "alice", Envelopes.Vote(session));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "ini", Envelopes.Commitment(session));
        Assert.Equal((true, SessionState.Cancelled), await CancelledAsync(runtime, session));
    }

    [Fact]
    public async Task Suspending_and_resuming_in_the_wrong_state_is_a_nack()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        IsNotOpen(await runtime.ResumeAsync("ini", session), session);
        await runtime.SuspendAsync("ini", session);
        IsNotOpen(await runtime.SuspendAsync("ini", session), session);
        await runtime.CancelAsync("ini", session);
        IsNotOpen(await runtime.SuspendAsync("ini", session), session);
        IsNotOpen(await runtime.ResumeAsync("ini", session), session);
    }

    [Fact]
    public async Task A_suspension_moves_the_deadline_when_it_ends()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        long deadline = (await runtime.MetadataAsync(session)).ExpiresAtUnixMs;
        await runtime.SuspendAsync("ini", session);
        runtime.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(deadline, (await runtime.MetadataAsync(session)).ExpiresAtUnixMs);
        Assert.Equal(SessionState.Open, (await runtime.ResumeAsync("ini", session)).SessionState);
        Assert.Equal(deadline + 7_200_000, (await runtime.MetadataAsync(session)).ExpiresAtUnixMs);
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
    }

    [Fact]
    public async Task A_session_suspended_for_longer_than_its_cap_in_all_expires()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(s => s.MaxSuspendMs = 1000);
        for (int i = 0; i < 2; i++)
        {
            await runtime.SuspendAsync("ini", session);
            runtime.Time.Advance(TimeSpan.FromMilliseconds(500)); // the cap itself is within it
            Assert.True((await runtime.ResumeAsync("ini", session)).Ok);
        }
        await runtime.SuspendAsync("ini", session);
        runtime.Time.Advance(TimeSpan.FromMilliseconds(1));
        IsNotOpen(await runtime.ResumeAsync("ini", session), session);
        Assert.Equal(SessionState.Expired, (await runtime.MetadataAsync(session)).State);
    }

    [Theory]
    [InlineData("Cancel")]
    [InlineData("Suspend")]
    [InlineData("Resume")]
    [InlineData("Get")]
    public async Task An_unknown_session_is_not_found_before_permission_is_asked(string operation)
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.StartsWith("Session 'x' not found", await CallAsync(runtime, operation, "mallory", "x").FailsWith(GrpcStatusCode.NotFound), StringComparison.Ordinal);
        Assert.StartsWith("Session '' not found", await CallAsync(runtime, operation, "mallory", "").FailsWith(GrpcStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cancel", "alice")]
    [InlineData("Suspend", "alice")]
    [InlineData("Resume", "alice")]
    [InlineData("Cancel", "mallory")]
    [InlineData("Get", "mallory")]
    public async Task Who_has_no_authority_is_denied_and_nothing_changes(string operation, string caller)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        string before = await runtime.TracesAsync(session);
        Assert.StartsWith("FORBIDDEN:", await CallAsync(runtime, operation, caller, session).FailsWith(GrpcStatusCode.PermissionDenied), StringComparison.Ordinal);
        Assert.Equal(before, await runtime.TracesAsync(session));
    }

    static Task CallAsync(TestRuntime runtime, string operation, string caller, string session) => operation switch
    {
        "Cancel" => runtime.CancelAsync(caller, session),
        "Suspend" => runtime.SuspendAsync(caller, session),
        "Resume" => runtime.ResumeAsync(caller, session),
        _ => runtime.MetadataAsync(session, caller),
    };

    static async Task<(bool, SessionState)> CancelledAsync(TestRuntime runtime, string session)
    {
        var ack = await runtime.CancelAsync("ini", session);
        return (ack.Ok, ack.SessionState);
    }

    static void IsNotOpen(Ack ack, string session)
    {
        Assert.False(ack.Ok);
        Assert.Equal(("SESSION_NOT_OPEN", session, ""), (ack.Error.Code, ack.Error.SessionId, ack.MessageId));
        Assert.Equal(SessionState.Unspecified, ack.SessionState);
        Assert.NotEqual(0, ack.AcceptedAtUnixMs);
    }
}
