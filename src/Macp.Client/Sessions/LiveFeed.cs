using System.Runtime.CompilerServices;

namespace Macp.Client;

/// <summary>
/// What an attached session has told since it was attached. A reader is a place in it and a wake-up: a slow one just stands further back, and nobody who
/// comes late has missed anything.
/// </summary>
sealed class LiveFeed
{
    readonly Lock _gate = new();
    readonly List<LiveChange> _changes = [];
    readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _stop = new();
    TaskCompletionSource? _more;
    Exception? _failure;
    bool _ended;

    /// <summary>Completes when the runtime has taken the subscription; fails as the following does before that.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Fires when nobody wants to follow any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Whatever pulls the stream. It never fails; its end is told by <see cref="End"/>.</summary>
    public Task Pulling { get; set; } = Task.CompletedTask;

    /// <summary>How many changes there were.</summary>
    public int Count
    {
        get { lock (_gate) return _changes.Count; }
    }

    public bool IsEnded
    {
        get { lock (_gate) return _ended; }
    }

    public void Begin() => _begun.TrySetResult();

    public void Add(LiveChange change)
    {
        lock (_gate)
        {
            _changes.Add(change);
            Wake();
        }
        Begin();
    }

    /// <param name="failure">What ended it; null where it came to its end or was left.</param>
    public void End(Exception? failure)
    {
        lock (_gate)
        {
            (_ended, _failure) = (true, failure);
            Wake();
        }
        if (failure is null) Begin();
        else _begun.TrySetException(failure);
        // Whoever attached has been told already, or has left.
        _ = _begun.Task.Exception;
    }

    /// <summary>Stops the pulling, and waits until it has.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Pulling.ConfigureAwait(false);
    }

    /// <summary>Every change, from the first one on, until the end.</summary>
    public async IAsyncEnumerable<LiveChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int next = 0; ; next++)
        {
            LiveChange? change;
            while (!TryRead(next, out change, out var more))
            {
                if (more is null) yield break;
                await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            cancellationToken.ThrowIfCancellationRequested();
            yield return change!;
        }
    }

    /// <summary>Completes at the end, or fails as it did.</summary>
    public async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        await Pulling.WaitAsync(cancellationToken).ConfigureAwait(false);
        Rethrow();
    }

    bool TryRead(int index, out LiveChange? change, out Task? more)
    {
        lock (_gate)
        {
            bool isThere = index < _changes.Count;
            change = isThere ? _changes[index] : null;
            more = isThere || _ended ? null : (_more ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            if (!isThere) Rethrow();
            return isThere;
        }
    }

    void Wake()
    {
        _more?.TrySetResult();
        _more = null;
    }

    // Each reader gets an exception of its own stack, and all the same one.
    void Rethrow()
    {
        if (_failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
    }
}
