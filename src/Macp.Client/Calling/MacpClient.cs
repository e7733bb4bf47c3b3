using Google.Protobuf;
using Macp.Grpc;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// A connection to a MACP runtime. It connects when first used, and again when needed; one client serves any number of concurrent calls
/// and sessions. Members throw <see cref="MacpException"/> and what derives from it, and <see cref="OperationCanceledException"/> when
/// their token fires; nothing else.
/// </summary>
public sealed partial class MacpClient : IAsyncDisposable, IDisposable
{
    readonly MacpClientOptions _options;
    readonly RuntimeConnection _connection;

    /// <summary>Creates a client. Nothing is sent yet.</summary>
    /// <exception cref="MacpConfigurationException">An option cannot be: the endpoint is malformed, or plaintext without <see cref="MacpClientOptions.AllowInsecure"/>.</exception>
    public MacpClient(MacpClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = OptionRules.Checked(options);
        _connection = new(_options) { Ready = _options.AutoInitialize ? NegotiatedAsync : null };
    }

    /// <summary>A copy of what the client was made with.</summary>
    public MacpClientOptions Options => _options with { };

    /// <summary>The credential of calls that bring none; null for none.</summary>
    public MacpAuth? Auth => _options.Auth;

    /// <summary>What the client tells of what it does, for those who reconnect.</summary>
    internal ClientTelemetry Telemetry => _connection.Telemetry;

