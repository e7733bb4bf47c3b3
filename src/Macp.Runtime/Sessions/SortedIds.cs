namespace Macp.Runtime;

/// <summary>The ids of sessions, in ordinal order. A start that adds its id takes no lock and does not sort: whoever lists sorts in what has arrived.</summary>
sealed class SortedIds
{
    readonly Lock _sorting = new();
    Arrived? _arrived;
    SortedSet<string>? _sorted;

    public void Add(string id)
    {
        var arrived = new Arrived(id);
        do arrived.Before = Volatile.Read(ref _arrived);
        while (Interlocked.CompareExchange(ref _arrived, arrived, arrived.Before) != arrived.Before);
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
            _sorted ??= new(StringComparer.Ordinal);
            for (var arrived = Interlocked.Exchange(ref _arrived, null); arrived is not null; arrived = arrived.Before) _sorted.Add(arrived.Id);
            // The view has the bound itself as its first; an id is never empty.
            return _sorted.Max is { } last && string.CompareOrdinal(id, last) < 0
                ? [.. _sorted.GetViewBetween(id, last).SkipWhile(next => next == id).Take(AtATime)]
                : [];
        }
    }

    sealed class Arrived(string id)
    {
        public string Id => id;

        public Arrived? Before { get; set; }
    }
}
