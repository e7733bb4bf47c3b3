namespace Macp.Client;

/// <summary>
/// When a broken stream is opened again, and after what wait. Failures are counted in a row: the count begins anew with whatever is heard, and when a stream has
/// held for longer than the longest wait, since one on which nothing is said for days is well all the same.
/// </summary>
/// <param name="client">Whose stream it is.</param>
/// <param name="subject">What it is called in the log.</param>
/// <param name="policy">How often, after what, and how long to wait.</param>
/// <param name="call">The credential, which may be one that can be renewed.</param>
sealed class Reopening(MacpClient client, string subject, MacpRetryPolicy policy, MacpCallOptions? call)
{
    // A token that a runtime has taken for so long, and refuses then, has expired: another one may do. Who refuses tokens takes less.
    static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(30);

    readonly TimeProvider _time = client.Options.TimeProvider;
    long? _opened;
    int _failures;
    bool _renewed;

    /// <summary>A stream is about to be opened.</summary>
    public void Opening() => _opened = null;

    /// <summary>It is open.</summary>
    public void Opened() => _opened = _time.GetTimestamp();

    /// <summary>Something came by it.</summary>
    public void Heard() => (_failures, _renewed) = (0, false);

    /// <summary>How long to wait after a failure; null when it is final.</summary>
    /// <exception cref="MacpRetryException">It would be tried again, had it not been tried as often as the policy allows.</exception>
    public TimeSpan? WaitAfter(MacpException failure)
    {
        CountAnewAfterLong();
        if (!_renewed && client.CanRenew(failure, call)) return Told(failure, TimeSpan.Zero, renewed: true);
        if (policy.MaxRetries <= 0 || !policy.Retries(failure)) return null;
        return NextWait() is { } wait ? Told(failure, wait, _renewed) : throw new MacpRetryException(_failures + 1, failure);
    }

    /// <summary>How long to wait after a stream that ended with OK; null when it has ended as often as the policy allows.</summary>
    public TimeSpan? WaitAfterEnd()
    {
        CountAnewAfterLong();
        return NextWait();
    }

    TimeSpan? NextWait() => _failures < policy.MaxRetries ? policy.DelayBefore(_failures++) : null;

    TimeSpan Told(MacpException failure, TimeSpan wait, bool renewed)
    {
        _renewed = renewed;
        client.Telemetry.Reconnecting(subject, wait, failure);
        return wait;
    }

    void CountAnewAfterLong()
    {
        if (_opened is not { } opened) return;
        var held = _time.GetElapsedTime(opened);
        if (held > policy.MaxDelay) _failures = 0;
        if (held > TokenLife) _renewed = false;
    }
}
