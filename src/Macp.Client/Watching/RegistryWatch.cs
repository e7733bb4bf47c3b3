using Google.Protobuf;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>A watch whose every stream begins with how things stand: that is the snapshot at first, and after a break what may have changed meanwhile.</summary>
abstract class RegistryWatch<TRequest, TResponse, T>(MacpClient client, WatchOptions options, GrpcMethod<TRequest, TResponse> method)
    : Watch<TRequest, TResponse, T>(client, options, method)
    where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
    where TResponse : class, IMessage<TResponse>, IBufferMessage
    where T : class
{
    bool _hasTold, _hasOpened;

    /// <summary>What this means; null for nothing.</summary>
    protected abstract T? Read(TResponse response, bool isSnapshot, bool isResynchronized);

    protected override Task PrepareAsync(CancellationToken cancellationToken)
    {
        _hasOpened = true;
        return Task.CompletedTask;
    }

    protected override IEnumerable<T> Heard(TResponse response)
    {
        var told = Read(response, isSnapshot: !_hasTold, isResynchronized: _hasTold && _hasOpened);
        (_hasTold, _hasOpened) = (true, false);
        return told is null ? [] : [told];
    }
}
