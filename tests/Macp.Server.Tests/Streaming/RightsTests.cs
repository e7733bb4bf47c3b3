using Macp.Grpc;
using Macp.Server.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>What an identity may not do is told on a stream as its code says, and the stream is as good as before or has ended (runtime-semantics 3.1 and 3.2).</summary>
public sealed class RightsTests
{
    [Fact]
    public async Task Whoever_may_start_no_session_is_told_inline_and_may_go_on()
    {
        await using var runtime = await StartAsync();
        string session = await runtime.OpenAsync(start => start.Participants.Add("apprentice"));
        await using var stream = runtime.Stream("apprentice");
        var start = Envelopes.Start(Envelopes.NewSession());
        await stream.SendAsync(start);
        var error = await stream.RefusesAsync("FORBIDDEN");
        Assert.Equal((start.MessageId, start.SessionId), (error.MessageId, error.SessionId));
        await stream.SendAsync(Envelopes.Proposal(session, id: "p"));
        await stream.DeliversAsync("p");
    }

    [Fact]
    public async Task Whoever_may_not_send_in_a_mode_is_told_inline_and_may_still_read()
    {
        await using var runtime = await StartAsync();
        string session = await runtime.OpenAsync(start => start.Participants.Add("specialist"));
        await using var stream = runtime.Stream("specialist");
        await stream.SendAsync(Envelopes.Proposal(session));
        await stream.RefusesAsync("FORBIDDEN");
        await stream.SendAsync(Envelopes.Of(session, "Progress"));
        await stream.RefusesAsync("FORBIDDEN");
        await stream.SubscribeAsync(session);
        Assert.Equal("SessionStart", (await stream.NextAsync())!.Envelope.MessageType);
        await runtime.RefusesAsync("FORBIDDEN", "specialist", Envelopes.Of("", "Signal", mode: ""));
    }

    [Fact]
    public async Task Too_many_open_sessions_end_the_stream_and_leave_the_first_as_it_was()
    {
        await using var runtime = await StartAsync();
        string first = Envelopes.NewSession(), second = Envelopes.NewSession();
        await runtime.AcceptsAsync("pauper", Envelopes.Start(first));
        await using var stream = runtime.Stream("pauper");
        await stream.SendAsync(Envelopes.Start(second));
        Assert.StartsWith("RATE_LIMITED:", await stream.EndsWithAsync(GrpcStatusCode.ResourceExhausted), StringComparison.Ordinal);
        Assert.Equal([[first]], await runtime.PagesAsync("pauper", 0, ("macp-include-finished", "1")));

        await runtime.SuspendAsync("pauper", first); // which then does not count
        await runtime.AcceptsAsync("pauper", Envelopes.Start(second));
    }

    [Fact]
    public async Task A_policy_of_another_mode_is_a_nack_and_ends_a_stream_as_invalid()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RegisterAsync(Standup.Descriptor());
        var start = Standup.Start(Envelopes.NewSession(), s => s.PolicyVersion = "policy.std.majority"); // Decision's
        await runtime.RefusesAsync("INVALID_POLICY_DEFINITION", "ini", start);
        await using var stream = runtime.Stream("ini");
        await stream.SendAsync(start);
        Assert.StartsWith("INVALID_POLICY_DEFINITION:", await stream.EndsWithAsync(GrpcStatusCode.InvalidArgument), StringComparison.Ordinal);
        Assert.Equal([[]], await runtime.PagesAsync("ini"));
    }

    [Fact]
    public async Task A_stream_tells_at_once_that_it_is_open()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var call = runtime.Channel.Duplex(Rpc.StreamSession, Rpc.As("alice"));
        await call.ResponseHeadersAsync().Happens(); // some clients send nothing before
    }

    [Fact]
    public async Task A_cursor_beyond_the_end_brings_what_follows_and_no_earlier_annotation()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.SuspendAsync("ini", session);
        await using var last = runtime.Stream("bob", ("macp-annotations", "1"));
        await last.SubscribeAsync(session, 2);
        Assert.Equal("SessionSuspend", (await last.NextAsync())!.Envelope.MessageType);
        await using var beyond = runtime.Stream("bob", ("macp-annotations", "1"));
        await beyond.SubscribeAsync(session, 3);
        await beyond.SendAsync(Envelopes.Evaluation(session).With(e => e.MacpVersion = ""));
        await beyond.RefusesAsync("UNSUPPORTED_PROTOCOL_VERSION"); // so that the subscription is known to stand
        await runtime.ResumeAsync("ini", session);
        Assert.Equal("SessionResume", (await beyond.NextAsync())!.Envelope.MessageType);
    }

    [Fact]
    public async Task A_subscription_to_a_blank_session_is_one_to_an_unknown_session()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync(" ", ulong.MaxValue);
        await stream.EndsWithAsync(GrpcStatusCode.NotFound);
    }

    static Task<TestRuntime> StartAsync() => TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());
}
