using Macp.Client;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Agents;

/// <summary>Taking part: from the start or the attachment to the session's end.</summary>
public sealed partial class MacpParticipant<TSession>
{
    readonly CancellationTokenSource _stop = new();
    bool _hasRun;
    bool _endIsTold;
    SessionState _state;
    CommitmentPayload? _commitment;

    /// <summary>Whether it was stopped, or told to be.</summary>
    public bool IsStopped => _stop.IsCancellationRequested;

    /// <summary>Where it can be cancelled while it runs, its port the real one; null before, and where the options open no endpoint.</summary>
    public Uri? CancelAddress { get; private set; }

    /// <summary>
    /// Takes part: starts the session where it is the initiator's to start, attaches it, and tells the handlers, until the session ends or the participant is stopped.
    /// When it returns, or throws, the session is detached and the cancel endpoint closed.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How the session ended; how it stood, where the participant was stopped.</returns>
    /// <exception cref="MacpHandlerException">A handler failed, and nobody decided to go on.</exception>
    /// <exception cref="MacpException">It has been run before; the start or the kickoff was refused; or the session cannot be followed.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<ParticipantResult> RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _hasRun, true)) throw new MacpException("The participant runs, or has run: make one for each run.");
        cancellationToken.ThrowIfCancellationRequested();
        using var running = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        bool attaches = _options.Source is null && !Session.IsAttached;
        CancelCallbackListener? listener = null;
        _logger.TakesPart(ParticipantId, Session.SessionId, Session.Descriptor.Identifier);
        try
        {
            if (_options.CancelCallback is { } callback) listener = await CancelCallbackListener.StartAsync(callback, CancelAsync, _logger, running.Token).ConfigureAwait(false);
            CancelAddress = listener?.Address;
            await BeginAsync(attaches, running.Token).ConfigureAwait(false);
            await ListenAsync(running.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsStopped && !cancellationToken.IsCancellationRequested)
        {
            // Stopped, and not given up.
        }
        finally
        {
            if (attaches) await Session.DetachAsync().ConfigureAwait(false);
            if (listener is not null) await listener.DisposeAsync().ConfigureAwait(false);
            _logger.HasLeft(ParticipantId, Session.SessionId, State);
        }
        return new(State, _commitment);
    }

    /// <summary>
    /// Stops taking part, whatever it is waiting for; the session goes on without it. A handler may call it: its token fires, and <see cref="RunAsync"/> returns when
    /// it has.
    /// </summary>
    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>
    /// Answers a cancel callback as the options say: cancels the session for everybody, or stops taking part. For endpoints of one's own:
    /// <c>app.MapMacpCancelCallback(participant.CancelAsync)</c>.
    /// </summary>
    /// <param name="request">What was called back.</param>
    /// <param name="cancellationToken">Ends the wait; the session may have been cancelled.</param>
    /// <exception cref="MacpException">The runtime could not be asked, or refused.</exception>
    public async Task CancelAsync(CancelRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        _logger.IsCancelled(ParticipantId, Session.SessionId);
        bool isInitiator = _options.Initiator is not null || Session.Projection.Session?.Initiator == ParticipantId;
        if (!(_options.CancelSessionOnCallback ?? isInitiator)) await StopAsync().ConfigureAwait(false);
        // The stream tells of it, and so ends the run with the session's true end.
        else await Session.CancelAsync(request.Reason, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the handlers of one change, as <see cref="RunAsync"/> does of each. For tests, and for sources of one's own.</summary>
    /// <param name="change">The change. What was told before, or belongs to another session, is left out.</param>
    /// <param name="cancellationToken">Reaches the handlers.</param>
    /// <exception cref="MacpHandlerException">A handler failed, and nobody decided to go on.</exception>
    public async Task ProcessAsync(LiveChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Result is not (ProjectionResult.Applied or ProjectionResult.Anomalous)) return;
        _state = change.State;
        if (change.Envelope.MessageType == MessageTypes.Commitment) _commitment ??= CommitmentPayload.Parser.ParseFrom(change.Envelope.Payload);
        var context = new AgentContext<TSession>(ParticipantId, Session, change, _logger);
        foreach (var handler in _dispatcher.For(change)) await GuardAsync(() => handler(context, cancellationToken), change, cancellationToken).ConfigureAwait(false);
        if (change.IsTerminal) await TellEndAsync(cancellationToken).ConfigureAwait(false);
    }

    // The session knows of an end that no message told.
    SessionState State => Session.State.IsTerminal() || _state is SessionState.Unspecified ? Session.State : _state;

    async Task BeginAsync(bool attaches, CancellationToken cancellationToken)
    {
        var initiator = _options.Initiator;
        var kickoff = initiator?.Kickoff is { } first ? (first.MessageType, Payload: first.Encode(Session.Descriptor)) : default;
        if (initiator is not null) await Session.StartAsync(initiator.Start, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (attaches) await Session.AttachAsync(_options.Follow, cancellationToken: cancellationToken).ConfigureAwait(false);
        // Once the session is attached, so that the stream alone brings it into the projection.
        if (kickoff.Payload is not null) await Session.SendAsync(kickoff.MessageType, kickoff.Payload, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    async Task ListenAsync(CancellationToken cancellationToken)
    {
        var changes = _options.Source?.Invoke(cancellationToken) ?? Session.Changes;
        await foreach (var change in changes.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await ProcessAsync(change, cancellationToken).ConfigureAwait(false);
            if (change.IsTerminal) return;
        }
        if (State.IsTerminal()) await TellEndAsync(cancellationToken).ConfigureAwait(false);
    }

    async Task TellEndAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _endIsTold, true)) return;
        var result = new ParticipantResult(State, _commitment);
        foreach (var handler in _terminal) await GuardAsync(() => handler(result, cancellationToken), null, cancellationToken).ConfigureAwait(false);
    }

    async Task GuardAsync(Func<Task> handler, LiveChange? change, CancellationToken cancellationToken)
    {
        try
        {
            await handler().ConfigureAwait(false);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            if (await _decide(new(e, change), cancellationToken).ConfigureAwait(false) is not ErrorAction.Continue)
                throw new MacpHandlerException(change?.Envelope.MessageType, change?.Envelope.MessageId, e);
            _logger.GoesOn(e, ParticipantId, change?.Envelope.MessageType ?? "the session's end", change?.Envelope.MessageId ?? "");
        }
    }
}
