using Google.Protobuf;
using Macp.Grpc.Wire;

namespace Macp.Grpc.Server;

/// <summary>The messages of a request body.</summary>
sealed class RequestStream<T>(MessageReader<T> messages, CallLifetime lifetime) : IGrpcStreamReader<T>
    where T : class, IMessage<T>, IBufferMessage
{
    bool _halfClosed;

    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_halfClosed) return null;
        lifetime.Token.ThrowIfCancellationRequested();
        try
        {
            var message = await messages.ReadAsync(cancellationToken).ConfigureAwait(false);
            _halfClosed = message is null;
            return message;
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A reset by the client surfaces here as one or the other, and may do so before the token fires, or after the reader gave up too.
            if (e is IOException) lifetime.Abort();
            throw new OperationCanceledException("The call has ended.", e, lifetime.Token);
        }
    }

    /// <summary>The request of a call that has only one.</summary>
    public async ValueTask<T> ReadSingleAsync()
    {
        try
        {
            return await messages.ReadSingleAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw CallLifetime.ClientGone(e);
        }
    }
}
