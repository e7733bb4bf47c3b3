using System.Runtime.CompilerServices;
using Google.Protobuf;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>The channel, with credentials put on and failures translated. Knows no session.</summary>
sealed class RuntimeConnection : IDisposable
{
    readonly MacpClientOptions _options;
    readonly SocketsHttpHandler? _certified;
    readonly GrpcChannel _channel;
    readonly CancellationTokenSource _closing = new();
    readonly CancellationToken _closed;

    public RuntimeConnection(MacpClientOptions options)
    {
        _options = options;
        _certified = Connecting.CertifiedHandler(options);
        _channel = Connecting.Channel(options, options.HttpMessageHandler ?? _certified);
        _closed = _closing.Token;
    }

    /// <summary>One unary call.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, MacpAuth? auth, MacpCallOptions? call, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        ThrowIfClosed();
        var options = new GrpcCallOptions
        {
            Metadata = await MetadataAsync(auth, call, cancellationToken).ConfigureAwait(false),
            Timeout = TimeoutOf(call?.Timeout ?? _options.DefaultTimeout),
        };
        try
        {
            return await _channel.UnaryAsync(method, request, options, cancellationToken).ConfigureAwait(false);
        }
        catch (GrpcException e)
        {
            ThrowIfClosed();
            throw Failures.Of(e, method.Name);
        }
    }

    /// <summary>Opens a call of two streams, which no timeout ends.</summary>
    public async Task<GrpcDuplexCall<TRequest, TResponse>> OpenAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, MacpAuth auth, MacpCallOptions? call, (string Key, string Value)? metadata, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        ThrowIfClosed();
        var headers = await MetadataAsync(auth, call, cancellationToken).ConfigureAwait(false);
        if (metadata is var (key, value)) headers.Add(key, value);
        return _channel.Duplex(method, new() { Metadata = headers }, _closed);
    }

    /// <summary>Opens a stream of responses, which no timeout ends; it ends when it is left.</summary>
    public async IAsyncEnumerable<TResponse> WatchAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, MacpAuth auth, MacpCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        ThrowIfClosed();
        var options = new GrpcCallOptions { Metadata = await MetadataAsync(auth, call, cancellationToken).ConfigureAwait(false) };
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed);
        await using var responses = _channel.ServerStreaming(method, request, options).GetAsyncEnumerator(either.Token);
        while (await MoveNextAsync().ConfigureAwait(false)) yield return responses.Current;

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await responses.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is GrpcException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfClosed();
                throw e is GrpcException failure ? Failures.Of(failure, method.Name) : new MacpException($"{method.Name} was cancelled.", e);
            }
        }
    }

    public void Dispose()
    {
        if (_closed.IsCancellationRequested) return;
        _closing.Cancel();
        _channel.Dispose();
        _certified?.Dispose();
        _closing.Dispose();
    }

    void ThrowIfClosed()
    {
        if (_closed.IsCancellationRequested) throw Failures.Closed("client");
    }

    static async ValueTask<GrpcMetadata> MetadataAsync(MacpAuth? auth, MacpCallOptions? call, CancellationToken cancellationToken)
    {
        var metadata = new GrpcMetadata();
        if (auth is not null) metadata.Add("authorization", "Bearer " + await auth.TokenAsync(cancellationToken).ConfigureAwait(false));
        foreach (var (key, value) in call?.Headers ?? NoHeaders) Add(metadata, key, value);
        return metadata;
    }

    static void Add(GrpcMetadata metadata, string key, string value)
    {
        if (key.Equals("authorization", StringComparison.OrdinalIgnoreCase))
            throw new MacpConfigurationException("'authorization' is not a header to set; pass the credential as Auth.");
        try
        {
            metadata.Add(key, value);
        }
        catch (ArgumentException e)
        {
            throw new MacpConfigurationException($"The header '{key}' cannot travel: {e.Message}", e);
        }
    }

    static TimeSpan? TimeoutOf(TimeSpan? timeout)
    {
        if (timeout is null || timeout == Timeout.InfiniteTimeSpan) return null;
        return timeout > TimeSpan.Zero ? timeout : throw new MacpConfigurationException($"A timeout must be positive or infinite; it is {timeout}.");
    }

    static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();
}
