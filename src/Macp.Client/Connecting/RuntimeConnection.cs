using System.Runtime.CompilerServices;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>The channel, with credentials put on, failures translated, and told of. Knows no session.</summary>
sealed class RuntimeConnection : IDisposable
{
    readonly MacpClientOptions _options;
    readonly SocketsHttpHandler? _certified;
    readonly GrpcChannel _channel;
    // Never disposed of: without a timer there is nothing to free.
    readonly CancellationTokenSource _closing = new();

    public RuntimeConnection(MacpClientOptions options)
    {
        _options = options;
        var address = Connecting.Address(options.Endpoint, options.AllowInsecure);
        Telemetry = new(options, address);
        _certified = Connecting.CertifiedHandler(options);
        _channel = Connecting.Channel(options, options.HttpMessageHandler ?? _certified);
        if (address.Scheme == "http") Telemetry.Log.Plaintext(address.Host, address.Port);
    }

    public ClientTelemetry Telemetry { get; }

    /// <summary>Completes when other calls than <c>Initialize</c> may be made; null when they always may.</summary>
    public Func<CancellationToken, Task>? Ready { get; init; }

    /// <summary>One unary call; a second time, with another token, when the runtime refuses the first one's.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, MacpAuth? auth, MacpCallOptions? call, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        ThrowIfClosed();
        if (Ready is not null && !ReferenceEquals(method, RuntimeMethods.Initialize)) await Ready(cancellationToken).ConfigureAwait(false);
        string? token = auth is null ? null : await TokenAsync(auth, cancellationToken).ConfigureAwait(false), other;
        try
        {
            var response = await AttemptAsync(method, request, token, call, cancellationToken).ConfigureAwait(false);
            if (CallSubject.NackIn(response) != ErrorCode.Unauthenticated.Value) return response;
            other = await RenewedAsync(auth, token, method.Name, cancellationToken).ConfigureAwait(false);
            if (other is null) return response;
        }
        catch (MacpTransportException e) when (e.StatusCode is GrpcStatusCode.Unauthenticated && auth is { CanRenew: true })
        {
            other = await RenewedAsync(auth, token, method.Name, cancellationToken).ConfigureAwait(false);
            if (other is null) throw;
        }
        return await AttemptAsync(method, request, other, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a call of two streams, which no timeout ends; with what is to be told of its end.</summary>
    public async Task<(GrpcDuplexCall<TRequest, TResponse> Call, Action Closing)> OpenAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, MacpAuth auth, MacpCallOptions? call, (string Key, string Value)? metadata, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        ThrowIfClosed();
        if (Ready is not null) await Ready(cancellationToken).ConfigureAwait(false);
        string token = await TokenAsync(auth, cancellationToken).ConfigureAwait(false);
        var headers = RequestMetadata.Of(token, call);
        if (metadata is var (key, value)) headers.Add(key, value);
        var record = Telemetry.BeginStream(method.FullName, null);
        record.Propagate(headers);
        var stream = _channel.Duplex(method, new() { Metadata = headers }, _closing.Token);
        return (stream, () =>
        {
            var status = stream.Status?.Code ?? GrpcStatusCode.Cancelled;
            if (status is GrpcStatusCode.Unauthenticated) auth.Distrust(token);
            record.End(status);
        });
    }

    /// <summary>Opens a stream of responses, which no timeout ends; it ends when it is left. A second time, with another token, when the runtime refuses the first one's.</summary>
    public async IAsyncEnumerable<TResponse> WatchAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, MacpAuth auth, MacpCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        ThrowIfClosed();
        if (Ready is not null) await Ready(cancellationToken).ConfigureAwait(false);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        string? token = await TokenAsync(auth, cancellationToken).ConfigureAwait(false), other = null;
        for (bool mayRenew = true; token is not null; (token, other, mayRenew) = (other, null, false))
        {
            var headers = RequestMetadata.Of(token, call);
            var record = Telemetry.BeginStream(method.FullName, request);
            record.Propagate(headers);
            var status = GrpcStatusCode.Cancelled;
            try
            {
                await using var responses = _channel.ServerStreaming(method, request, new() { Metadata = headers }).GetAsyncEnumerator(either.Token);
                while (await MoveNextAsync(responses).ConfigureAwait(false))
                {
                    mayRenew = false;
                    yield return responses.Current;
                }
            }
            finally
            {
                record.End(status);
            }

            async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TResponse> responses)
            {
                try
                {
                    if (await responses.MoveNextAsync().ConfigureAwait(false)) return true;
                    status = GrpcStatusCode.Ok;
                    return false;
                }
                catch (Exception e) when (e is GrpcException or OperationCanceledException)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    ThrowIfClosed();
                    if (e is not GrpcException failure) throw new MacpException($"{method.Name} was cancelled.", e);

                    status = failure.Status.Code;
                    if (mayRenew && status is GrpcStatusCode.Unauthenticated) other = await RenewedAsync(auth, token, method.Name, cancellationToken).ConfigureAwait(false);
                    return other is not null ? false : throw Failures.Of(failure, method.Name);
                }
            }
        }
    }

    public void Dispose()
    {
        if (_closing.IsCancellationRequested) return;
        _closing.Cancel();
        _channel.Dispose();
        _certified?.Dispose();
    }

    async Task<TResponse> AttemptAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, string? token, MacpCallOptions? call, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        var options = new GrpcCallOptions { Metadata = RequestMetadata.Of(token, call), Timeout = TimeoutOf(call?.Timeout ?? _options.DefaultTimeout) };
        // A handler that is shared outlives the client, and so would its calls.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var record = Telemetry.Begin(method.FullName, request);
        record.Propagate(options.Metadata);
        try
        {
            var response = await _channel.UnaryAsync(method, request, options, either.Token).ConfigureAwait(false);
            record.Answered(response);
            return response;
        }
        catch (OperationCanceledException e)
        {
            record.Failed(GrpcStatusCode.Cancelled);
            if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException($"{method.Name} was cancelled.", e, cancellationToken);
            throw Failures.Closed("client");
        }
        catch (GrpcException e)
        {
            record.Failed(e.Status.Code);
            ThrowIfClosed();
            throw Failures.Of(e, method.Name);
        }
    }

    ValueTask<string> TokenAsync(MacpAuth auth, CancellationToken cancellationToken) =>
        auth.CanRenew ? new(UntilClosedAsync(token => auth.TokenAsync(Telemetry, token), cancellationToken)) : auth.TokenAsync(Telemetry, cancellationToken);

    async ValueTask<string?> RenewedAsync(MacpAuth? auth, string? refused, string method, CancellationToken cancellationToken)
    {
        if (auth is not { CanRenew: true } || refused is null) return null;
        string? other = await UntilClosedAsync(token => auth.RenewedAsync(refused, Telemetry, token), cancellationToken).ConfigureAwait(false);
        if (other is not null) Telemetry.Log.TokenRenewed(method);
        return other;
    }

    // A provider that takes its time must not outlast the client.
    async Task<T> UntilClosedAsync<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            return await ask(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (either.IsCancellationRequested)
        {
            if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException("Asking for a token was cancelled.", e, cancellationToken);
            throw Failures.Closed("client");
        }
    }

    void ThrowIfClosed()
    {
        if (_closing.IsCancellationRequested) throw Failures.Closed("client");
    }

    static TimeSpan? TimeoutOf(TimeSpan? timeout)
    {
        if (timeout is null || timeout == Timeout.InfiniteTimeSpan) return null;
        return timeout > TimeSpan.Zero ? timeout : throw new MacpConfigurationException($"A timeout must be positive or infinite; it is {timeout}.");
    }
}
