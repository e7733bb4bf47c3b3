namespace Macp.Grpc.Server;

/// <summary>
/// Decides, for a call that can end from outside, who ends it: its handler, its time or its client. The first one does; the others
/// then find it ended. Whatever touches the response holds <see cref="Gate"/> and looks at <see cref="Ended"/> first, so that nothing
/// touches a response that is complete, or a context that serves the next call.
/// </summary>
sealed class CallLifetime
{
    readonly CancellationTokenSource _source = new();
    CancellationTokenRegistration _aborted, _stopping;
    GrpcServerCall? _call;

    CallLifetime(GrpcServerCall? call) => _call = call;

    /// <summary>The lifetime of a call without one, after its end.</summary>
    public static CallLifetime Over { get; } = OfNobody();

    public static GrpcStatus Cancelled { get; } = new(GrpcStatusCode.Cancelled, "The client cancelled the call.");

    public static GrpcStatus DeadlinePassed { get; } = new(GrpcStatusCode.DeadlineExceeded, "The deadline has passed.");

    /// <summary>A reset by the client, which a read may notice before the call's token fires. It is no failure of the handler.</summary>
    public static GrpcException ClientGone(IOException reset) => new(Cancelled, innerException: reset);

    public Lock Gate { get; } = new();

    public bool Ended => _call is null;

    /// <summary>Why the token fired; null while it has not.</summary>
    public GrpcStatus? Verdict { get; private set; }

    /// <summary>The answer to a call whose time is up, under way or sent.</summary>
    public Task Reply { get; private set; } = Task.CompletedTask;

    public CancellationToken Token => _source.Token;

    public static CallLifetime Of(GrpcServerCall call) => new(call);

    /// <summary>Begins to watch: the client, and for a stream the host's stopping.</summary>
    public void Watch(CancellationToken aborted, CancellationToken stopping)
    {
        _aborted = aborted.UnsafeRegister(static self => ((CallLifetime)self!).Abort(), this);
        _stopping = stopping.UnsafeRegister(static self => ((CallLifetime)self!).Stop(), this);
    }

    /// <summary>The handler is done. False when the call was ended before; then <see cref="Reply"/> is what it got.</summary>
    public bool TryEnd()
    {
        lock (Gate)
        {
            if (Ended) return false;
            _call = null;
            return true;
        }
    }

    /// <summary>Refuses whoever touches the response of a call that has ended. Under the gate.</summary>
    public void ThrowIfEnded()
    {
        if (Ended) throw new OperationCanceledException("The call has ended.", Token);
    }

    /// <summary>Stops to watch.</summary>
    public void Release()
    {
        _aborted.Unregister();
        _stopping.Unregister();
    }

    /// <summary>The call's time is up. It is answered at once, whatever the handler is doing: a client that waits for a deadline waits no longer.</summary>
    public void Expire(GrpcStatus verdict)
    {
        lock (Gate)
        {
            if (_call is not { } call) return;
            _call = null;
            Verdict = verdict;
            call.CancelPending();
            Reply = call.CompleteAsync(verdict);
        }
        _source.Cancel();
    }

    /// <summary>The client is gone: there is nobody left to answer. Whoever notices it first says so: the transport, a reader or a writer.</summary>
    public void Abort()
    {
        lock (Gate)
        {
            if (_call is not { } call) return;
            call.Measure(GrpcStatusCode.Cancelled);
            _call = null;
            Verdict ??= Cancelled;
        }
        _source.Cancel();
    }

    // The handler may still write what it has; then the stream ends with a status instead of a reset.
    void Stop()
    {
        lock (Gate)
        {
            if (_call is not { } call) return;
            Verdict ??= new(GrpcStatusCode.Unavailable, "The server is stopping.");
            call.CancelPending();
        }
        _source.Cancel();
    }

    static CallLifetime OfNobody()
    {
        var over = new CallLifetime(null);
        over._source.Cancel();
        return over;
    }
}
