using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class AmbientTests
{
    readonly World _world = new();
    readonly Watch<WatchSignalsResponse> _watch;

    public AmbientTests() => _watch = new(_world.Runtime.WatchSignals(World.Ada with { IsObserver = true }));

    /// <summary>Everything that was heard so far.</summary>
    async Task<List<Envelope>> HeardAsync()
    {
        var fence = _world.Ambient(World.Bob, MessageTypes.Signal);
        Expect.Accepted(await _world.SendAsync(World.Bob, fence));
        return [.. (await _watch.BeforeAsync(heard => heard.Envelope.MessageId == fence.MessageId)).Select(heard => heard.Envelope)];
    }

    [Fact]
    public async Task A_signal_is_acknowledged_and_heard()
    {
        var signal = _world.Ambient(World.Stranger, MessageTypes.Signal, new SignalPayload { SignalType = "heartbeat", Confidence = 7 });
        signal.Sender = "";
        var ack = await _world.SendAsync(World.Stranger, signal);
        Assert.Equal(new Ack { Ok = true, MessageId = signal.MessageId, AcceptedAtUnixMs = FakeTime.Origin, SessionState = SessionState.Open }, ack);
        Assert.Equal("mallory", Assert.Single(await HeardAsync()).Sender);
    }

    [Theory]
    [InlineData("Signal", "", "", true)]
    [InlineData("Signal", "", " ", true)]
    [InlineData("Signal", "s", "", false)]
    [InlineData("Signal", "", "ext.notes.v1", false)]
    [InlineData("Progress", "", "", true)]
    [InlineData("Progress", "s", "ext.notes.v1", true)]
    [InlineData("Progress", "s", "", false)]
    [InlineData("Progress", "", "ext.notes.v1", false)]
    public async Task A_signal_has_no_scope_and_progress_all_or_none(string type, string session, string mode, bool ok)
    {
        var envelope = _world.Ambient(World.Bob, type);
        (envelope.SessionId, envelope.Mode) = (session, mode);
        var ack = await _world.SendAsync(World.Bob, envelope);
        Assert.Equal(ok, ack.Ok);
        Assert.Equal(ok ? 1 : 0, (await HeardAsync()).Count);
        if (!ok) Expect.Code(ErrorCode.InvalidEnvelope, ack);
    }

    public static TheoryData<string, byte[], bool> Payloads => new()
    {
        { "Signal", [], true },
        { "Signal", new SignalPayload { Confidence = 0.5 }.ToByteArray(), false },
        { "Signal", new SignalPayload { SignalType = " " }.ToByteArray(), false },
        { "Signal", new SignalPayload { SignalType = "x", Confidence = double.NaN }.ToByteArray(), false },
        { "Signal", [0x0A, 0x01, 0xFF], false },
        { "Progress", [], true },
        { "Progress", new ProgressPayload { Progress = 2, Total = 1 }.ToByteArray(), true },
        { "Progress", new ProgressPayload { Progress = double.PositiveInfinity }.ToByteArray(), false },
        { "Progress", [0x22, 0x01, 0xFF], false },
        { "Progress", [0x22, 0x05], false },
    };

    [Theory, MemberData(nameof(Payloads))]
    public async Task Payloads_are_read_strictly(string type, byte[] payload, bool ok)
    {
        var envelope = _world.Ambient(World.Bob, type);
        envelope.Payload = ByteString.CopyFrom(payload);
        var ack = await _world.SendAsync(World.Bob, envelope);
        if (ok) Expect.Accepted(ack);
        else Expect.Code(ErrorCode.InvalidEnvelope, ack);
    }

    [Fact]
    public async Task Progress_in_a_session_enters_no_history_and_is_no_duplicate()
    {
        await _world.StartAsync();
        var progress = _world.Envelope(World.Bob, MessageTypes.Progress, new ProgressPayload { Progress = 1 });
        Expect.Accepted(await _world.SendAsync(World.Bob, progress));
        Expect.Accepted(await _world.SendAsync(World.Bob, progress.Clone()));
        Assert.Single(_world.History.Of(World.Session));
        Assert.Equal(2, (await HeardAsync()).Count);
    }

    [Fact]
    public async Task Who_may_send_in_some_modes_only_may_signal_only_if_the_empty_mode_is_among_them()
    {
        var limited = World.Bob with { AllowedModes = new HashSet<string> { NotesMode.Identifier } };
        Expect.Code(ErrorCode.Forbidden, await _world.SendAsync(limited, _world.Ambient(limited, MessageTypes.Signal)));
        limited = World.Bob with { AllowedModes = new HashSet<string> { "" } };
        Expect.Accepted(await _world.SendAsync(limited, _world.Ambient(limited, MessageTypes.Signal)));
    }

    [Fact]
    public async Task Signals_are_for_everybody_and_the_progress_of_a_session_for_those_who_may_read_it()
    {
        await _world.StartAsync();
        Identity[] watchers = [World.Ada, World.Bob, World.Stranger, World.Cyd with { IsObserver = true }];
        var watches = watchers.Select(watcher => new Watch<WatchSignalsResponse>(_world.Runtime.WatchSignals(watcher))).ToList();
        await SendAsync(World.Stranger, MessageTypes.Signal, "signal");
        await SendAsync(World.Bob, MessageTypes.Progress, "ambient");
        await SendAsync(World.Bob, MessageTypes.Progress, "own", World.Session);
        await SendAsync(World.Stranger, MessageTypes.Progress, "foreign", World.Session);
        await SendAsync(World.Stranger, MessageTypes.Progress, "nowhere", "no-such-session");
        await SendAsync(World.Bob, MessageTypes.Signal, "fence");

        var heard = new List<string>();
        foreach (var watch in watches) heard.Add(string.Join(' ', (await watch.BeforeAsync(e => e.Envelope.MessageId == "fence")).Select(e => e.Envelope.MessageId)));
        Assert.Equal(["signal ambient own foreign", "signal ambient own foreign", "signal ambient nowhere", "signal ambient own foreign nowhere"], heard);
    }

    [Theory]
    [InlineData(0, 9_000)]
    [InlineData(1_000_000, 20)] // what a ring holds is bounded in bytes too
    public async Task A_watcher_that_stalls_loses_its_place_and_others_do_not(int bytes, int signals)
    {
        var stalled = new Watch<WatchSignalsResponse>(_world.Runtime.WatchSignals(World.Bob));
        var attentive = new Watch<WatchSignalsResponse>(_world.Runtime.WatchSignals(World.Bob));
        for (int i = 0; i < signals; i++)
        {
            await SendAsync(World.Ada, MessageTypes.Signal, $"s{i}", bytes: bytes);
            Assert.Equal($"s{i}", (await attentive.NextAsync()).Envelope.MessageId);
        }
        await Assert.ThrowsAsync<FellBehindException>(stalled.NextAsync);
    }

    [Fact]
    public async Task What_is_held_for_watchers_is_bounded_wherever_the_bytes_of_a_message_stand()
    {
        var stalled = new Watch<WatchSignalsResponse>(_world.Runtime.WatchSignals(World.Bob));
        for (int i = 0; i < 20; i++) await SendAsync(World.Bob, MessageTypes.Progress, $"p{i}", session: new string('s', 1_000_000));
        await Assert.ThrowsAsync<FellBehindException>(stalled.NextAsync);
    }

    [Fact]
    public async Task What_was_sent_does_not_change_when_its_sender_uses_the_envelope_again()
    {
        var signal = _world.Ambient(World.Bob, MessageTypes.Signal);
        string[] ids = ["first", "second"];
        foreach (string id in ids)
        {
            signal.MessageId = id;
            Expect.Accepted(await _world.SendAsync(World.Bob, signal));
        }
        Assert.Equal(ids, (await HeardAsync()).Select(heard => heard.MessageId));
    }

    [Fact]
    public async Task What_a_watcher_is_told_is_its_own()
    {
        var other = new Watch<WatchSignalsResponse>(_world.Runtime.WatchSignals(World.Bob));
        await SendAsync(World.Ada, MessageTypes.Signal, "s");
        (await _watch.NextAsync()).Envelope.MessageId = "changed";
        Assert.Equal("s", (await other.NextAsync()).Envelope.MessageId);
    }

    async Task SendAsync(Identity sender, string type, string id, string session = "", int bytes = 0)
    {
        var envelope = _world.Ambient(sender, type, type == MessageTypes.Signal ? new SignalPayload { SignalType = "s", Data = ByteString.CopyFrom(new byte[bytes]) } : null);
        (envelope.MessageId, envelope.SessionId, envelope.Mode) = (id, session, session.Length > 0 ? NotesMode.Identifier : "");
        Expect.Accepted(await _world.SendAsync(sender, envelope));
    }
}
