using Google.Protobuf;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>What watchers are made of.</summary>
public sealed partial class MacpClient
{
    /// <summary>Opens one stream of a watch, and waits until the runtime has begun it.</summary>
    internal async Task<WatchCall<TRequest, TResponse>> OpenWatchAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, MacpCallOptions? call, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        var auth = RequireAuth(call, method.Name);
        var (stream, ended) = await _connection.OpenAsync(method, auth, call, null, cancellationToken).ConfigureAwait(false);
        var watch = new WatchCall<TRequest, TResponse>(stream, ended, method.Name);
        try
        {
            await watch.BeginAsync(cancellationToken).ConfigureAwait(false);
            return watch;
        }
        catch
        {
            await watch.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
