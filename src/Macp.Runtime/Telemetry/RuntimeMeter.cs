using System.Diagnostics.Metrics;
using Macp.Protocol;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime;

/// <summary>
/// Measures one runtime. Where nobody listens, nothing is counted but how many sessions go on. A meter is kept by the process until it is disposed of, and
/// so must not keep the runtime: its scope is this.
/// </summary>
sealed class RuntimeMeter : IDisposable
{
    readonly ModeRegistry _modes;
    readonly Counter<long> _accepted, _rejected, _commitmentsAccepted, _commitmentsRejected, _signals;
    readonly Counter<long> _started, _resolved, _expired, _cancelled, _suspended, _resumed;
    readonly Histogram<double> _lag;
    long _open, _inSuspension;
    Measurement<double>[] _recovery = [];

    /// <param name="modes">The modes that may be named.</param>
    /// <param name="factory">The application's, where it has one: it says whose the meter is.</param>
    public RuntimeMeter(ModeRegistry modes, IMeterFactory? factory)
    {
        _modes = modes;
        var meter = Meter = factory?.Create(new MeterOptions(MacpTelemetry.MeterName)) ?? new Meter(new MeterOptions(MacpTelemetry.MeterName) { Scope = this });
        (_accepted, _rejected) = (meter.Count(Metrics.MessagesAccepted), meter.Count(Metrics.MessagesRejected));
        (_commitmentsAccepted, _commitmentsRejected) = (meter.Count(Metrics.CommitmentsAccepted), meter.Count(Metrics.CommitmentsRejected));
        _signals = meter.Count(Metrics.SignalsAccepted);
        (_started, _resolved, _expired) = (meter.Count(Metrics.SessionsStarted), meter.Count(Metrics.SessionsResolved), meter.Count(Metrics.SessionsExpired));
        (_cancelled, _suspended, _resumed) = (meter.Count(Metrics.SessionsCancelled), meter.Count(Metrics.SessionsSuspended), meter.Count(Metrics.SessionsResumed));
        _lag = meter.Measure<double>(Metrics.DueLag);
        meter.Observe(Metrics.SessionsOpen, () => Volatile.Read(ref _open));
        meter.Observe(Metrics.SessionsInSuspension, () => Volatile.Read(ref _inSuspension));
        meter.Observe(Metrics.RecoveryDuration, () => _recovery);
    }

    public Meter Meter { get; }

    /// <summary>Whether anybody wants to know what became of an envelope.</summary>
    public bool CountsEnvelopes => _accepted.Enabled || _rejected.Enabled || _commitmentsAccepted.Enabled || _commitmentsRejected.Enabled || _signals.Enabled;

    /// <summary>Looks at these when somebody asks how much they hold.</summary>
    public void Watch(SessionTable sessions, RateLimiter rates)
    {
        var table = new WeakReference<SessionTable>(sessions);
        Meter.Observe(Metrics.SessionsInMemory, () => table.TryGetTarget(out var target) ? target.Count : 0);
        Meter.Observe(Metrics.RatesSenders, () => rates.Senders);
    }

    /// <summary>An envelope was answered.</summary>
    public void Answered(Envelope envelope, Ack ack)
    {
        if (!ack.Ok) Refused(envelope, ack.Error.Code);
        else if (!ack.Duplicate) Accepted(envelope);
    }

    /// <summary>Messages that came due in a session stand in its history, durable.</summary>
    public void CameDue(string mode, int messages) => _accepted.Add(messages, TagOf(mode));

    /// <summary>Something that came due was noticed so much later, in milliseconds.</summary>
    public void Noticed(long lateMs) => _lag.Record(lateMs / 1000.0);

    /// <summary>The state of a session changed, durably.</summary>
    public void Changed(LifecycleEvent change)
    {
        if (change.Before is { } before) Count(before.State, -1);
        Count(change.State, 1);
        var counter = CounterOf(change.Type);
        if (counter.Enabled) counter.Add(1, TagOf(change.Context.Mode));
    }

    /// <summary>A session that goes on was taken up in this state.</summary>
    public void TakenUp(SessionState state) => Count(state, 1);

    /// <summary>What the history held was taken up.</summary>
    public void Recovered(TimeSpan duration) => _recovery = [new(duration.TotalSeconds)];

    public void Dispose() => Meter.Dispose();

    void Accepted(Envelope envelope)
    {
        // A start is counted with the other changes of state.
        if (envelope.MessageType == MessageTypes.SessionStart) return;
        if (envelope.MessageType is MessageTypes.Signal or MessageTypes.Progress)
        {
            _signals.Add(1);
            return;
        }
        var mode = TagOf(envelope.Mode);
        _accepted.Add(1, mode);
        if (envelope.MessageType == MessageTypes.Commitment) _commitmentsAccepted.Add(1, mode);
    }

    void Refused(Envelope envelope, string code)
    {
        if (envelope.SessionId.Length == 0) return;
        var mode = TagOf(envelope.Mode);
        _rejected.Add(1, mode, new(Metrics.CodeTag, code));
        if (envelope.MessageType == MessageTypes.Commitment) _commitmentsRejected.Add(1, mode);
    }

    void Count(SessionState state, int sessions)
    {
        if (state is SessionState.Open) Interlocked.Add(ref _open, sessions);
        if (state is SessionState.Suspended) Interlocked.Add(ref _inSuspension, sessions);
    }

    Counter<long> CounterOf(EventType type) => type switch
    {
        EventType.Created => _started,
        EventType.Resolved => _resolved,
        EventType.Expired => _expired,
        EventType.Suspended => _suspended,
        EventType.Resumed => _resumed,
        _ => _cancelled,
    };

    KeyValuePair<string, object?> TagOf(string mode) => new(Metrics.ModeTag, _modes.Find(mode)?.Identifier ?? Metrics.OtherMode);
}
