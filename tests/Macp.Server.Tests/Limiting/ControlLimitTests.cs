using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What control calls may store: records are bounded in size and rate, as messages are.</summary>
public sealed class ControlLimitTests
{
    [Theory]
    [InlineData("Cancel")]
    [InlineData("Suspend")]
    [InlineData("Resume")]
    public async Task A_reason_that_makes_the_record_larger_than_a_payload_may_be_is_refused_and_changes_nothing(string operation)
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = 1000 });
        string session = await runtime.OpenAsync();
        if (operation == "Resume") await runtime.SuspendAsync("ini", session);
        string before = await runtime.TracesAsync(session);
        // Behind the reason stands the name: a tag, a length and three letters; before it its own tag, and a length of two bytes.
        int most = 1000 - 5 - 3;

        var refused = await ControlAsync(runtime, operation, session, new string('x', most + 1));
        Assert.Equal((false, "PAYLOAD_TOO_LARGE", SessionState.Unspecified), (refused.Ok, refused.Error.Code, refused.SessionState));
        Assert.Equal(before, await runtime.TracesAsync(session));
        Assert.True((await ControlAsync(runtime, operation, session, new string('x', most))).Ok);
    }

    [Fact]
    public async Task Suspending_and_resuming_count_as_messages_of_whoever_does_it()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = 3 });
        string session = await runtime.OpenAsync(start => start.Participants.Add("ini"));
        Assert.True((await runtime.SuspendAsync("ini", session)).Ok);
        Assert.True((await runtime.ResumeAsync("ini", session)).Ok);
        Assert.False((await runtime.ResumeAsync("ini", session)).Ok); // what the session refuses counts too
        string before = await runtime.TracesAsync(session);

        foreach (var ack in new[] { await runtime.SuspendAsync("ini", session), await runtime.ResumeAsync("ini", session) })
            Assert.Equal((false, "RATE_LIMITED"), (ack.Ok, ack.Error.Code));
        await runtime.RefusesAsync("RATE_LIMITED", "ini", Envelopes.Proposal(session));
        Assert.Equal(before, await runtime.TracesAsync(session));

        runtime.Time.Advance(TimeSpan.FromMilliseconds(60_001));
        string next = await runtime.OpenAsync();
        Assert.True((await runtime.SuspendAsync("ini", next)).Ok);
    }

    [Fact]
    public async Task Whoever_may_not_control_spends_no_rate_and_is_told_so_however_often()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = 1 });
        string session = await runtime.OpenAsync();
        for (int i = 0; i < 3; i++) await runtime.SuspendAsync("alice", session).FailsWith(GrpcStatusCode.PermissionDenied);
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
    }

    [Fact]
    public async Task A_team_can_always_stop()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = 1 });
        string session = await runtime.OpenAsync();
        Assert.True((await runtime.SuspendAsync("ini", session)).Ok);
        Assert.Equal("RATE_LIMITED", (await runtime.ResumeAsync("ini", session)).Error.Code);
        for (int i = 0; i < 3; i++) Assert.Equal((true, SessionState.Cancelled), ((await runtime.CancelAsync("ini", session)) is var ack ? ack.Ok : default, ack.SessionState));
    }

    static async Task<Ack> ControlAsync(TestRuntime runtime, string operation, string session, string reason) => operation switch
    {
        "Cancel" => await runtime.CancelAsync("ini", session, reason),
        "Suspend" => await runtime.SuspendAsync("ini", session, reason),
        _ => await runtime.ResumeAsync("ini", session, reason),
    };
}
