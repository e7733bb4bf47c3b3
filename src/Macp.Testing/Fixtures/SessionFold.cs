using Google.Protobuf;
using Macp.Client;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Fixtures;

/// <summary>
/// Follows a session as an onlooker, across a restart of the runtime too, and folds what it streams, by the mode's generated code.
/// </summary>
sealed class SessionFold : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly HostedMode _mode;
    readonly PolicyDescriptor? _policy;
    readonly CancellationTokenSource _closed = new();
    readonly IAsyncEnumerator<SessionStreamItem> _items;
    readonly List<Envelope> _history = [];
    Task _next = Task.CompletedTask;
    SessionHandler? _handler;

    public SessionFold(HostedMode mode, PolicyDescriptor? policy, MacpClient client, string sessionId)
    {
        (_mode, _policy) = (mode, policy);
        _items = client.FollowSessionAsync(sessionId).GetAsyncEnumerator(_closed.Token);
    }

    public string Phase => Handler.Phase;

    public CommitmentPayload? Commitment { get; private set; }

    /// <summary>Why the state stands where it does, although the history goes on; null while it follows.</summary>
    public string? Broken { get; private set; }

    SessionHandler Handler => _handler ?? throw new MacpProtocolException("The runtime's history of the session does not begin with a SessionStart.");

    /// <summary>Reads the stream until this message is folded.</summary>
    /// <exception cref="MacpException">The stream was refused, failed or ended, or brought nothing for long.</exception>
    public async Task ReadToAsync(string messageId, CancellationToken cancellationToken)
    {
        while (!_history.Exists(e => e.MessageId == messageId))
        {
            if (!await NextAsync(cancellationToken).ConfigureAwait(false)) throw new MacpProtocolException($"The session's stream ended before it brought the accepted message {messageId}.");
            if (_items.Current is SessionStreamItem.Accepted { Envelope: var envelope }) Append(envelope);
        }
    }

    /// <summary>The state as canonical JSON.</summary>
    public string State() => Write(Handler);

    /// <summary>The state of the whole history, folded again from nothing.</summary>
    public string StateAgain() => Write(_history.Aggregate((SessionHandler?)null, Fold)!);

    public async ValueTask DisposeAsync()
    {
        // An enumerator is not disposed of while it is asked for the next item.
        await _closed.CancelAsync().ConfigureAwait(false);
        await _next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _items.DisposeAsync().ConfigureAwait(false);
        _closed.Dispose();
    }

    async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        var next = _items.MoveNextAsync().AsTask();
        _next = next;
        try
        {
            return await next.WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new MacpTimeoutException($"The session's stream brought nothing within {Patience}.", e);
        }
    }

    void Append(Envelope envelope)
    {
        _history.Add(envelope);
        if (Broken is not null) return;
        try
        {
            _handler = Fold(_handler, envelope);
            if (envelope.MessageType == MessageTypes.Commitment) Commitment = CommitmentPayload.Parser.ParseFrom(envelope.Payload);
        }
        // Reducers rely on the rules; a runtime that accepted against them may make them throw whatever they like.
        catch (Exception e) when (_handler is not null)
        {
            Broken = $"the history cannot be folded beyond message {envelope.MessageId} ({envelope.MessageType} of {envelope.Sender}), which {_mode.Descriptor.Identifier} does not allow: {e.Message}";
        }
    }

    SessionHandler? Fold(SessionHandler? handler, Envelope envelope)
    {
        if (envelope.MessageType == MessageTypes.SessionStart) return Open(envelope);
        handler?.Evolve(MessageContext.Of(envelope), envelope.Payload);
        return handler;
    }

    SessionHandler Open(Envelope envelope)
    {
        try
        {
            return _mode.Open(new SessionContext(envelope, SessionStartPayload.Parser.ParseFrom(envelope.Payload), Binding()));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new MacpProtocolException("The runtime's SessionStart cannot be read.", e);
        }
    }

    // Without its policy, a state that depends on it would be another one than the runtime's.
    PolicyBinding? Binding()
    {
        if (_policy is null) return null;
        var fault = PolicyDefinition.Recall(_policy).Bind(_mode.Descriptor.Identifier, _mode.Governance, out var binding);
        return fault is null ? binding : throw new MacpProtocolException($"The runtime bound a policy that does not govern the mode: {fault.Path}: {fault.Reason}");
    }

    static string Write(SessionHandler handler)
    {
        var json = new CanonicalJson();
        handler.WriteState(json);
        return json.ToString();
    }
}
