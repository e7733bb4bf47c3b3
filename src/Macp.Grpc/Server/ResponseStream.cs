using System.IO.Pipelines;
using Google.Protobuf;
using Macp.Grpc.Wire;

namespace Macp.Grpc.Server;

/// <summary>Messages into a response body.</summary>
sealed class ResponseStream<T>(GrpcServerCall call, CallLifetime lifetime) : IGrpcStreamWriter<T> where T : class, IMessage<T>, IBufferMessage
{
    readonly PipeWriter _body = call.HttpContext.Response.BodyWriter;

    public ValueTask WriteAsync(T message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(message);
        return FlushAsync(cancellationToken);
    }

    public void Write(T message)
    {
        lock (lifetime.Gate)
        {
            lifetime.ThrowIfEnded();
            MessageFrame.Write(_body, message, call.Server.MaxSendBytes);
            call.EnsureHeaders();
        }
    }

    public void WriteSerialized(ReadOnlySpan<byte> message)
    {
        lock (lifetime.Gate)
        {
            lifetime.ThrowIfEnded();
            MessageFrame.WriteSerialized(_body, message, call.Server.MaxSendBytes);
            call.EnsureHeaders();
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<FlushResult> flush;
        lock (lifetime.Gate)
        {
            lifetime.ThrowIfEnded();
            call.EnsureHeaders();
            // Without the token: Kestrel resets the stream when a flush is cancelled by one.
            flush = _body.FlushAsync(CancellationToken.None);
        }

        if (!flush.IsCompletedSuccessfully) return WaitAsync(flush, cancellationToken);

        Heed(flush.Result, cancellationToken);
        return default;
    }

    async ValueTask WaitAsync(ValueTask<FlushResult> flush, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static self => ((ResponseStream<T>)self!).Wake(), this);
        Heed(await flush.ConfigureAwait(false), cancellationToken);
    }

    void Wake()
    {
        lock (lifetime.Gate)
            if (!lifetime.Ended) _body.CancelPendingFlush();
    }

    // A flush that was merely woken has handed its bytes over all the same.
    void Heed(FlushResult result, CancellationToken cancellationToken)
    {
        if (result.IsCanceled) cancellationToken.ThrowIfCancellationRequested();
        if (result.IsCompleted) lifetime.Abort();
        if (result.IsCompleted || (result.IsCanceled && lifetime.Ended)) throw new OperationCanceledException("The call has ended.", lifetime.Token);
    }
}
