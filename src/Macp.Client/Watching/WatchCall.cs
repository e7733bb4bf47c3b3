using Google.Protobuf;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>One stream of a watch that the runtime has begun: whatever happens from now on comes by it.</summary>
sealed class WatchCall<TRequest, TResponse>(GrpcDuplexCall<TRequest, TResponse> call, Action closing, string operation) : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    bool _disposed;

    /// <summary>Asks for the watch, and waits for the runtime's headers: on the wire this is a call of two streams whose client sends one message, and only such a call tells of them.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            await call.WriteAsync(new(), cancellationToken).ConfigureAwait(false);
            await call.CompleteAsync().ConfigureAwait(false);
            await call.ResponseHeadersAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (GrpcException e) when (e.Status.IsOk)
        {
            // It has ended already, which the first read tells.
        }
        catch (Exception e) when (e is GrpcException or OperationCanceledException)
        {
            throw Translated(e, cancellationToken);
        }
    }

    /// <summary>What the runtime tells next; null once it has ended the stream with OK.</summary>
    public async Task<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await call.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GrpcException or OperationCanceledException)
        {
            throw Translated(e, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        closing();
        await call.DisposeAsync().ConfigureAwait(false);
    }

    // Without the caller's token, cancellation means that the client was disposed.
    MacpException Translated(Exception e, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return e switch
        {
            GrpcException failure => Failures.Of(failure, operation),
            _ => Failures.Closed("client"),
        };
    }
}
