using System.Diagnostics;

namespace Macp.Runtime.Tests.Telemetry;

/// <summary>The spans of a session join, whichever process makes them: by the trace in which it began, which stands in its history.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class TraceAcrossRestartTests : IDisposable
{
    readonly string _session = $"session-{Guid.NewGuid():N}";
    readonly Disk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task A_session_is_one_trace_over_restarts()
    {
        using var heard = new HeardSpans();
        var starter = HeardSpans.Caller();
        var world = await _disk.LiveAsync();
        Expect.Accepted(await world.Runtime.SendAsync(World.Ada, world.Start(_session, start => start.TtlMs = 5000), starter, default));
        await world.AlarmAsync("a", 2000, _session);

        // The alarm went off meanwhile; somebody in a trace of his own sends; then the session expires, and nobody looks.
        world = await _disk.LiveAsync(later: 3000);
        await Expect.SoonAsync(() => heard.Of(_session).Count == 3, "the alarm's span");
        var sender = HeardSpans.Caller();
        Expect.Accepted(await world.Runtime.SendAsync(World.Bob, world.Note(World.Bob, "hi", _session), sender, default));
        await Expect.SoonAsync(() => world.Time.NextTimerAt == 5001, "the sweeper's alarm");
        world.Time.Advance(2001);
        await Expect.SoonAsync(() => heard.Of(_session).Count == 5, "the expiry's span");

        var spans = heard.Of(_session);
        Assert.Equal("SessionStart Alarm Rang Note TtlExpired", string.Join(' ', spans.Select(span => HeardSpans.Tag(span, "macp.message_type"))));
        Assert.Equal("macp.send macp.send macp.due macp.send macp.due", string.Join(' ', spans.Select(span => span.OperationName)));
        var start = spans[0];
        Assert.Equal((starter.TraceId, starter.SpanId), (start.TraceId, start.ParentSpanId));
        // Nobody's doing: children of the start itself.
        foreach (var due in (Activity[])[spans[2], spans[4]]) Assert.Equal((start.TraceId, start.SpanId), (due.TraceId, due.ParentSpanId));
        // Somebody's: the caller's, and linked to it.
        Assert.Equal((sender.TraceId, sender.SpanId), (spans[3].TraceId, spans[3].ParentSpanId));
        foreach (var sent in (Activity[])[spans[1], spans[3]]) Assert.Equal((start.TraceId, start.SpanId), LinkOf(sent));
        Assert.Equal([0, 1], heard.Named("macp.recover").Select(span => span.GetTagItem("macp.sessions")).TakeLast(2));
    }

    [Fact]
    public async Task Whoever_starts_the_runtime_is_not_the_caller_of_what_comes_due()
    {
        using var heard = new HeardSpans();
        var world = await _disk.LiveAsync();
        await world.StartAsync(_session, start => start.TtlMs = 1000);
        using (new Activity("a host starts").SetIdFormat(ActivityIdFormat.W3C).Start())
            await _disk.LiveAsync(later: 2000);
        await Expect.SoonAsync(() => heard.Of(_session).Count == 2, "the expiry's span");

        var spans = heard.Of(_session);
        Assert.Equal((spans[0].TraceId, spans[0].SpanId), (spans[1].TraceId, spans[1].ParentSpanId));
    }

    [Fact]
    public async Task A_session_that_has_ended_and_is_read_from_the_disk_is_linked_too()
    {
        using var heard = new HeardSpans();
        var world = await _disk.LiveAsync();
        await world.StartAsync(_session);
        Expect.Done(await world.Runtime.CancelAsync(World.Ada, _session, ""));
        world = await _disk.LiveAsync();
        Assert.False((await world.NoteAsync(World.Bob, "late", _session)).Ok);

        var spans = heard.Of(_session);
        Assert.Equal("refused", HeardSpans.Tag(spans[2], "macp.outcome"));
        Assert.Equal((spans[0].TraceId, spans[0].SpanId), LinkOf(spans[2]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-and-much-more")]
    public void What_is_stored_and_is_no_context_is_none(string stored)
    {
        Assert.Equal(default, TraceContext.Read(stored));
        Assert.Null(new SessionBinding(1, "1.0.0", null!, 0, 0, stored).TraceId);
    }

    static (ActivityTraceId, ActivitySpanId) LinkOf(Activity span) => Assert.Single(span.Links).Context is var context ? (context.TraceId, context.SpanId) : default;
}
