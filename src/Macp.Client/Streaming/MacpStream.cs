using System.Runtime.CompilerServices;
using Macp.Grpc;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// A two-way stream of one session: frames go out, the session's history and its live messages come in. One thread may read while others
/// send. Items are read from the connection when they are asked for, so a slow reader holds the runtime back and no queue grows. The end
/// is final: behind it every read says the same again, be it the end or the failure.
/// </summary>
public sealed class MacpStream : IAsyncDisposable
{
    /// <summary>Asks the runtime to stream its annotations; others would not expect them (decisions on annotations).</summary>
    internal static readonly (string Key, string Value) WantsAnnotations = (MacpProtocol.AnnotationsHeader, "1");

    readonly GrpcDuplexCall<StreamSessionRequest, StreamSessionResponse> _call;
    readonly MacpAuth _auth;
    readonly TimeProvider _time;
    readonly SemaphoreSlim _writing = new(1, 1);
    readonly OrdinalCount _ordinals = new();
    // Never disposed of: without a timer there is nothing to free.
    readonly CancellationTokenSource _closed = new();
    Task<SessionStreamItem?>? _pending;
    bool _reading, _complete, _disposed, _told;

    internal MacpStream(GrpcDuplexCall<StreamSessionRequest, StreamSessionResponse> call, MacpAuth auth, TimeProvider time) =>
        (_call, _auth, _time) = (call, auth, time);

    /// <summary>The ordinal behind which to subscribe in order to go on: that of the last accepted envelope delivered, or of the subscription. Null where it cannot be counted.</summary>
    public ulong? LastOrdinal => _ordinals.Last;

    /// <summary>Prepares for each item, before anybody sees it. The stream's end cancels it.</summary>
    internal Func<SessionStreamItem, CancellationToken, Task>? Arriving { get; init; }

    /// <summary>Sees each item on its way to the reader.</summary>
    internal Action<SessionStreamItem>? Delivering { get; init; }

    /// <summary>Runs once, when the stream has ended, has failed or is disposed.</summary>
    internal Action? Closing { get; init; }

    /// <summary>Sends an envelope. There is no ack: an accepted one comes back to a subscriber, a refused one as an inline error or as the stream's end.</summary>
    /// <param name="envelope">The envelope; <see cref="MacpClient.CreateEnvelope(string, string, string, Google.Protobuf.IMessage, string, string?)"/> makes one.</param>
    /// <param name="cancellationToken">Ends the wait; when it fires in the middle of a frame, the stream too.</param>
    /// <exception cref="MacpIdentityMismatchException">The envelope names a sender that the stream's credential is not for.</exception>
    /// <exception cref="MacpTransportException">The stream has failed.</exception>
    /// <exception cref="MacpException">The stream has ended, or was half-closed or disposed.</exception>
    public ValueTask SendAsync(Envelope envelope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        _auth.Guard(envelope.Sender);
        return WriteAsync(new() { Envelope = envelope }, null, cancellationToken);
    }

    /// <summary>Subscribes to a session: first its history behind an ordinal, then what is accepted from now on.</summary>
    /// <param name="sessionId">The session. A stream serves one only.</param>
    /// <param name="afterOrdinal">The ordinal, exclusive; 0 for the whole history.</param>
    /// <param name="cancellationToken">Ends the wait; when it fires in the middle of a frame, the stream too.</param>
    /// <exception cref="MacpTransportException">The stream has failed.</exception>
    public ValueTask SubscribeAsync(string sessionId, ulong afterOrdinal = 0, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(sessionId)) throw new MacpConfigurationException("A subscription needs a session id.");
        return WriteAsync(new() { SubscribeSessionId = sessionId, AfterSequence = afterOrdinal }, afterOrdinal, cancellationToken);
    }

    /// <summary>The next item; null at the end.</summary>
    /// <param name="cancellationToken">Ends this wait only: the item that comes later is delivered by the next read.</param>
    /// <exception cref="MacpTransportException">The stream has failed.</exception>
    public ValueTask<SessionStreamItem?> ReadAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>The next item; null at the end.</summary>
    /// <param name="timeout">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends this wait only: the item that comes later is delivered by the next read.</param>
    /// <exception cref="MacpTimeoutException">No item came in time. Nothing is lost.</exception>
    /// <exception cref="MacpTransportException">The stream has failed.</exception>
    public async ValueTask<SessionStreamItem?> ReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, true)) throw new MacpException("The stream is being read already; a stream has one reader.");
        try
        {
            _pending ??= NextAsync();
            var item = await _pending.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
            _pending = null;
            if (item is null) Close();
            else Delivering?.Invoke(item);
            return item;
        }
        catch (TimeoutException e)
        {
            throw new MacpTimeoutException($"The stream delivered nothing within {timeout}.", e);
        }
        catch (MacpException)
        {
            _pending = null;
            Close();
            throw;
        }
        finally
        {
            Volatile.Write(ref _reading, false);
        }
    }

    /// <summary>Every item until the end.</summary>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>. The stream can be read on.</param>
    /// <exception cref="MacpTransportException">The stream has failed.</exception>
    public async IAsyncEnumerable<SessionStreamItem> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } item) yield return item;
    }

    /// <summary>Half-closes: no more frames follow; the runtime ends the stream behind what is on its way. Doing it again does nothing.</summary>
    public async ValueTask CompleteAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_complete) return;
            _complete = true;
            await _call.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Closes the stream at once. A read that waits fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        Close();
        await _closed.CancelAsync().ConfigureAwait(false);
        await _call.DisposeAsync().ConfigureAwait(false);
        // Whoever waited for the next item has left it behind.
        _ = _pending?.Unattended();
    }

    void Close()
    {
        if (!Interlocked.Exchange(ref _told, true)) Closing?.Invoke();
    }

    async ValueTask WriteAsync(StreamSessionRequest frame, ulong? subscribedAfter, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_complete || _disposed) throw Failures.Closed("stream");
            _ordinals.Sending(subscribedAfter);
            await _call.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GrpcException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Translated(e);
        }
        finally
        {
            _writing.Release();
        }
    }

    async Task<SessionStreamItem?> NextAsync()
    {
        try
        {
            while (await _call.ReadAsync().ConfigureAwait(false) is { } response)
            {
                if (ItemOf(response) is not { } item) continue;
                if (Arriving is not null) await Arriving(item, _closed.Token).ConfigureAwait(false);
                return item;
            }
            return null;
        }
        catch (Exception e) when (e is GrpcException or OperationCanceledException)
        {
            throw Translated(e);
        }
    }

    // A frame of a kind that this client does not know says nothing to it.
    SessionStreamItem? ItemOf(StreamSessionResponse response) => response.ResponseCase switch
    {
        StreamSessionResponse.ResponseOneofCase.Error => new SessionStreamItem.InlineError(MacpError.Of(response.Error)),
        StreamSessionResponse.ResponseOneofCase.Envelope when MessageTypes.Annotations.Contains(response.Envelope.MessageType) =>
            new SessionStreamItem.Annotation(response.Envelope),
        StreamSessionResponse.ResponseOneofCase.Envelope => new SessionStreamItem.Accepted(response.Envelope, _ordinals.Next()),
        _ => null,
    };

    // Without the reader's own token, cancellation means that the stream or its client was disposed.
    MacpException Translated(Exception e)
    {
        if (_disposed || e is not GrpcException failure) return Failures.Closed("stream");
        return failure.Status.IsOk ? new MacpException("The runtime has ended the stream.", failure) : Failures.Of(failure, "StreamSession");
    }
}
