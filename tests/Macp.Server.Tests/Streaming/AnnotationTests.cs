using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>Suspension, resumption, cancellation and expiry on streams (decisions 21).</summary>
public sealed class AnnotationTests
{
    [Fact]
    public async Task Annotations_are_streamed_only_to_those_that_ask_for_them_by_1()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await CancelledAsync(runtime);
        foreach (var metadata in (ValueTuple<string, string>[][])[[], [("macp-annotations", "0")], [("macp-annotations", "true")]])
        {
            await using var plain = runtime.Stream("bob", metadata);
            await plain.SubscribeAsync(session);
            Assert.Equal(["SessionStart", "Proposal", "Evaluation"], (await plain.RestAsync()).Select(e => e.MessageType));
        }

        await using var full = runtime.Stream("bob", ("macp-annotations", "1"));
        await full.SubscribeAsync(session);
        var all = await full.RestAsync();
        Assert.Equal(["SessionStart", "Proposal", "SessionSuspend", "SessionResume", "Evaluation", "SessionCancel"], all.Select(e => e.MessageType));
        Assert.Equal("_runtime", all[2].Sender);
        Assert.Equal(new SessionSuspendPayload { SuspendedBy = "ini" }, SessionSuspendPayload.Parser.ParseFrom(all[2].Payload));
        Assert.Equal(new SessionResumePayload { ResumedBy = "ini", BankedMs = 7000 }, SessionResumePayload.Parser.ParseFrom(all[3].Payload));
        Assert.Equal(new SessionCancelPayload { CancelledBy = "ini", Reason = "moot" }, SessionCancelPayload.Parser.ParseFrom(all[5].Payload));
    }

    [Fact]
    public async Task They_take_no_ordinal_and_a_resumption_brings_those_after_it_again_by_the_same_id()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await CancelledAsync(runtime);
        var full = await ReadAsync(runtime, session, 0);

        Assert.Equal(full[1..], await ReadAsync(runtime, session, 1));
        Assert.Equal(full[2..], await ReadAsync(runtime, session, 2));
        Assert.Equal(full[5..], await ReadAsync(runtime, session, 3));
        Assert.Equal(full.Count, full.Select(e => e.MessageId).Where(id => id.Length > 0).Distinct().Count());
    }

    [Fact]
    public async Task A_second_cancellation_leaves_no_second_annotation()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await CancelledAsync(runtime);
        await runtime.CancelAsync("ini", session);
        Assert.Single(await ReadAsync(runtime, session, 0), e => e.MessageType == "SessionCancel");
    }

    [Fact]
    public async Task A_waiting_subscriber_hears_of_a_suspension()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("bob", ("macp-annotations", "1"));
        await stream.SubscribeAsync(session, 1);
        await stream.NextAsync();
        await runtime.SuspendAsync("ini", session);
        Assert.Equal("SessionSuspend", (await stream.NextAsync())!.Envelope.MessageType);
    }

    /// <summary>A session that was suspended for seven seconds, resumed, and cancelled.</summary>
    static async Task<string> CancelledAsync(TestRuntime runtime)
    {
        string session = await runtime.DeliberateAsync();
        await runtime.SuspendAsync("ini", session);
        runtime.Time.Advance(TimeSpan.FromSeconds(7));
        await runtime.ResumeAsync("ini", session);
        await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session));
        await runtime.CancelAsync("ini", session, "moot");
        return session;
    }

    static async Task<List<Envelope>> ReadAsync(TestRuntime runtime, string session, ulong after)
    {
        await using var stream = runtime.Stream("bob", ("macp-annotations", "1"));
        await stream.SubscribeAsync(session, after);
        return await stream.RestAsync();
    }
}
