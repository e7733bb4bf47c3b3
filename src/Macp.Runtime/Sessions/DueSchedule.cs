namespace Macp.Runtime;

/// <summary>
/// Which session has something due, and when. Sessions add themselves and share no lock; the sweeper alone takes them out, and is woken when one is
/// due before it would wake by itself.
/// </summary>
sealed class DueSchedule
{
    const int FewPlaces = 1024;

    readonly WakeUp _wakeUp = new();
    PriorityQueue<DuePlace, long> _places = new();
    DuePlace? _added;
    long _wakesAt = long.MaxValue;
    int _room = FewPlaces;

    /// <summary>Gives a session a place, which it holds until it is taken.</summary>
    public DuePlace Add(Session session, long at)
    {
        var place = new DuePlace(session, at);
        DuePlace? next;
        do place.Next = next = Volatile.Read(ref _added);
        while (Interlocked.CompareExchange(ref _added, place, next) != next);
        // After the place can be seen: the sweeper either takes it in before it sleeps, or has said by now when it wakes.
        if (at < Volatile.Read(ref _wakesAt)) Wake();
        return place;
    }

    /// <summary>Wakes the sweeper.</summary>
    public void Wake() => _wakeUp.Pulse();

    /// <summary>Sweeper only: the sessions that are due. Those that are due again add themselves, and are not among them a second time.</summary>
    public IEnumerable<Session> TakeDueAt(long now)
    {
        TakeIn();
        while (_places.TryPeek(out var place, out long at) && at <= now)
        {
            _places.Dequeue();
            if (place.Take() is { } session) yield return session;
        }
    }

    /// <summary>Sweeper only: what it waits for, and when it has to wake by itself; <see cref="long.MaxValue"/> when nothing will be due.</summary>
    public Task WhenWoken(out long wakesAt)
    {
        var woken = _wakeUp.Next();
        // Whoever adds from here on wakes it, until it knows the earliest.
        Volatile.Write(ref _wakesAt, long.MaxValue);
        TakeIn();
        wakesAt = _places.TryPeek(out _, out long earliest) ? earliest : long.MaxValue;
        Volatile.Write(ref _wakesAt, wakesAt);
        return woken;
    }

    void TakeIn()
    {
        for (var place = Interlocked.Exchange(ref _added, null); place is not null;)
        {
            _places.Enqueue(place, place.At);
            (place, place.Next) = (place.Next, null);
        }
        if (_places.Count <= _room) return;
        // What sessions gave up before its time is thrown out whenever the places have doubled: never more than half, or few.
        _places = new(_places.UnorderedItems.Where(item => item.Element.IsHeld));
        _room = Math.Max(FewPlaces, 2 * _places.Count);
    }
}

/// <summary>A session's place in the schedule. Once taken, by the sweeper or back by the session, it keeps the session no longer.</summary>
sealed class DuePlace(Session session, long at)
{
    Session? _session = session;

    public long At => at;

    /// <summary>The one that was added before it and is not taken in yet.</summary>
    public DuePlace? Next { get; set; }

    public bool IsHeld => Volatile.Read(ref _session) is not null;

    /// <summary>The session; null when it was taken before.</summary>
    public Session? Take() => Interlocked.Exchange(ref _session, null);
}
