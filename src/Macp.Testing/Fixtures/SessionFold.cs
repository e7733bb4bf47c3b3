using Macp.Client;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Fixtures;

/// <summary>Follows a session as an onlooker and folds what the runtime streams, by the mode's generated code.</summary>
sealed class SessionFold : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly HostedMode _mode;
    readonly List<Envelope> _history = [];
    readonly CancellationTokenSource _stop = new();
    readonly IAsyncEnumerator<SessionStreamItem> _items;
    readonly MacpStream _stream;
    SessionHandler? _handler;

    SessionFold(HostedMode mode, MacpStream stream)
    {
        (_mode, _stream) = (mode, stream);
        _items = stream.ReadAllAsync(_stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    public string Phase => Handler.Phase;

    public CommitmentPayload? Commitment => _history.FindLast(e => e.MessageType == MessageTypes.Commitment) is { } last ? CommitmentPayload.Parser.ParseFrom(last.Payload) : null;

    SessionHandler Handler => _handler ?? throw new FixtureException("the runtime streamed no SessionStart");

    public static async Task<SessionFold> OpenAsync(HostedMode mode, MacpClient client, string sessionId, CancellationToken cancellationToken)
    {
        var stream = await client.OpenStreamAsync(null, cancellationToken).ConfigureAwait(false);
        await stream.SubscribeAsync(sessionId, 0, cancellationToken).ConfigureAwait(false);
        return new(mode, stream);
    }

    /// <summary>Reads the stream until this message is folded.</summary>
    public async Task ReadToAsync(string messageId, CancellationToken cancellationToken)
    {
        while (!_history.Exists(e => e.MessageId == messageId))
        {
            if (!await _items.MoveNextAsync().AsTask().WaitAsync(Patience, cancellationToken).ConfigureAwait(false))
                throw new FixtureException($"the stream ended before it brought message {messageId}");
            switch (_items.Current)
            {
                case SessionStreamItem.Accepted { Envelope: var envelope }:
                    _history.Add(envelope);
                    _handler = Fold(_handler, envelope);
                    break;
                case SessionStreamItem.InlineError { Error: var error }:
                    throw new FixtureException($"the stream was refused: {error}");
            }
        }
    }

    /// <summary>The state as canonical JSON.</summary>
    public string State() => Write(Handler);

    /// <summary>The state of the whole history, folded again from nothing.</summary>
    public string StateAgain() => Write(_history.Aggregate((SessionHandler?)null, Fold)!);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    SessionHandler Fold(SessionHandler? handler, Envelope envelope)
    {
        if (envelope.MessageType == MessageTypes.SessionStart) return _mode.Open(new SessionContext(envelope, SessionStartPayload.Parser.ParseFrom(envelope.Payload)));
        handler!.Evolve(MessageContext.Of(envelope), envelope.Payload);
        return handler;
    }

    static string Write(SessionHandler handler)
    {
        var json = new CanonicalJson();
        handler.WriteState(json);
        return json.ToString();
    }
}