    /// <summary>
    /// Sends an envelope as it stands. With a retry policy it is sent again, the same, after a transient failure. An ack that says
    /// "duplicate" is a success: the message stands in the history.
    /// </summary>
    /// <param name="envelope">The envelope; <see cref="CreateEnvelope(string, string, string, IMessage, string, string?)"/> makes one.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have arrived.</param>
    /// <exception cref="MacpNackException">The runtime refused it, and <see cref="MacpCallOptions.ThrowOnNack"/> is set.</exception>
    /// <exception cref="MacpIdentityMismatchException">The envelope names a sender that the credential is not for.</exception>
    /// <exception cref="MacpTransportException">The call failed; <see cref="MacpTimeoutException"/> when its time ran out.</exception>
    /// <exception cref="MacpProtocolException">The runtime answered with no ack, or with another message's.</exception>
    /// <exception cref="MacpRetryException">So did every attempt that the policy allows.</exception>
    public async Task<MacpAck> SendAsync(Envelope envelope, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var auth = RequireAuth(call, "Send");
        auth.Guard(envelope.Sender);
        var request = new SendRequest { Envelope = envelope };
        try
        {
            return await Retrying.RunAsync(RetryOf(call), Telemetry, RuntimeMethods.Send.FullName, async () =>
            {
                var response = await _connection.CallAsync(RuntimeMethods.Send, request, auth, call, cancellationToken).ConfigureAwait(false);
                return AckOf(response.Ack, envelope).EnsureOk();
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (MacpException e) when (call is { ThrowOnNack: false } && NackOf(e) is not null)
        {
            return NackOf(e)!;
        }
    }

    /// <summary>Opens a stream of session messages, bound to nothing yet: subscribe to a session, or send to it.</summary>
    /// <param name="call">The credential and the headers count; a timeout does not.</param>
    /// <param name="cancellationToken">Ends the opening only. A stream ends by itself, by the runtime, or by <see cref="MacpStream.DisposeAsync"/>.</param>
    /// <exception cref="MacpConfigurationException">There is no credential. Other failures surface on the first read or send.</exception>
    public Task<MacpStream> OpenStreamAsync(MacpCallOptions? call = null, CancellationToken cancellationToken = default) =>
        OpenStreamAsync(call, null, null, null, cancellationToken);

    /// <summary>What the runtime tells of a session, to its initiator, its participants and observers.</summary>
    /// <exception cref="MacpTransportException">The call failed: NOT_FOUND when there is no such session, PERMISSION_DENIED when it is not for the caller.</exception>
    public async Task<SessionInfo> GetSessionAsync(string sessionId, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var response = await ReadAsync(RuntimeMethods.GetSession, new() { SessionId = sessionId }, RequireAuth(call, "GetSession"), call, cancellationToken).ConfigureAwait(false);
        return SessionInfo.Of(response.Metadata ?? throw new MacpProtocolException("GetSession was answered without metadata."));
    }

    /// <summary>Cancels a session, for good. One that has ended already stays as it is, and the ack says how. Never retried.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Why, for the history.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the request may have arrived.</param>
    /// <exception cref="MacpNackException">The runtime refused, and <see cref="MacpCallOptions.ThrowOnNack"/> is set.</exception>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<MacpAck> CancelSessionAsync(string sessionId, string reason = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var request = new CancelSessionRequest { SessionId = sessionId, Reason = reason };
        var response = await _connection.CallAsync(RuntimeMethods.CancelSession, request, RequireAuth(call, "CancelSession"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AckOf(response.Ack, "CancelSession"), call);
    }

    /// <summary>Suspends a session: it takes no messages, and its time to live stands still, until it is resumed. Never retried.</summary>
    /// <inheritdoc cref="CancelSessionAsync" path="/param|/exception"/>
    public async Task<MacpAck> SuspendSessionAsync(string sessionId, string reason = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var request = new SuspendSessionRequest { SessionId = sessionId, Reason = reason };
        var response = await _connection.CallAsync(RuntimeMethods.SuspendSession, request, RequireAuth(call, "SuspendSession"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AckOf(response.Ack, "SuspendSession"), call);
    }

    /// <summary>Resumes a suspended session, with the time to live that it had left. Never retried.</summary>
    /// <inheritdoc cref="CancelSessionAsync" path="/param|/exception"/>
    public async Task<MacpAck> ResumeSessionAsync(string sessionId, string reason = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var request = new ResumeSessionRequest { SessionId = sessionId, Reason = reason };
        var response = await _connection.CallAsync(RuntimeMethods.ResumeSession, request, RequireAuth(call, "ResumeSession"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AckOf(response.Ack, "ResumeSession"), call);
    }

    /// <summary>Makes an envelope: this protocol version, this client's time, and a new UUID where no message id is given.</summary>
    /// <param name="mode">The mode's identifier; empty for ambient messages.</param>
    /// <param name="sessionId">The session; empty for ambient messages.</param>
    /// <param name="messageType">The message type.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="sender">Who sends; empty for the runtime to fill in.</param>
    /// <param name="messageId">The message's id; null for a new one.</param>
    public Envelope CreateEnvelope(string mode, string sessionId, string messageType, IMessage payload, string sender = "", string? messageId = null) =>
        CreateEnvelope(mode, sessionId, messageType, payload.ToByteString(), sender, messageId);

    /// <inheritdoc cref="CreateEnvelope(string, string, string, IMessage, string, string?)"/>
    public Envelope CreateEnvelope(string mode, string sessionId, string messageType, ByteString payload, string sender = "", string? messageId = null) => new()
    {
        MacpVersion = Negotiated?.ProtocolVersion ?? MacpProtocol.Version,
        Mode = mode,
        SessionId = sessionId,
        MessageType = messageType,
        MessageId = messageId ?? MessageIds.New(),
        Sender = sender,
        TimestampUnixMs = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
        Payload = payload,
    };

    /// <summary>Closes the client: calls and streams under way fail. Doing it again does nothing.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => _connection.Dispose();

    /// <summary>A stream whose items are seen on their way, and whose disposal is.</summary>
    internal async Task<MacpStream> OpenStreamAsync(
        MacpCallOptions? call, Func<SessionStreamItem, CancellationToken, Task>? arriving, Action<SessionStreamItem>? delivering, Action? closing, CancellationToken cancellationToken)
    {
        var auth = RequireAuth(call, "StreamSession");
        var (stream, ended) = await _connection.OpenAsync(RuntimeMethods.StreamSession, auth, call, MacpStream.WantsAnnotations, cancellationToken).ConfigureAwait(false);
        return new(stream, auth, _options.TimeProvider) { Arriving = arriving, Delivering = delivering, Closing = ended + closing };
    }

    /// <summary>The envelope of a message, once the client's own checks are passed.</summary>
    internal Envelope CheckedEnvelope(string mode, string sessionId, string messageType, ByteString payload, Rejection? finding, MacpCallOptions? call)
    {
        var envelope = CreateEnvelope(mode, sessionId, messageType, payload, SenderOf(call), call?.MessageId);
        if (call is null or { ValidateLocally: true })
        {
            finding ??= MacpValidation.MessageId(envelope.MessageId) ?? MacpValidation.PayloadSize(envelope.Payload.Length, _options.MaxPayloadBytes);
            if (finding is not null) throw new MacpSessionException(finding);
        }
        return envelope;
    }

    /// <summary>The sender that an envelope of this call names.</summary>
    internal string SenderOf(MacpCallOptions? call) => call?.Sender ?? (call?.Auth ?? Auth)?.Sender ?? "";

    async Task<MacpAck> SendCheckedAsync(
        string mode, string sessionId, string messageType, IMessage payload, Rejection? finding, MacpCallOptions? call, CancellationToken cancellationToken) =>
        await SendAsync(CheckedEnvelope(mode, sessionId, messageType, payload.ToByteString(), finding, call), call, cancellationToken).ConfigureAwait(false);

    // Reading changes nothing, so it may be repeated.
    Task<TResponse> ReadAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, MacpAuth? auth, MacpCallOptions? call, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage =>
        Retrying.RunAsync(RetryOf(call), Telemetry, method.FullName, () => _connection.CallAsync(method, request, auth, call, cancellationToken), cancellationToken);

    MacpRetryPolicy? RetryOf(MacpCallOptions? call) => call?.Retry ?? _options.Retry;

    MacpAuth RequireAuth(MacpCallOptions? call, string operation) => call?.Auth ?? Auth
        ?? throw new MacpConfigurationException($"{operation} needs a credential. Set Auth in MacpClientOptions, in SessionOptions or in MacpCallOptions.");

    static MacpAck AckOf(Ack? ack, string operation) =>
        MacpAck.Of(ack ?? throw new MacpProtocolException($"{operation} was answered without an ack."));

    // An ack need not name the message, but must not name another: which one was accepted nobody could tell.
    static MacpAck AckOf(Ack? ack, Envelope envelope) => ack is null || ack.MessageId.Length == 0 || ack.MessageId == envelope.MessageId
        ? AckOf(ack, "Send")
        : throw new MacpProtocolException($"Send of message '{envelope.MessageId}' was answered with the ack of message '{ack.MessageId}'.");

    // The answer of a registry. The wire has a text for it, which begins with the code where runtimes are recent.
    static MacpAck AnswerOf(bool ok, string error, ErrorCode code)
    {
        string head = $"{code}: ";
        string reason = error.StartsWith(head, StringComparison.Ordinal) ? error[head.Length..] : error;
        return new() { Ok = ok, Error = ok ? null : new(code, reason) };
    }

    static MacpAck Judged(MacpAck ack, MacpCallOptions? call) => call is { ThrowOnNack: false } ? ack : ack.EnsureOk();

    static MacpAck? NackOf(MacpException failure) => (failure as MacpNackException ?? failure.InnerException as MacpNackException)?.Ack;
}
