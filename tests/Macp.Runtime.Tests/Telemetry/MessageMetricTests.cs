using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class MessageMetricTests : IDisposable
{
    const string Mode = $" mode={NotesMode.Identifier}";

    readonly World _world = new();
    readonly Measured _measured;

    public MessageMetricTests() => _measured = new(_world.Runtime);

    public void Dispose() => _measured.Dispose();

    void Counted(params (string Series, double Count)[] expected) => Assert.Equal(expected.ToDictionary(), _measured.Counted);

    [Fact]
    public async Task Messages_are_counted_by_their_mode_once_and_a_start_is_none()
    {
        await _world.StartAsync();
        var note = _world.Note(World.Bob, "hi");
        Expect.Accepted(await _world.SendAsync(World.Bob, note));
        Assert.True((await _world.SendAsync(World.Bob, note.Clone())).Duplicate);
        Expect.Accepted(await _world.NoteAsync(World.Ada, "there"));

        Counted(("macp.sessions.started" + Mode, 1), ("macp.messages.accepted" + Mode, 2));
    }

    [Fact]
    public async Task Refusals_are_counted_by_mode_and_code_starts_too_and_what_has_no_session_is_not()
    {
        await _world.StartAsync();
        Expect.Code(ErrorCode.Forbidden, await _world.NoteAsync(World.Stranger, "hi"));
        Expect.Code(ErrorCode.Forbidden, await _world.NoteAsync(World.Stranger, "hi again"));
        Expect.Code(ErrorCode.SessionNotFound, await _world.NoteAsync(World.Bob, "hi", "nowhere"));
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Ada, _world.Start("session-late-----------", start => start.TtlMs = 0)));
        var sessionless = _world.Note(World.Bob, "hi", "");
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Bob, sessionless));

        Counted(("macp.sessions.started" + Mode, 1), ("macp.messages.rejected" + Mode + " code=FORBIDDEN", 2),
            ("macp.messages.rejected" + Mode + " code=SESSION_NOT_FOUND", 1), ("macp.messages.rejected" + Mode + " code=INVALID_ENVELOPE", 1));
    }

    [Fact]
    public async Task A_commitment_is_a_message_too_and_its_session_is_resolved()
    {
        await _world.StartAsync();
        Expect.Code(ErrorCode.PolicyDenied, await _world.SendAsync(World.Ada, _world.Commitment(reason: "deny")));
        Expect.Accepted(await _world.SendAsync(World.Ada, _world.Commitment()));

        Counted(("macp.sessions.started" + Mode, 1), ("macp.messages.rejected" + Mode + " code=POLICY_DENIED", 1), ("macp.commitments.rejected" + Mode, 1),
            ("macp.messages.accepted" + Mode, 1), ("macp.commitments.accepted" + Mode, 1), ("macp.sessions.resolved" + Mode, 1));
    }

    [Fact]
    public async Task Signals_and_progress_are_counted_by_themselves()
    {
        await _world.StartAsync();
        Expect.Accepted(await _world.SendAsync(World.Bob, _world.Ambient(World.Bob, MessageTypes.Signal)));
        Expect.Accepted(await _world.SendAsync(World.Bob, _world.Envelope(World.Bob, MessageTypes.Progress, new ProgressPayload { Progress = 1 })));
        Counted(("macp.sessions.started" + Mode, 1), ("macp.signals.accepted", 2));
    }

    [Fact]
    public async Task Names_that_clients_think_of_make_no_series()
    {
        await _world.StartAsync();
        foreach (string name in (string[])["ext.a.v1", "ext.b.v1", "x\"} 1\nmacp_forged_total 7", new string('m', 4096), NotesMode.Identifier.ToUpperInvariant()])
        foreach (string type in (string[])[MessageTypes.SessionStart, "Note", MessageTypes.Commitment])
        {
            var envelope = _world.Envelope(World.Ada, type, new SessionStartPayload());
            envelope.Mode = name;
            Assert.False((await _world.SendAsync(World.Ada, envelope)).Ok);
        }

        Counted(("macp.sessions.started" + Mode, 1), ("macp.messages.rejected mode=_other code=MODE_NOT_SUPPORTED", 5),
            ("macp.messages.rejected mode=_other code=INVALID_ENVELOPE", 10), ("macp.commitments.rejected mode=_other", 5));
    }

    [Fact]
    public async Task What_was_lost_was_refused_and_nothing_else()
    {
        await _world.StartAsync();
        _world.History.Holds = true;
        var commitment = _world.SendAsync(World.Ada, _world.Commitment());
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, await commitment);

        Counted(("macp.sessions.started" + Mode, 1), ("macp.messages.rejected" + Mode + " code=INTERNAL_ERROR", 1), ("macp.commitments.rejected" + Mode, 1));
    }

    [Fact]
    public async Task The_senders_of_late_are_told()
    {
        await _world.StartAsync();
        await _world.NoteAsync(World.Bob, "hi");
        Assert.Equal(2, _measured["macp.rates.senders"]);
    }
}
