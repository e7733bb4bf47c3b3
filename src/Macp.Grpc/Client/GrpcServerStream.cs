using Google.Protobuf;
using Macp.Grpc.Client;

namespace Macp.Grpc;

/// <summary>The responses of a server-streaming call. It can be enumerated once.</summary>
/// <typeparam name="TRequest">The request message.</typeparam>
/// <typeparam name="TResponse">The response message.</typeparam>
public sealed class GrpcServerStream<TRequest, TResponse> : IAsyncEnumerable<TResponse>
    where TRequest : class, IMessage<TRequest>, IBufferMessage
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    readonly Func<CancellationToken, ClientCall<TRequest, TResponse>> _begin;
    readonly TRequest _request;
    readonly CancellationToken _token;
    ClientCall<TRequest, TResponse>? _call;
    bool _begun;

    internal GrpcServerStream(
        GrpcChannel channel, GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options, CancellationToken cancellationToken)
    {
        (_request, _token) = (request, cancellationToken);
        _begin = caller => new(channel, method, options, caller, streaming: true);
    }

    /// <summary>The metadata ahead of the first message. Empty until that has been read.</summary>
    public GrpcMetadata Headers => _call?.Headers ?? [];

    /// <summary>The metadata behind the last message. Empty until the enumeration has ended.</summary>
    public GrpcMetadata Trailers => _call?.Trailers ?? [];

    /// <summary>Begins the call.</summary>
    /// <param name="cancellationToken">Cancels the call, as the token it was made with does.</param>
    /// <exception cref="InvalidOperationException">It was enumerated before.</exception>
    public async IAsyncEnumerator<TResponse> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _begun, true)) throw new InvalidOperationException("The responses of a call can be enumerated once.");

        using var both = _token.CanBeCanceled && cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(_token, cancellationToken)
            : null;
        using var call = _begin(both?.Token ?? (_token.CanBeCanceled ? _token : cancellationToken));
        _call = call;
        await call.SendAsync(_request).ConfigureAwait(false);
        while (await call.ReadAsync(call.Token).ConfigureAwait(false) is { } message) yield return message;
    }
}
