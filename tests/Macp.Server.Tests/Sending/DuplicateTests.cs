using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>A message sent again (decisions 3 and 4).</summary>
public sealed class DuplicateTests
{
    [Fact]
    public async Task The_same_message_again_is_acknowledged_with_its_first_time()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        var first = await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "m"));
        string before = await runtime.TracesAsync(session);
        runtime.Time.Advance(TimeSpan.FromSeconds(5));

        var again = await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "m"));

        Assert.False(first.Duplicate);
        Assert.True(again.Duplicate);
        Assert.Equal(first.AcceptedAtUnixMs, again.AcceptedAtUnixMs);
        Assert.Equal(("m", session, SessionState.Open), (again.MessageId, again.SessionId, again.SessionState));
        Assert.Equal(before, await runtime.TracesAsync(session));
    }

    [Theory]
    [InlineData(SessionState.Suspended)]
    [InlineData(SessionState.Resolved)]
    [InlineData(SessionState.Cancelled)]
    [InlineData(SessionState.Expired)]
    public async Task A_duplicate_is_acknowledged_in_every_state_with_that_state(SessionState state)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "m"));
        if (state is SessionState.Suspended) await runtime.SuspendAsync("ini", session);
        if (state is SessionState.Resolved) await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));
        if (state is SessionState.Cancelled) await runtime.CancelAsync("ini", session);
        if (state is SessionState.Expired) runtime.Time.Advance(TimeSpan.FromHours(1));

        var again = await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "m"));

        Assert.True(again.Duplicate);
        Assert.Equal(state, again.SessionState);
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_refused()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, "p1", id: "m"));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Proposal(session, "p2", id: "m"));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Evaluation(session, id: "m"));
    }

    [Fact]
    public async Task Somebody_elses_id_is_told_only_where_the_message_would_be_accepted()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, "p1", id: "m"));

        await runtime.RefusesAsync("FORBIDDEN", "mallory", Envelopes.Proposal(session, "p1", id: "m"));
        string told = await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Proposal(session, "p2", id: "m"));
        Assert.Contains("message_id", told, StringComparison.Ordinal);
        string broken = await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Envelopes.Proposal(session, "p1", id: "m"));
        Assert.DoesNotContain("message_id", broken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_again_is_a_duplicate_only_when_it_is_the_same()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Envelopes.Start(session, id: "s"));

        Assert.True((await runtime.AcceptsAsync("ini", Envelopes.Start(session, id: "s"))).Duplicate);
        await runtime.RefusesAsync("SESSION_ALREADY_EXISTS", "ini", Envelopes.Start(session, id: "t"));
        await runtime.RefusesAsync("SESSION_ALREADY_EXISTS", "bob", Envelopes.Start(session, id: "s"));
        await runtime.RefusesAsync("SESSION_ALREADY_EXISTS", "ini", Envelopes.Start(session, s => s.TtlMs = 5, id: "s"));
    }

    [Fact]
    public async Task The_id_of_an_ended_session_is_not_used_again()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.CancelAsync("ini", session);
        await runtime.RefusesAsync("SESSION_ALREADY_EXISTS", "ini", Envelopes.Start(session));
    }

    [Fact]
    public async Task A_refused_message_leaves_its_id_free()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Proposal(session, "", id: "m"));
        Assert.False((await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, "p", id: "m"))).Duplicate);
    }
}
