using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>Signals and Progress (runtime-semantics 1.8, spec-delta 4).</summary>
public sealed class AmbientTests
{
    [Fact]
    public async Task A_Signal_is_acknowledged_without_a_session()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var ack = await runtime.AcceptsAsync("alice", Envelopes.Of("", "Signal", new SignalPayload { SignalType = "t" }, mode: ""));
        Assert.Equal((SessionState.Open, "", false), (ack.SessionState, ack.SessionId, ack.Duplicate));
        await runtime.AcceptsAsync("alice", Envelopes.Of("", "Signal", mode: ""));
    }

    [Theory]
    [InlineData("Signal", true, false)]
    [InlineData("Signal", false, true)]
    [InlineData("Progress", true, false)]
    [InlineData("Progress", false, true)]
    public async Task A_scope_that_does_not_fit_is_refused(string type, bool hasSession, bool hasMode)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Of(hasSession ? Envelopes.NewSession() : "", type, mode: hasMode ? Envelopes.Mode : ""));
    }

    [Fact]
    public async Task A_Signal_needs_a_type_when_it_has_a_payload()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Of("", "Signal", new SignalPayload { Confidence = 1 }, mode: ""));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Of("", "Signal", new SignalPayload { SignalType = "t", Confidence = double.NaN }, mode: ""));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Of("", "Progress", new ProgressPayload { Total = double.PositiveInfinity }, mode: ""));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Of("", "Progress", mode: "").With(e => e.Payload = ByteString.CopyFrom(0xff)));
    }

    [Fact]
    public async Task Progress_of_a_session_stays_out_of_its_history()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        string before = await runtime.TracesAsync(session);
        await runtime.AcceptsAsync("alice", Envelopes.Of(session, "Progress", new ProgressPayload { Progress = 1, Total = 2 }, id: "same"));
        Assert.False((await runtime.AcceptsAsync("alice", Envelopes.Of(session, "Progress", id: "same"))).Duplicate);
        Assert.Equal(before, await runtime.TracesAsync(session));
    }
}
