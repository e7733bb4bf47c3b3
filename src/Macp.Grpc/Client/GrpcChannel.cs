using System.Collections.Concurrent;
using Google.Protobuf;
using Macp.Grpc.Client;
using Macp.Grpc.Wire;

namespace Macp.Grpc;

/// <summary>
/// Calls the methods of a server. It connects when first used, and again when needed; one channel serves any number of concurrent
/// calls. Every failed call throws <see cref="GrpcException"/>, except that one cancelled by its caller's token throws
/// <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class GrpcChannel : IDisposable, IAsyncDisposable
{
    readonly HttpMessageInvoker _invoker;
    readonly ConcurrentDictionary<string, Uri> _addresses = [];
    readonly string _base;

    /// <summary>Creates a channel; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">The address is not absolute, or neither http nor https.</exception>
    public GrpcChannel(GrpcChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Address.IsAbsoluteUri || options.Address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{options.Address}' is not an http or https address.", nameof(options));

        Options = options;
        Rules = FrameRules.Client(options.MaxReceiveMessageBytes);
        _base = options.Address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _invoker = new HttpMessageInvoker(options.HttpMessageHandler ?? OwnHandler(options), disposeHandler: options.HttpMessageHandler is null);
    }

    internal GrpcChannelOptions Options { get; }

    internal FrameRules Rules { get; }

    /// <summary>Calls a method of one request and one response.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">Metadata and timeout; none when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="GrpcException">The call failed.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        using var call = new ClientCall<TRequest, TResponse>(this, method, options, cancellationToken);
        return await call.UnaryAsync(request).ConfigureAwait(false);
    }

    /// <summary>As <see cref="UnaryAsync"/>, with the response's metadata.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">Metadata and timeout; none when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="GrpcException">The call failed.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<GrpcResponse<TResponse>> UnaryResponseAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        using var call = new ClientCall<TRequest, TResponse>(this, method, options, cancellationToken);
        var message = await call.UnaryAsync(request).ConfigureAwait(false);
        return new(message, call.Headers, call.Trailers);
    }

    /// <summary>
    /// Calls a method of one request and a stream of responses. The call begins when the enumeration does, and is cancelled when that
    /// is left early. The server is held back while the caller is busy with a message.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">Metadata and timeout; none when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public GrpcServerStream<TRequest, TResponse> ServerStreaming<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage =>
        new(this, method, request, options, cancellationToken);

    /// <summary>Calls a method of two streams. The call begins at once; dispose it when done.</summary>
    /// <param name="method">The method.</param>
    /// <param name="options">Metadata and timeout; none when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public GrpcDuplexCall<TRequest, TResponse> Duplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage =>
        new(new ClientCall<TRequest, TResponse>(this, method, options, cancellationToken, streaming: true));

    /// <summary>Closes the channel's connections. Calls under way fail. A handler that came with the options stays open.</summary>
    public void Dispose() => _invoker.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal Uri AddressOf(string path) => _addresses.GetOrAdd(path, static (path, prefix) => new Uri(prefix + path), _base);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    static SocketsHttpHandler OwnHandler(GrpcChannelOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        KeepAlivePingDelay = options.KeepAlivePingDelay,
        KeepAlivePingTimeout = options.KeepAlivePingTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        EnableMultipleHttp2Connections = options.EnableMultipleHttp2Connections,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    };
}
