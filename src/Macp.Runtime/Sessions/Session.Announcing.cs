namespace Macp.Runtime;

/// <summary>Telling those who watch sessions, in the order of the history, what is durable of it.</summary>
sealed partial class Session
{
    // The last change that was told.
    LifecycleEvent? _announced;

    // The first and the last change whose records may not be durable yet; those in between hang on the first. Null when there are none, as nearly always.
    LifecycleEvent? _unannounced, _lastUnannounced;

    /// <summary>Whether the session has ended, as far as everybody knows.</summary>
    public bool HasEnded => Volatile.Read(ref _announced) is { EndsSession: true };

    /// <summary>The last change that was told before this position of the feed; null when the session did not exist then.</summary>
    public LifecycleEvent? LastBefore(long position)
    {
        lock (_gate)
        {
            var last = _announced;
            while (last is not null && last.Position >= position) last = last.Before;
            return last;
        }
    }

    void Append(HistoryRecord record, long clock)
    {
        _ticket = history.Append(record);
        if (LifecycleEvent.TypeOf(record) is not { } type) return;
        var change = new LifecycleEvent(context, StartedAt, type, clock, _ticket);
        if (_unannounced is null) Volatile.Write(ref _unannounced, change);
        else _lastUnannounced!.After = change;
        _lastUnannounced = change;
    }

    /// <summary>Tells what is durable by now: up to this mark, unless records were lost since; then that was settled with the loss.</summary>
    void Announce(Mark mark)
    {
        if (Volatile.Read(ref _unannounced) is null) return;
        lock (_gate)
            while (mark.Epoch == _epoch && _unannounced is { } change && change.Ticket <= mark.Ticket) AnnounceFirst(change);
        feed.Pulse();
    }

    /// <summary>Tells what was durable before a loss, and forgets what was lost.</summary>
    void AnnounceKept()
    {
        while (_unannounced is { } change && history.WhenDurable(change.Ticket).IsCompletedSuccessfully) AnnounceFirst(change);
        (_unannounced, _lastUnannounced) = (null, null);
        feed.Pulse();
    }

    void AnnounceFirst(LifecycleEvent change)
    {
        (_unannounced, change.After) = (change.After, null);
        change.Before = _announced;
        meter.Changed(change);
        feed.Announce(change);
        Volatile.Write(ref _announced, change);
        if (change.EndsSession) table.Finish(this, change.ObservedAt);
    }
}
