using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// The state that an accepted history adds up to: <c>evolve</c>, on the reading side. Feed it the envelopes of one session in their order; it
/// ignores what belongs to another session or was applied before. Safe to read while a stream applies envelopes: what it hands out is
/// a copy, and a query runs between two envelopes.
/// </summary>
/// <typeparam name="TState">The mode's nested <c>State</c>.</typeparam>
/// <typeparam name="TPhase">The mode's nested <c>Phase</c>.</typeparam>
public abstract class Projection<TState, TPhase> : IProjection
    where TState : class, IEquatable<TState>, new()
    where TPhase : struct, Enum
{
    readonly Lock _gate = new();
    readonly HashSet<string> _applied = new(StringComparer.Ordinal);
    readonly List<Envelope> _transcript = [];
    readonly string _mode;
    TState _state = new();
    SessionContext? _session;
    CommitmentPayload? _commitment;

    /// <summary>An empty projection.</summary>
    /// <param name="mode">The mode's identifier; envelopes of other modes are ignored.</param>
    protected Projection(string mode) => _mode = mode;

    /// <inheritdoc/>
    public SessionContext? Session => Read(static p => p._session);

    /// <summary>The phase after what was applied.</summary>
    public TPhase Phase => Read(static p => p.PhaseOf(p._state, p.Bound));

    /// <summary>What was applied, in its order; a copy.</summary>
    public IReadOnlyList<Envelope> Transcript => Read(static p => p._transcript.ToArray());

    /// <summary>The accepted commitment; null until there is one.</summary>
    public CommitmentPayload? Commitment => Read(static p => p._commitment?.Clone());

    /// <inheritdoc/>
    public bool IsCommitted => Read(static p => p._commitment is not null);

    /// <summary>The sign of the outcome; null until there is one.</summary>
    public bool? IsPositiveOutcome => Read(static p => p._commitment?.OutcomePositive);

    string IProjection.Phase => Phase.ToString();

    /// <inheritdoc/>
    public ProjectionResult Apply(Envelope envelope)
    {
        lock (_gate)
        {
            if (envelope.Mode != _mode || (_session is not null && envelope.SessionId != _session.SessionId)) return ProjectionResult.OtherSession;
            // Annotations have ids too, so that a repeated one is known; they change no mode's state.
            if (!_applied.Add(envelope.MessageId)) return ProjectionResult.AlreadyApplied;
            if (MessageTypes.Annotations.Contains(envelope.MessageType)) return ProjectionResult.Applied;
            if (!Fold(envelope)) return ProjectionResult.Unreadable;
            _transcript.Add(envelope);
            return ProjectionResult.Applied;
        }
    }

    /// <summary>A state that nobody else holds, folded afresh from the transcript. Its cost grows with the transcript.</summary>
    public TState CopyState()
    {
        lock (_gate)
        {
            var state = new TState();
            foreach (var envelope in _transcript)
                if (envelope.MessageType != MessageTypes.SessionStart)
                    Evolve(state, Bound, MessageContext.Of(envelope), envelope.Payload);
            return state;
        }
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

    /// <summary>Folds one accepted message into a state.</summary>
    /// <exception cref="InvalidDataException">The payload cannot be read, or the mode has no such type.</exception>
    protected abstract void Evolve(TState state, SessionContext session, in MessageContext message, ByteString payload);

    /// <summary>Writes a state as canonical JSON.</summary>
    protected abstract void WriteState(TState state, SessionContext session, CanonicalJson json);

    // Somebody who joins late and has not read the start yet knows no participants.
    SessionContext Bound => _session ?? _unbound;

    readonly SessionContext _unbound = new(new Envelope(), new SessionStartPayload());

    bool Fold(Envelope envelope)
    {
        try
        {
            if (envelope.MessageType == MessageTypes.SessionStart)
            {
                _session = new SessionContext(envelope, SessionStartPayload.Parser.ParseFrom(envelope.Payload));
                return true;
            }
            Evolve(_state, Bound, MessageContext.Of(envelope), envelope.Payload);
            if (envelope.MessageType == MessageTypes.Commitment) _commitment = CommitmentPayload.Parser.ParseFrom(envelope.Payload);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            return false;
        }
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

    /// <summary>Applies one accepted envelope.</summary>
    ProjectionResult Apply(Envelope envelope);

    /// <summary>The state as canonical JSON: snake_case keys in ordinal order.</summary>
    string ToJson();
}

/// <summary>What applying an envelope came to.</summary>
public enum ProjectionResult
{
    /// <summary>The state follows from it now.</summary>
    Applied,

    /// <summary>Ignored: an envelope of this id was applied before.</summary>
    AlreadyApplied,

    /// <summary>Ignored: it belongs to another session or mode.</summary>
    OtherSession,

    /// <summary>Ignored: the mode has no such message, or its payload cannot be read; no runtime accepts such a message.</summary>
    Unreadable,
}
