namespace Macp.Runtime;

/// <summary>
/// Items by name, compared ordinally. While there are few it looks along them: that takes no longer than a table of hashes, and a fraction of its memory.
/// </summary>
struct FewByName<T>
    where T : class
{
    const int Least = 4, Few = 8;

    (string Name, T Item)[]? _few;
    Dictionary<string, T>? _many;
    int _count;

    /// <summary>All items.</summary>
    public readonly IEnumerable<T> Items => _many is not null ? _many.Values : _few?.Take(_count).Select(named => named.Item) ?? [];

    /// <summary>The item of this name; null when there is none.</summary>
    public readonly T? Find(string name)
    {
        if (_many is not null) return _many.GetValueOrDefault(name);
        foreach (ref readonly var named in _few.AsSpan(0, _count))
            if (named.Name == name) return named.Item;
        return null;
    }

    /// <summary>Adds an item; false when there is one of this name.</summary>
    public bool TryAdd(string name, T item)
    {
        if (_many is not null) return _many.TryAdd(name, item);
        if (Find(name) is not null) return false;
        if (_count == Few) return Spread().TryAdd(name, item);
        if (_count == (_few?.Length ?? 0)) Array.Resize(ref _few, Math.Max(Least, _count * 2));
        _few![_count++] = (name, item);
        return true;
    }

    Dictionary<string, T> Spread()
    {
        _many = new(2 * Few, StringComparer.Ordinal);
        foreach (var (name, item) in _few!) _many.Add(name, item);
        _few = null;
        return _many;
    }
}
