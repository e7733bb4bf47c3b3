using System.Runtime.CompilerServices;
using Google.Protobuf;
using Macp.Grpc.Client;
using Macp.Grpc.Wire;

namespace Macp.Grpc;

/// <summary>
/// A call of two streams. One thread may write while another reads; no two may write, nor two read, at a time. A token given to a
/// write or to a read cancels the whole call when it fires, because half a message cannot be taken back.
/// </summary>
/// <typeparam name="TRequest">The request message.</typeparam>
/// <typeparam name="TResponse">The response message.</typeparam>
public sealed class GrpcDuplexCall<TRequest, TResponse> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>, IBufferMessage
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    readonly ClientCall<TRequest, TResponse> _call;
    readonly OpenContent _requests = new();
    readonly Task _begun;
    bool _completed;

    internal GrpcDuplexCall(ClientCall<TRequest, TResponse> call)
    {
        _call = call;
        _begun = BeginAsync();
    }

    /// <summary>The metadata ahead of the first response. Empty until <see cref="ResponseHeadersAsync"/> or a read has completed.</summary>
    public GrpcMetadata Headers => _call.Headers;

    /// <summary>The metadata behind the last response. Empty until the call has ended.</summary>
    public GrpcMetadata Trailers => _call.Trailers;

    /// <summary>How the call ended; null while a reader has not come to its end.</summary>
    public GrpcStatus? Status => _call.Status;

    /// <summary>Waits for the server's headers, which come with its first response or before it.</summary>
    /// <exception cref="GrpcException">The call failed before them.</exception>
    public async Task<GrpcMetadata> ResponseHeadersAsync(CancellationToken cancellationToken = default)
    {
        await _begun.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _call.Headers;
    }

    /// <summary>Sends a message, and waits while the server is too slow to take more.</summary>
    /// <param name="message">The message. It may be reused when the task completes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="GrpcException">The call has ended; the exception has its status. RESOURCE_EXHAUSTED: the message is too large; the call goes on.</exception>
    /// <exception cref="InvalidOperationException">The call was half-closed.</exception>
    public async ValueTask WriteAsync(TRequest message, CancellationToken cancellationToken = default)
    {
        if (_call.Status is not null) throw _call.Failure();
        if (_completed) throw new InvalidOperationException("The request stream is complete.");
        int size = MessageFrame.SizeOf(message, _call.MaxSendBytes);
        try
        {
            var stream = await _requests.Stream.WaitAsync(cancellationToken).ConfigureAwait(false);
            await MessageContent<TRequest>.WriteAsync(stream, message, size, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw await _call.WriteFailureAsync(e, _begun, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Half-closes: no more requests follow. Responses may. Doing it again does nothing.</summary>
    public Task CompleteAsync()
    {
        _completed = true;
        _requests.Complete();
        return Task.CompletedTask;
    }

    /// <summary>The next response; null once the server has ended the call with OK, and ever after.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="GrpcException">The call failed; reading again says so again.</exception>
    /// <exception cref="OperationCanceledException">This token, or the call's, fired.</exception>
    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (!_begun.IsCompletedSuccessfully) await _begun.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!_begun.IsCompleted)
        {
            throw _call.Fail(e, cancellationToken);
        }

        return await _call.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every response until the end.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="GrpcException">The call failed.</exception>
    public async IAsyncEnumerable<TResponse> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } message) yield return message;
    }

    /// <summary>Cancels the call, unless it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        _requests.Abandon(new OperationCanceledException("The call was disposed."));
        await _begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task BeginAsync()
    {
        try
        {
            await _call.SendAsync(_requests).ConfigureAwait(false);
            if (_call.Status is not null) _requests.Abandon(_call.Failure());
        }
        catch (Exception e)
        {
            _requests.Abandon(e);
            throw;
        }
    }
}
