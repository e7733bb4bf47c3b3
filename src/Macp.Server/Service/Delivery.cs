using Macp.Runtime;

namespace Macp.Server.Service;

/// <summary>Brings a stream what its cursor reads, until the session ends, another delivery takes its place, or there is no more to drain.</summary>
sealed class Delivery
{
    readonly SessionCursor _cursor;
    readonly StreamOutput _output;
    readonly TaskCompletionSource _sessionEnded;
    readonly CancellationToken _call;
    readonly CancellationTokenSource _stopped, _waits;

    public Delivery(SessionCursor cursor, StreamOutput output, TaskCompletionSource sessionEnded, CancellationToken call)
    {
        (_cursor, _output, _sessionEnded, _call) = (cursor, output, sessionEnded, call);
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(call);
        _waits = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        Completion = RunAsync();
    }

    /// <summary>Completes when nothing more will be written.</summary>
    public Task Completion { get; }

    /// <summary>Ends the delivery where it is: the client has asked for another.</summary>
    public void Stop() => _stopped.Cancel();

    /// <summary>Ends the delivery when it has brought what is there by now: the client sends no more.</summary>
    public Task DrainAsync()
    {
        _waits.Cancel();
        return Completion;
    }

    async Task RunAsync()
    {
        try
        {
            while (await WaitAsync().ConfigureAwait(false)) await _output.WriteAsync(_cursor, _stopped.Token).ConfigureAwait(false);
            while (await _cursor.HasMoreNowAsync(_stopped.Token).ConfigureAwait(false)) await _output.WriteAsync(_cursor, _stopped.Token).ConfigureAwait(false);
            if (_cursor.HasEnded) _sessionEnded.TrySetResult();
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested && !_call.IsCancellationRequested)
        {
            // Another delivery has begun.
        }
        catch (Exception e)
        {
            _sessionEnded.TrySetException(e);
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
