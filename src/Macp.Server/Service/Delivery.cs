using Macp.Grpc;
using Macp.Protocol;
using Macp.Runtime;

namespace Macp.Server.Service;

/// <summary>Brings a stream what its cursor reads, until the session ends, another delivery takes its place, or there is no more to drain.</summary>
sealed class Delivery : IDisposable
{
    readonly SessionCursor _cursor;
    readonly StreamOutput _output;
    readonly TaskCompletionSource _ended;
    readonly CancellationToken _call;
    readonly CancellationTokenSource _stopped, _waits;
    readonly Task _running;

    /// <param name="cursor">Where to read.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="ended">Completes when the session has ended and the client has all of it; fails when the delivery does.</param>
    /// <param name="call">Ends with the call.</param>
    public Delivery(SessionCursor cursor, StreamOutput output, TaskCompletionSource ended, CancellationToken call)
    {
        (_cursor, _output, _ended, _call) = (cursor, output, ended, call);
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(call);
        _waits = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        // On a thread of its own: a long history with a fast reader would keep whoever reads the client's frames from them.
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Ends the delivery between two messages: the client has asked for another. Answers the cursor as it then stands.</summary>
    public async Task<SessionCursor> StopAsync()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        return _cursor;
    }

    /// <summary>Ends the delivery when it has brought what is there by now: the client sends no more.</summary>
    public async Task DrainAsync()
    {
        await _waits.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    /// <summary>Lets go of the call's token. The delivery has stopped.</summary>
    public void Dispose()
    {
        _waits.Dispose();
        _stopped.Dispose();
    }

    async Task RunAsync()
    {
        try
        {
            while (await WaitAsync().ConfigureAwait(false)) await _output.WriteAsync(_cursor, _stopped.Token).ConfigureAwait(false);
            while (await _cursor.HasMoreNowAsync(_stopped.Token).ConfigureAwait(false)) await _output.WriteAsync(_cursor, _stopped.Token).ConfigureAwait(false);
            if (_cursor.HasEnded) _ended.TrySetResult();
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested && !_call.IsCancellationRequested)
        {
            // Another delivery takes over.
        }
        catch (HistoryDamagedException e)
        {
            _ended.TrySetException(Statuses.Exception(GrpcStatusCode.Internal, $"{ErrorCode.InternalError}: {e.Message}"));
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }
    }

    /// <summary>Waits for more; false at the end of the session, or when waiting has no more use.</summary>
    async Task<bool> WaitAsync()
    {
        try
        {
            return await _cursor.WaitToReadAsync(_waits.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_waits.IsCancellationRequested && !_stopped.IsCancellationRequested)
        {
            return false;
        }
    }
}
