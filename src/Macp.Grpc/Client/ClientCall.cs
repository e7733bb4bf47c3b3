using System.IO.Pipelines;
using Google.Protobuf;
using Macp.Grpc.Wire;

namespace Macp.Grpc.Client;

/// <summary>One call, of whatever kind: its request, its responses and its end.</summary>
sealed class ClientCall<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>, IBufferMessage
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    // Responses are read in pieces of this size; larger messages take several.
    static readonly StreamPipeReaderOptions s_pieces = new(bufferSize: 4096, minimumReadSize: 512, leaveOpen: true);

    readonly GrpcChannel _channel;
    readonly GrpcMethod<TRequest, TResponse> _method;
    readonly GrpcCallOptions? _options;
    readonly CancellationToken _caller;
    readonly CancellationTokenSource? _deadline, _source;
    readonly SemaphoreSlim? _turn; // A reader's, or that of a writer looking for the end.
    HttpResponseMessage? _response;
    PipeReader? _body;
    MessageReader<TResponse>? _messages;
    Outcome? _outcome;
    bool _disposed;

    public ClientCall(GrpcChannel channel, GrpcMethod<TRequest, TResponse> method, GrpcCallOptions? options, CancellationToken caller, bool streaming = false)
    {
        (_channel, _method, _options, _caller) = (channel, method, options, caller);
        if (options?.Timeout is { } timeout) _deadline = DeadlineAfter(timeout, channel.Options.TimeProvider);
        if (streaming || _deadline is not null) _source = CancellationTokenSource.CreateLinkedTokenSource(caller, _deadline?.Token ?? default);
        if (streaming) _turn = new(1, 1);
        Token = _source?.Token ?? caller;
    }

    /// <summary>Fires when the call is cancelled, by its caller, its deadline or its disposal.</summary>
    public CancellationToken Token { get; }

    /// <summary>How the call ended; null while it has not.</summary>
    public GrpcStatus? Status => Volatile.Read(ref _outcome)?.Status;

    public GrpcMetadata Headers { get; private set; } = [];

    public GrpcMetadata Trailers => Volatile.Read(ref _outcome)?.Trailers ?? [];

    public int MaxSendBytes => _channel.Options.MaxSendMessageBytes;

    public async Task<TResponse> UnaryAsync(TRequest request)
    {
        await SendAsync(request).ConfigureAwait(false);
        var message = await ReadAsync(Token).ConfigureAwait(false)
            ?? throw new GrpcException(GrpcStatusCode.Internal, "The server answered OK without a message.", Trailers);
        if (await ReadAsync(Token).ConfigureAwait(false) is null) return message;
        throw Fail(new GrpcException(GrpcStatusCode.Internal, "The server answered with several messages where one was expected."), Token);
    }

    /// <summary>Sends a request of one message; completes when the response's headers are there.</summary>
    public Task SendAsync(TRequest request)
    {
        int size = MessageFrame.SizeOf(request, MaxSendBytes);
        return SendAsync(new MessageContent<TRequest>(request, size));
    }

    /// <summary>Sends a request; completes when the response's headers are there.</summary>
    public async Task SendAsync(HttpContent content)
    {
        try
        {
            if (_deadline is { IsCancellationRequested: true }) Token.ThrowIfCancellationRequested();
            var request = RequestMessage.Create(_channel, _method.Path, _options, content);
            _response = await _channel.SendAsync(request, Token).ConfigureAwait(false);
            if (ResponseStatus.OfHeaders(_response) is { } status)
            {
                End(new(status, MetadataHeaders.Received(_response.Headers)));
                return;
            }

            Headers = MetadataHeaders.Received(_response.Headers);
            var stream = await _response.Content.ReadAsStreamAsync(Token).ConfigureAwait(false);
            _body = PipeReader.Create(stream, s_pieces);
            _messages = new(_body, _method.ResponseParser, _channel.Rules);
            // The transport heeds the token up to here; a read that waits without it ends with the call all the same.
            if (_turn is not null) Token.UnsafeRegister(static self => ((ClientCall<TRequest, TResponse>)self!)._response!.Dispose(), this);
        }
        catch (Exception e)
        {
            throw Fail(e, Token);
        }
    }

    /// <summary>The next response; null at the end of a call that succeeded, and ever after.</summary>
    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_turn is not null) await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (Status is null)
                {
                    if (await _messages!.ReadAsync(cancellationToken).ConfigureAwait(false) is { } message) return message;
                    End(OutcomeOfTrailers());
                    _body!.Complete();
                }
            }
            finally
            {
                _turn?.Release();
            }
        }
        catch (Exception e)
        {
            throw Fail(e, cancellationToken);
        }

        return Status!.IsOk ? null : throw Failure();
    }

    /// <summary>
    /// Why a request could not be written. A server that ends the call stops to read, and says why only behind the responses that
    /// nobody has read yet; they are looked past, as far as one message may be long, and stay to be read.
    /// </summary>
    public async Task<Exception> WriteFailureAsync(Exception e, Task begun, CancellationToken wait)
    {
        try
        {
            if (Status is null && !Token.IsCancellationRequested && !wait.IsCancellationRequested)
            {
                await begun.WaitAsync(Token).ConfigureAwait(false);
                if (await LookAheadAsync().ConfigureAwait(false) is { } ahead) return new GrpcException(ahead.Status, ahead.Trailers, e);
            }
        }
        catch (Exception failure)
        {
            return Fail(failure, wait);
        }

        return Fail(e, wait);
    }

    /// <summary>The exception of a call that has ended.</summary>
    public GrpcException Failure(Exception? cause = null) => new(Status!, Trailers, cause);

    /// <summary>Ends the call because of an exception, if it has not ended; returns the one for the caller.</summary>
    public Exception Fail(Exception e, CancellationToken wait)
    {
        var failure = Translated(e, wait);
        if (Status is not null) return failure is OperationCanceledException ? failure : Failure(e);

        var known = failure as GrpcException;
        End(new(known?.Status ?? new(GrpcStatusCode.Cancelled, "The caller cancelled the call."), known?.Trailers ?? []));
        Cancel();
        return failure;
    }

    /// <summary>Cancels what is left of the call.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        End(new(new(GrpcStatusCode.Cancelled, "The call was disposed."), []));
        Cancel();
        _source?.Dispose();
        _deadline?.Dispose();
    }

    // The pipe's buffers are not given back here: a read may still be filling them.
    void Cancel()
    {
        _source?.Cancel();
        _response?.Dispose();
    }

    async Task<Outcome?> LookAheadAsync()
    {
        await _turn!.WaitAsync(Token).ConfigureAwait(false);
        try
        {
            while (Status is null)
            {
                var result = await _body!.ReadAsync(Token).ConfigureAwait(false);
                _body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (result.IsCompleted) return OutcomeOfTrailers();
                if (result.Buffer.Length > _channel.Rules.MaxBytes) return null;
            }
            return _outcome;
        }
        finally
        {
            _turn.Release();
        }
    }

    Outcome OutcomeOfTrailers() => new(ResponseStatus.OfTrailers(_response!), MetadataHeaders.Received(_response!.TrailingHeaders));

    void End(Outcome outcome) => Interlocked.CompareExchange(ref _outcome, outcome, null);

    Exception Translated(Exception e, CancellationToken wait)
    {
        if (e is GrpcException) return e;
        if (_caller.IsCancellationRequested) return new OperationCanceledException("The caller cancelled the call.", e, _caller);
        if (_deadline is { IsCancellationRequested: true }) return new GrpcException(GrpcStatusCode.DeadlineExceeded, "The deadline has passed.", innerException: e);
        if (wait != Token && wait.IsCancellationRequested) return new OperationCanceledException("The caller cancelled the call.", e, wait);
        if (_disposed || Token.IsCancellationRequested) return new GrpcException(GrpcStatusCode.Cancelled, "The call was cancelled.", innerException: e);
        // A connection that is cut fails the sending and the reading together, and the later of the two finds itself cancelled, by nobody.
        if (e is OperationCanceledException { InnerException: not TimeoutException }) return new GrpcException(GrpcStatusCode.Unavailable, "The connection was lost.", innerException: e);
        return new GrpcException(TransportStatus.Of(e), null, e);
    }

    static CancellationTokenSource DeadlineAfter(TimeSpan timeout, TimeProvider time)
    {
        // A timer's limit is 2^32 - 2 milliseconds; the server keeps longer ones.
        if (timeout > TimeSpan.FromDays(49)) return new();
        if (timeout > TimeSpan.Zero) return new(timeout, time);

        var passed = new CancellationTokenSource();
        passed.Cancel();
        return passed;
    }

    sealed record Outcome(GrpcStatus Status, GrpcMetadata Trailers);
}
