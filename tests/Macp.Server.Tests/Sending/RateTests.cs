namespace Macp.Server.Tests;

/// <summary>Rates by sender, in windows of 60 seconds (runtime-semantics 1.4).</summary>
public sealed class RateTests
{
    [Fact]
    public async Task Messages_beyond_the_limit_are_refused_until_a_minute_has_passed()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = 2 });
        string session = await runtime.OpenAsync(s => s.TtlMs = 86_400_000);
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, "p1", id: "m"));
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, "p1", id: "m")); // a duplicate counts
        await runtime.RefusesAsync("RATE_LIMITED", "alice", Envelopes.Vote(session));
        await runtime.AcceptsAsync("bob", Envelopes.Proposal(session, "p2"));

        runtime.Time.Advance(TimeSpan.FromMilliseconds(60_000));
        await runtime.RefusesAsync("RATE_LIMITED", "alice", Envelopes.Vote(session));
        runtime.Time.Advance(TimeSpan.FromMilliseconds(1));
        await runtime.AcceptsAsync("alice", Envelopes.Vote(session));
    }

    [Fact]
    public async Task Starts_have_a_limit_of_their_own()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { SessionStartLimitPerMinute = 1, MessageLimitPerMinute = 1 });
        string session = await runtime.OpenAsync(s => s.Participants.Add("ini"));
        await runtime.RefusesAsync("RATE_LIMITED", "ini", Envelopes.Start(Envelopes.NewSession()));
        await runtime.AcceptsAsync("ini", Envelopes.Proposal(session));
    }

    [Fact]
    public async Task Reading_and_cancelling_spend_no_rate()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = 1 });
        string session = await runtime.OpenAsync(s => s.Participants.Add("ini"));
        for (int i = 0; i < 3; i++)
        {
            await runtime.MetadataAsync(session);
            await runtime.CancelAsync("ini", await runtime.OpenAsync());
        }
        await runtime.AcceptsAsync("ini", Envelopes.Proposal(session));
    }
}
