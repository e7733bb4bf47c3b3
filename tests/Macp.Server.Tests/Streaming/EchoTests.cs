using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What a sender hears on its own stream (runtime-semantics 3.1).</summary>
public sealed class EchoTests
{
    [Fact]
    public async Task An_accepted_message_comes_back_with_the_sender_filled_in()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        await using var stream = runtime.Stream("ini");
        await stream.SendAsync(Envelopes.Start(session, s => s.Participants.Add("ini"), id: "s"));
        Assert.Equal("ini", (await stream.DeliversAsync("s")).Sender);
        var proposal = Envelopes.Proposal(session, id: "m").With(e => e.TimestampUnixMs = -7);
        await stream.SendAsync(proposal);
        Assert.Equal(new Envelope(proposal) { Sender = "ini" }, await stream.DeliversAsync("m"));
    }

    [Fact]
    public async Task A_sender_that_did_not_subscribe_hears_from_its_first_message_on()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(Envelopes.Evaluation(session, id: "mine"));
        await stream.DeliversAsync("mine");
        await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session, id: "his"));
        await stream.DeliversAsync("his");
    }

    [Fact]
    public async Task Everything_sent_and_then_half_closed_is_judged_and_echoed_before_the_end()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        for (int i = 0; i < 50; i++) await stream.SendAsync(Envelopes.Evaluation(session, id: $"m{i}"));
        await stream.CompleteAsync();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"m{i}"), (await stream.RestAsync()).Select(e => e.MessageId));
    }

    [Fact]
    public async Task An_outsider_whose_message_is_refused_hears_nothing_of_the_session()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync(), own = Envelopes.NewSession();
        await using var stream = runtime.Stream("mallory");
        await stream.SendAsync(Envelopes.Evaluation(session));
        await stream.RefusesAsync("FORBIDDEN");
        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session));

        // Neither bound nor subscribed: it may start a session of its own, whose start is the next thing it hears.
        await stream.SendAsync(Envelopes.Start(own, id: "own"));
        await stream.DeliversAsync("own");
    }

    [Fact]
    public async Task An_outsiders_progress_is_accepted_and_lets_it_hear_nothing()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync(), own = Envelopes.NewSession();
        await using var stream = runtime.Stream("mallory");
        await stream.SendAsync(Envelopes.Of(session, "Progress"));
        await stream.SendAsync(Envelopes.Start(own, id: "own"));
        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session));
        await stream.DeliversAsync("own");
    }

    [Fact]
    public async Task A_duplicate_is_answered_with_nothing()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "m"));
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(Envelopes.Proposal(session, id: "m"));
        await stream.SendAsync(Envelopes.Evaluation(session, id: "n"));
        await stream.SendAsync(Envelopes.Evaluation(session, id: "n"));
        await stream.SendAsync(Envelopes.Evaluation(session, id: "o"));
        await stream.DeliversAsync("n");
        await stream.DeliversAsync("o");
    }

    [Fact]
    public async Task A_start_sent_again_is_answered_with_nothing_but_binds_the_stream()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Envelopes.Start(session, id: "s"));
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
        await using var stream = runtime.Stream("ini");
        await stream.SendAsync(Envelopes.Start(session, id: "s"));
        await stream.SendAsync(Envelopes.Commitment(session, id: "c"));
        await stream.DeliversAsync("c");
        await stream.EndsAsync();
    }

    [Theory]
    [InlineData(SessionState.Suspended)]
    [InlineData(SessionState.Resolved)]
    [InlineData(SessionState.Cancelled)]
    public async Task A_duplicate_is_silent_in_a_session_that_is_not_open_and_the_stream_ends_with_OK(SessionState state)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "m"));
        if (state is SessionState.Suspended) await runtime.SuspendAsync("ini", session);
        if (state is SessionState.Resolved) await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));
        if (state is SessionState.Cancelled) await runtime.CancelAsync("ini", session);
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(Envelopes.Proposal(session, id: "m"));
        await stream.CompleteAsync();
        await stream.EndsAsync();
    }
}
