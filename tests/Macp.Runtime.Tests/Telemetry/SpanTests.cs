using System.Diagnostics;
using Macp.Protocol;

namespace Macp.Runtime.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class SpanTests
{
    // Others may have sessions of the usual id.
    readonly string _session = $"session-{Guid.NewGuid():N}";
    readonly World _world = new();

    SessionBinding Binding => _world.History.Of(_session)[0].Binding!;

    [Fact]
    public async Task An_envelope_that_is_judged_has_a_span_that_tells_what_became_of_it_and_not_what_it_says()
    {
        using var heard = new HeardSpans();
        await _world.StartAsync(_session);
        var note = _world.Note(World.Bob, "secret", _session);
        await _world.SendAsync(World.Bob, note);
        await _world.SendAsync(World.Bob, note.Clone());
        await _world.NoteAsync(World.Stranger, "secret", _session);

        string common = $"macp.send session_id={_session} mode={NotesMode.Identifier}";
        Assert.Equal(
        [
            $"{common} message_type=SessionStart message_id=m1 outcome=accepted",
            $"{common} message_type=Note message_id=m2 outcome=accepted",
            $"{common} message_type=Note message_id=m2 outcome=duplicate",
            $"{common} message_type=Note message_id=m3 outcome=refused error_code=FORBIDDEN",
        ], heard.Of(_session).Select(HeardSpans.Describe));
    }

    [Fact]
    public async Task Whoever_controls_a_session_has_a_span()
    {
        using var heard = new HeardSpans();
        await _world.StartAsync(_session);
        var caller = HeardSpans.Caller();
        Expect.Done(await _world.Runtime.SuspendAsync(World.Ada, _session, "", caller));
        Expect.Done(await _world.Runtime.SuspendAsync(World.Ada, _session, "", caller));
        Expect.Failed(FailureKind.PermissionDenied, await _world.Runtime.ResumeAsync(World.Stranger, _session, "", caller));
        Expect.Failed(FailureKind.NotFound, await _world.Runtime.CancelAsync(World.Ada, _session + "x", "", caller));

        var spans = heard.Named("macp.control").Where(span => HeardSpans.Tag(span, "macp.session_id")!.StartsWith(_session, StringComparison.Ordinal)).ToList();
        Assert.Equal(
        [
            $"macp.control session_id={_session} operation=suspend mode={NotesMode.Identifier} outcome=accepted",
            $"macp.control session_id={_session} operation=suspend mode={NotesMode.Identifier} outcome=refused error_code=SESSION_NOT_OPEN",
            $"macp.control session_id={_session} operation=resume mode={NotesMode.Identifier} outcome=refused error_code=FORBIDDEN",
            $"macp.control session_id={_session}x operation=cancel outcome=refused error_code=SESSION_NOT_FOUND",
        ], spans.Select(HeardSpans.Describe));
        Assert.All(spans, span => Assert.Equal((caller.TraceId, caller.SpanId), (span.TraceId, span.ParentSpanId)));
    }

    [Fact]
    public async Task What_came_due_hangs_on_whoever_noticed_and_is_linked_to_the_start()
    {
        using var heard = new HeardSpans();
        await _world.StartAsync(_session);
        await _world.AlarmAsync("a", 1000, _session);
        _world.Time.Advance(1000);
        await _world.NoteAsync(World.Bob, "hi", _session);

        var spans = heard.Of(_session);
        Assert.Equal(["macp.send", "macp.send", "macp.due", "macp.send"], spans.Select(span => span.OperationName));
        Assert.Equal($"macp.due session_id={_session} mode={NotesMode.Identifier} message_type=Rang message_id=implicit-accept:a outcome=accepted", HeardSpans.Describe(spans[2]));
        Assert.Equal((spans[3].TraceId, spans[3].SpanId), (spans[2].TraceId, spans[2].ParentSpanId));
        Assert.Empty(spans[0].Links);
        Assert.All(spans.Skip(1), span => Assert.Equal(spans[0].SpanId, Assert.Single(span.Links).Context.SpanId));
    }

    [Fact]
    public async Task The_span_of_a_start_is_stored_where_there_is_one()
    {
        using var heard = new HeardSpans();
        var caller = HeardSpans.Caller();
        Expect.Accepted(await _world.Runtime.SendAsync(World.Ada, _world.Start(_session), caller, default));

        var span = Assert.Single(heard.Of(_session));
        Assert.Equal((caller.TraceId, caller.SpanId), (span.TraceId, span.ParentSpanId));
        Assert.Equal(($"00-{span.TraceId}-{span.SpanId}-01", span.TraceId.ToString()), (Binding.TraceParent, Binding.TraceId));
    }

    [Fact]
    public async Task Where_nobody_listens_the_callers_place_is_stored()
    {
        var caller = HeardSpans.Caller();
        Expect.Accepted(await _world.Runtime.SendAsync(World.Ada, _world.Start(_session), caller, default));
        Assert.Equal($"00-{caller.TraceId}-{caller.SpanId}-01", Binding.TraceParent);

        var current = new Activity("the caller's own").SetIdFormat(ActivityIdFormat.W3C).Start();
        await _world.StartAsync(_session + "-2");
        Assert.Equal(current.Id, _world.History.Of(_session + "-2")[0].Binding!.TraceParent);
        current.Stop();

        // Of the older form, which says nothing that another process could read.
        var hierarchical = new Activity("another").SetIdFormat(ActivityIdFormat.Hierarchical).Start();
        await _world.StartAsync(_session + "-3");
        Assert.Null(_world.History.Of(_session + "-3")[0].Binding!.TraceParent);
        hierarchical.Stop();
    }

    [Fact]
    public async Task A_start_without_a_trace_stores_none()
    {
        await _world.StartAsync(_session);
        Assert.Equal((null, null), (Binding.TraceParent, Binding.TraceId));
    }

    [Fact]
    public async Task A_span_tells_of_its_own_session_also_when_others_are_touched_on_the_way()
    {
        using var heard = new HeardSpans();
        await _world.StartAsync(_session, start => start.TtlMs = 1000);
        _world.Time.Advance(1001);
        string second = _session + "-2";
        Expect.Accepted(await _world.SendAsync(World.Ada with { MaxOpenSessions = 1 }, _world.Start(second)));

        // The first session's time was up, which the second one's start has noticed.
        Assert.Equal("TtlExpired", HeardSpans.Tag(Assert.Single(heard.Of(_session), span => span.OperationName == "macp.due"), "macp.message_type"));
        Assert.Empty(Assert.Single(heard.Of(second)).Links);
    }

    [Fact]
    public async Task Texts_of_any_length_are_cut()
    {
        using var heard = new HeardSpans();
        string id = $"{_session}{new string('x', 5000)}";
        Expect.Code(ErrorCode.SessionNotFound, await _world.NoteAsync(World.Bob, "hi", id));
        Assert.Single(heard.Of(id[..256]));
    }
}
