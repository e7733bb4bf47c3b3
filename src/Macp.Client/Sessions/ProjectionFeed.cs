using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// What reaches a session's projection, and in which order: while a stream is followed, what that delivers and nothing else, since it comes
/// in the order of the history; otherwise what was acknowledged.
/// </summary>
sealed class ProjectionFeed(IProjection projection)
{
    // Held by whatever changes the projection, and while predicates ask it, so that each sees one state of it. They are their authors' code, and may wait for
    // whoever asks this feed: that takes the gate alone.
    readonly Lock _turn = new();
    readonly Lock _gate = new();
    readonly HashSet<string> _applied = new(StringComparer.Ordinal);
    readonly List<ProjectionWait> _waiting = [];
    bool _following;
    SessionState _state;

    // After what was delivered last, which may be long before what an ack has told; and whether the end was told otherwise than by an ack.
    SessionState _delivered;
    bool _isAtEnd;

    // Acks have put messages in, which need not stand where the history has them.
    bool _outOfOrder;
    ulong _ordinal;

    // How far the history was delivered from its start without a gap, and whether anything came behind one.
    ulong _whole;
    bool _hasGap;

    // What the projection failed with, for whoever waits.
    MacpException? _fault;

    /// <summary>
    /// The ordinal behind which a stream should go on: that of the last envelope delivered, or 0 when acks have been applied since, so that the
    /// history comes again from its start and puts them in their places.
    /// </summary>
    public ulong LastOrdinal
    {
        get { lock (_gate) return _outOfOrder ? 0 : _ordinal; }
    }

    /// <summary>The session's state: as the stream tells it while one is followed, else as the last ack did. An end is for good.</summary>
    public SessionState State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>The ordinal of the last envelope delivered, whatever acks have put in.</summary>
    public ulong DeliveredOrdinal
    {
        get { lock (_gate) return _ordinal; }
    }

    /// <summary>Whether the session has ended, by the word of the stream or of whoever was asked.</summary>
    public bool IsAtEnd
    {
        get { lock (_gate) return _isAtEnd; }
    }

    /// <summary>Whether it has ended, and the projection has whatever was accepted.</summary>
    public bool IsComplete
    {
        get { lock (_gate) return _isAtEnd && !_outOfOrder; }
    }

