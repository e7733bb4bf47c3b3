namespace Macp.Runtime;

/// <summary>Telling those who watch sessions, in the order of the history, what is durable of it.</summary>
sealed partial class Session
{
    // The last change that was told.
    LifecycleEvent? _announced;

    // The first change whose record may not be durable yet; those after it hang on it. Null when there is none, as nearly always.
    LifecycleEvent? _unannounced;

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
        var change = new LifecycleEvent(this, type, clock, _ticket);
        if (_unannounced is null) Volatile.Write(ref _unannounced, change);
        else _unannounced.Last.After = change;
    }

    /// <summary>Tells what is durable by now: up to this mark, unless records were lost since; then that was settled with the loss.</summary>
    void Announce(Mark mark)
    {
        if (Volatile.Read(ref _unannounced) is null) return;
        lock (_gate)
            if (mark.Epoch == _epoch) Announce(change => change.Ticket <= mark.Ticket);
        feed.Pulse();
    }

    /// <summary>Tells what was durable before a loss, and forgets what was lost.</summary>
    void AnnounceKept()
    {
        Announce(change => history.WhenDurable(change.Ticket).IsCompletedSuccessfully);
        _unannounced = null;
        feed.Pulse();
    }

    void Announce(Predicate<LifecycleEvent> isDurable)
    {
        while (_unannounced is { } change && isDurable(change))
        {
            (_unannounced, change.After) = (change.After, null);
            change.Before = _announced;
            feed.Announce(change);
            Volatile.Write(ref _announced, change);
        }
    }
}
