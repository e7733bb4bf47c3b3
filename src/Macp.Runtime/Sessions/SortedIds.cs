namespace Macp.Runtime;

/// <summary>The ids of sessions, in ordinal order. A start that adds its id takes no lock and does not sort: whoever lists sorts in what has arrived.</summary>
sealed class SortedIds
{
    // Stands in the place of what arrives, for good.
    static readonly Arrived Closed = new("");

    readonly Lock _sorting = new();
    Arrived? _arrived;
    SortedSet<string>? _sorted;

    /// <summary>Adds an id; false when this was closed.</summary>
    public bool TryAdd(string id)
    {
        var arrived = new Arrived(id);
        do
        {
            arrived.Before = Volatile.Read(ref _arrived);
            if (arrived.Before == Closed) return false;
        }
        while (Interlocked.CompareExchange(ref _arrived, arrived, arrived.Before) != arrived.Before);
        return true;
    }

    /// <summary>Takes out an id.</summary>
    public void Remove(string id)
    {
        lock (_sorting) TakeIn().Remove(id);
    }

    /// <summary>Takes no more ids, if there are none; false when there are.</summary>
    public bool TryClose()
    {
        lock (_sorting) return TakeIn().Count == 0 && Interlocked.CompareExchange(ref _arrived, Closed, null) is null;
    }

    /// <summary>All ids after this one; those that arrive meanwhile may be among them or not.</summary>
    public IEnumerable<string> After(string id)
    {
        while (Next(id) is { Length: > 0 } ids)
        {
            foreach (string next in ids) yield return next;
            id = ids[^1];
        }
    }

    string[] Next(string id)
    {
        const int AtATime = 256;
        lock (_sorting)
        {
            var sorted = TakeIn();
            // The view has the bound itself as its first; an id is never empty.
            return sorted.Max is { } last && string.CompareOrdinal(id, last) < 0
                ? [.. sorted.GetViewBetween(id, last).SkipWhile(next => next == id).Take(AtATime)]
                : [];
        }
    }

    SortedSet<string> TakeIn()
    {
        if (Volatile.Read(ref _arrived) == Closed) return _sorted!;
        _sorted ??= new(StringComparer.Ordinal);
        for (var arrived = Interlocked.Exchange(ref _arrived, null); arrived is not null; arrived = arrived.Before) _sorted.Add(arrived.Id);
        return _sorted;
    }

    sealed class Arrived(string id)
    {
        public string Id => id;

        public Arrived? Before { get; set; }
    }
}