    /// <summary>A stream takes over.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_following) throw new MacpException("The session follows a stream already; one stream feeds its projection.");
            _following = true;
        }
    }

    /// <summary>The stream has ended, or was left.</summary>
    /// <param name="failure">What ended it; null where it came to its end, or was left.</param>
    public void End(Exception? failure = null)
    {
        ProjectionWait[] waiting;
        lock (_gate)
        {
            if (!_following) return;
            _following = false;
            failure ??= _fault;
            _fault = null;
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var wait in waiting) wait.GiveUp(Unmet(wait.What, failure));
    }

    /// <summary>Somebody who must know has told how the session stands.</summary>
    public void Told(SessionState state)
    {
        lock (_gate)
        {
            Enter(state);
            _isAtEnd |= state.IsTerminal();
        }
    }

    /// <summary>The runtime has acknowledged a message or a request of ours.</summary>
    public void Acknowledged(MacpAck ack, Envelope? envelope = null)
    {
        // A predicate may be asking the projection, and waiting for this.
        if (!ack.Ok || IsFollowing) return;
        lock (_turn)
        lock (_gate)
        {
            if (_following) return;
            Enter(ack.State);
            // Who sent it is part of the state. Where only the runtime knows, the stream has to tell.
            if (envelope is null or { Sender.Length: 0 }) return;
            _outOfOrder = true;
            try
            {
                Apply(envelope);
            }
            catch (Exception)
            {
                // A reducer relies on what the validator saw, and here others' messages may be missing. The message was accepted all the same; the
                // history will bring it.
            }
        }
    }

    /// <summary>The stream has delivered something.</summary>
    /// <returns>What it came to in the projection, and the session's state after it; null for what is no part of the history.</returns>
    public (ProjectionResult Result, SessionState State)? Delivered(SessionStreamItem item)
    {
        if (item.Entry is not { } entry) return null;
        lock (_turn)
        {
            var taken = Take(item, entry);
            Settle();
            return taken;
        }
    }

    /// <summary>
    /// Why the runtime refuses a message, as far as a beginning of the history tells, or the session's end; null where neither is known, and for a
    /// message that the projection has, which is acknowledged as a duplicate.
    /// </summary>
    /// <param name="envelope">The message.</param>
    /// <param name="isNew">Whether its id was made for it. Any other may be that of a message that was accepted before the end, and is acknowledged again.</param>
    public Rejection? Preflight(Envelope envelope, bool isNew)
    {
        lock (_gate)
        {
            // Another start is refused for what it is.
            if (isNew && _state.IsTerminal() && envelope.MessageType != MessageTypes.SessionStart) return Refuse.NotOpen(_state);
            // Acks put messages in without those before them. Who sends is the first question that is asked.
            return _outOfOrder || _hasGap || _whole == 0 || envelope.Sender.Length == 0 ? null : projection.Preflight(MessageContext.Of(envelope), envelope.Payload);
        }
    }

    /// <summary>Completes when the projection has the message.</summary>
    public Task WaitForAsync(string messageId, CancellationToken cancellationToken) =>
        WaitAsync($"the message '{messageId}'", () => _applied.Contains(messageId), cancellationToken);

    /// <summary>Completes when something holds of the projection; asked now, and after whatever the stream delivers.</summary>
    public Task WaitForAsync(Func<bool> condition, CancellationToken cancellationToken) => WaitAsync("what was waited for", condition, cancellationToken);

    async Task WaitAsync(string what, Func<bool> condition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wait = new ProjectionWait(what, condition);
        lock (_turn)
        {
            if (condition()) return;
            lock (_gate)
            {
                if (!_following) throw Unmet(what, null);
                _waiting.Add(wait);
            }
        }
        try
        {
            await wait.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            wait.Leave();
            lock (_gate) _waiting.Remove(wait);
        }
    }

    bool IsFollowing
    {
        get { lock (_gate) return _following; }
    }

    (ProjectionResult Result, SessionState State) Take(SessionStreamItem item, Envelope entry)
    {
        lock (_gate)
        {
            if (item is SessionStreamItem.Accepted accepted) Count(accepted.Ordinal);
            var result = Fold(entry);
            var said = SessionStates.After(entry);
            // A message is accepted by an open session only. Older runtimes do not tell that one was resumed.
            if (said is SessionState.Unspecified && item is SessionStreamItem.Accepted) said = SessionState.Open;
            if (said is not SessionState.Unspecified) _delivered = said;
            // What comes again tells nothing new.
            if (result is not ProjectionResult.AlreadyApplied || said.IsTerminal()) Enter(said);
            _isAtEnd |= said.IsTerminal();
            return (result, _delivered);
        }
    }

    void Settle()
    {
        ProjectionWait[] waiting;
        lock (_gate) waiting = [.. _waiting];
        foreach (var wait in waiting)
        {
            if (!wait.IsSettled()) continue;
            lock (_gate) _waiting.Remove(wait);
        }
    }

    MacpException Unmet(string what, Exception? failure) => failure as MacpException
        ?? (State.IsTerminal() ? new MacpSessionEndedException(State, what)
            : new MacpException($"The session is not followed, or no longer, so that nothing brings {what}: attach it.", failure));

    void Restart()
    {
        projection.Reset();
        _applied.Clear();
        (_outOfOrder, _whole, _hasGap, _isAtEnd) = (false, 0, false, false);
    }

    void Count(ulong? ordinal)
    {
        // The history from its start: what acks have put in, or a stream from its middle, comes again, in its place.
        if (ordinal is 1 && (_outOfOrder || _hasGap)) Restart();
        if (ordinal is { } known) _ordinal = known;
        if (ordinal == _whole + 1) _whole++;
        else _hasGap |= ordinal is null || ordinal > _whole;
    }

    ProjectionResult Fold(Envelope entry)
    {
        try
        {
            return Apply(entry);
        }
        catch (Exception e)
        {
            // What a reducer throws at is passed over, and missing from then on.
            _hasGap = true;
            throw _fault = new($"The session can be followed no further, since its projection failed at the message '{entry.MessageId}': {e.Message}", e);
        }
    }

    ProjectionResult Apply(Envelope envelope)
    {
        var result = projection.Apply(envelope);
        if (result is not (ProjectionResult.OtherSession or ProjectionResult.Unreadable)) _applied.Add(envelope.MessageId);
        return result;
    }

    void Enter(SessionState state)
    {
        if (state is not SessionState.Unspecified && !_state.IsTerminal()) _state = state;
    }
}
