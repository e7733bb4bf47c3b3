using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// The state that an accepted history adds up to: <c>evolve</c>, on the reading side. Feed it the envelopes of one session in their order; it
/// ignores what belongs to another session or was applied before, and reports what does not fit as an <see cref="Anomaly"/>. Safe to read while
/// a stream applies envelopes: what it hands out is a copy, and a query runs between two envelopes.
/// </summary>
/// <typeparam name="TState">The mode's nested <c>State</c>.</typeparam>
/// <typeparam name="TPhase">The mode's nested <c>Phase</c>.</typeparam>
public abstract class Projection<TState, TPhase> : IProjection
    where TState : class, IEquatable<TState>, new()
    where TPhase : struct, Enum
{
    static readonly PayloadReader<SessionStartPayload> StartReader = new();

    readonly Lock _gate = new();
    readonly HashSet<string> _applied = new(StringComparer.Ordinal);
    readonly List<Envelope> _transcript = [];
    readonly List<Anomaly> _anomalies = [];
    readonly string _mode;
    readonly ModeGovernance? _governance;
    readonly SessionContext _unbound;
    PolicyBinding? _policy;
    TState _state = new();
    string? _sessionId;
    bool _isStopped;
    SessionContext? _session;
    CommitmentPayload? _commitment;

    /// <summary>An empty projection.</summary>
    /// <param name="mode">The mode's identifier; envelopes of other modes are ignored.</param>
    /// <param name="governance">What policies may rule about the mode; null for a mode that none governs.</param>
    protected Projection(string mode, ModeGovernance? governance = null)
    {
        (_mode, _governance) = (mode, governance);
        // Somebody who joins late and has not read the start yet knows no participants.
        _unbound = new(new Envelope { Mode = mode }, new SessionStartPayload());
    }

    /// <inheritdoc/>
    public SessionContext? Session => Read(static p => p._session);

    /// <summary>The phase after what was applied.</summary>
    public TPhase Phase => Read(static p => p.PhaseOf(p._state, p.Bound));

    /// <summary>What did not fit, in the order in which it came; a copy.</summary>
    public IReadOnlyList<Anomaly> Anomalies => Read(static p => p._anomalies.ToArray());

    /// <summary>What was applied, in its order; a copy.</summary>
    public IReadOnlyList<Envelope> Transcript => Read(static p => p._transcript.ConvertAll(static envelope => envelope.Clone()));

    /// <summary>The accepted commitment; null until there is one.</summary>
    public CommitmentPayload? Commitment => Read(static p => p._commitment?.Clone());

    /// <inheritdoc/>
    public bool IsCommitted => Read(static p => p._commitment is not null);

    /// <summary>The sign of the outcome; null until there is one.</summary>
    public bool? IsPositiveOutcome => Read(static p => p._commitment?.OutcomePositive);

    string IProjection.Phase => Phase.ToString();

    /// <inheritdoc/>
    /// <exception cref="Exception">Whatever a reducer throws; the projection is then as it was before.</exception>
    public ProjectionResult Apply(Envelope envelope)
    {
        lock (_gate)
        {
            if (envelope.Mode != _mode || (_sessionId is not null && envelope.SessionId != _sessionId)) return ProjectionResult.OtherSession;
            if (!_applied.Add(envelope.MessageId)) return ProjectionResult.AlreadyApplied;
            bool isAnnotation = MessageTypes.Annotations.Contains(envelope.MessageType);
            var anomaly = isAnnotation ? null : Fold(envelope);
            bool isAcceptable = anomaly?.Kind is not (Anomaly.Unreadable or Anomaly.SecondStart);
            if (anomaly is not null && (isAcceptable || !_anomalies.Contains(anomaly))) _anomalies.Add(anomaly);
            if (!isAcceptable)
            {
                // What nobody can have accepted takes no id, so that it may come again.
                _applied.Remove(envelope.MessageId);
                return ProjectionResult.Unreadable;
            }

            // Annotations have ids too, so that a repeated one is known; they change no mode's state.
            if (isAnnotation) _isStopped = StopsBy(envelope.MessageType) ?? _isStopped;
            _sessionId ??= envelope.SessionId;
            if (!isAnnotation) _transcript.Add(envelope.Clone());
            return anomaly is null ? ProjectionResult.Applied : ProjectionResult.Anomalous;
        }
    }

    /// <inheritdoc/>
    public void UsePolicy(PolicyDescriptor policy)
    {
        if (PolicyDefinition.Recall(policy).Bind(_mode, _governance, out var binding) is { } fault) throw new InvalidPolicyException(fault);
        lock (_gate)
        {
            if (_session is not null && _session.Policy.Id != binding.Id)
                throw new ArgumentException($"The session is bound to policy '{_session.Policy.Id}', not '{binding.Id}'.", nameof(policy));
            _policy = binding;
            if (_session is null) return;
            Bind(_transcript.Find(static envelope => envelope.MessageType == MessageTypes.SessionStart)!);
            _state = FoldAgain();
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        lock (_gate)
        {
            (_state, _session, _sessionId, _isStopped, _commitment) = (new(), null, null, false, null);
            _applied.Clear();
            _transcript.Clear();
            _anomalies.Clear();
        }
    }

    /// <inheritdoc/>
    public Rejection? Preflight(in MessageContext message, ByteString payload)
    {
        lock (_gate)
        {
            // Without its start nothing is known of a session. An anomaly tells of a runtime with other rules.
            if (_session is null || _anomalies.Count > 0) return null;
            // A duplicate is acknowledged before everything else (decisions 4); a session that is suspended, cancelled or over refuses for that.
            if (_applied.Contains(message.MessageId) || _isStopped) return null;
            return Preflight(_state, _session, message, payload);
        }
    }

    /// <summary>A state that nobody else holds, folded afresh from the transcript. Its cost grows with the transcript.</summary>
    public TState CopyState()
    {
        lock (_gate) return FoldAgain();
    }

    /// <inheritdoc/>
    public string ToJson()
    {
        lock (_gate)
        {
            var json = new CanonicalJson();
            WriteState(_state, Bound, json);
            return json.ToString();
        }
    }

    /// <summary>Runs a query between two envelopes. What it returns must not be a part of the state that can still change.</summary>
    protected TResult Query<TResult>(Func<TState, SessionContext, TResult> query)
    {
        lock (_gate) return query(_state, Bound);
    }

    /// <summary>The phase of a state.</summary>
    protected abstract TPhase PhaseOf(TState state, SessionContext session);

    /// <summary>Folds one accepted message into a state, unless it does not fit: then it tells how, and the state is as it was.</summary>
    /// <exception cref="InvalidDataException">The payload cannot be read, or the mode has no such type.</exception>
    protected abstract Anomaly? Evolve(TState state, SessionContext session, in MessageContext message, ByteString payload);

    /// <summary>Judges a message by a state that may lag behind: why it is refused for good; null where it may yet be accepted, or nobody can tell.</summary>
    protected virtual Rejection? Preflight(TState state, SessionContext session, in MessageContext message, ByteString payload) => null;

    /// <summary>Writes a state as canonical JSON.</summary>
    protected abstract void WriteState(TState state, SessionContext session, CanonicalJson json);

    SessionContext Bound => _session ?? _unbound;

    static bool? StopsBy(string annotation) => annotation switch
    {
        MessageTypes.SessionSuspend or MessageTypes.SessionCancel or MessageTypes.TtlExpired => true,
        MessageTypes.SessionResume => false,
        _ => null,
    };

    Anomaly? Fold(Envelope envelope)
    {
        if (_commitment is not null) return Anomaly.Of(Anomaly.AfterCommitment, envelope, "the session is committed already");
        try
        {
            if (envelope.MessageType == MessageTypes.SessionStart) return Start(envelope);
            var anomaly = Evolve(_state, Bound, MessageContext.Of(envelope), envelope.Payload);
            if (envelope.MessageType == MessageTypes.Commitment) _commitment = CommitmentPayload.Parser.ParseFrom(envelope.Payload);
            return anomaly;
        }
        catch (InvalidDataException e)
        {
            return Anomaly.Of(Anomaly.Unreadable, envelope, e.Message);
        }
        catch
        {
            // A reducer that throws may have stopped half way; that is for its author to hear of, and not for the state to keep.
            _applied.Remove(envelope.MessageId);
            _state = FoldAgain();
            throw;
        }
    }

    // A session is bound once, for its whole life.
    Anomaly? Start(Envelope envelope)
    {
        if (_session is not null) return Anomaly.Of(Anomaly.SecondStart, envelope, "a session is started once");
        Bind(envelope);
        return null;
    }

    void Bind(Envelope start)
    {
        var session = new SessionContext(start, StartReader.Recall(start.Payload));
        _session = _policy is { } policy && policy.Id == session.Policy.Id ? session.Under(policy) : session;
    }

    TState FoldAgain()
    {
        var state = new TState();
        foreach (var envelope in _transcript.Where(static envelope => envelope.MessageType != MessageTypes.SessionStart))
        {
            Evolve(state, Bound, MessageContext.Of(envelope), envelope.Payload);
            if (envelope.MessageType == MessageTypes.Commitment) break; // what came after it was an anomaly
        }
        return state;
    }

    TResult Read<TResult>(Func<Projection<TState, TPhase>, TResult> read)
    {
        lock (_gate) return read(this);
    }
}

/// <summary>A projection of whatever mode.</summary>
public interface IProjection
{
    /// <summary>What the session's start bound; null until the start was applied.</summary>
    SessionContext? Session { get; }

    /// <summary>The phase, by the name that the mode declares.</summary>
    string Phase { get; }

    /// <summary>Whether the session is committed.</summary>
    bool IsCommitted { get; }

    /// <summary>What did not fit, in the order in which it came.</summary>
    IReadOnlyList<Anomaly> Anomalies { get; }

    /// <summary>Applies one accepted envelope.</summary>
    ProjectionResult Apply(Envelope envelope);

    /// <summary>
    /// Tells what the session's policy rules, so that whatever depends on it is answered as the runtime would; what was applied is folded again. Before the
    /// start it is kept for a start that names it. Without it, the mode's default rules stand in (<see cref="PolicyBinding.IsResolved"/>).
    /// </summary>
    /// <exception cref="ArgumentException">The session is bound to another policy.</exception>
    /// <exception cref="InvalidPolicyException">The policy does not govern this mode.</exception>
    /// <exception cref="InvalidDataException">No runtime can have registered the policy.</exception>
    void UsePolicy(PolicyDescriptor policy);

    /// <summary>
    /// Judges a message before it is sent: why it is refused now, whatever was accepted since and will be; null where it may be accepted, or nobody can
    /// tell. What was applied must be a beginning of the history without a gap; how far behind it stands does not matter.
    /// </summary>
    /// <param name="message">The message as the runtime would see it, its sender and its id among the rest.</param>
    /// <param name="payload">Its payload as it would travel.</param>
    Rejection? Preflight(in MessageContext message, ByteString payload);

    /// <summary>Forgets everything, so that a history can be applied from its start.</summary>
    void Reset();

    /// <summary>The state as canonical JSON: snake_case keys in ordinal order.</summary>
    string ToJson();
}

/// <summary>What applying an envelope came to.</summary>
public enum ProjectionResult
{
    /// <summary>The state follows from it now.</summary>
    Applied,

    /// <summary>It does not fit, and the state is as it was; <see cref="IProjection.Anomalies"/> tells why.</summary>
    Anomalous,

    /// <summary>Ignored: an envelope of this id was applied before.</summary>
    AlreadyApplied,

    /// <summary>Ignored: it belongs to another session or mode.</summary>
    OtherSession,

    /// <summary>
    /// Ignored: the mode has no such message, its payload cannot be read, or it is a second start; no runtime accepts such a message, so that its id
    /// is free for another.
    /// </summary>
    Unreadable,
}
