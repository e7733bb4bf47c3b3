namespace Macp.Modes;

/// <summary>Copies of a state's collections for readers, who may keep them while the state goes on changing.</summary>
public static class ReadOnly
{
    /// <summary>A copy of a list.</summary>
    public static IReadOnlyList<T> List<T>(IEnumerable<T> items) => [.. items];

    /// <summary>A copy of a list whose items are copied too.</summary>
    public static IReadOnlyList<TView> List<T, TView>(IEnumerable<T> items, Func<T, TView> view) => [.. items.Select(view)];

    /// <summary>A copy of a set.</summary>
    public static IReadOnlySet<T> Set<T>(IReadOnlySet<T> items) => items is HashSet<T> set ? new HashSet<T>(set, set.Comparer) : new HashSet<T>(items);

    /// <summary>A copy of a table.</summary>
    public static IReadOnlyDictionary<TKey, TValue> Table<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> items)
        where TKey : notnull => Table(items, static value => value);

    /// <summary>A copy of a table whose values are copied too.</summary>
    public static IReadOnlyDictionary<TKey, TView> Table<TKey, TValue, TView>(IReadOnlyDictionary<TKey, TValue> items, Func<TValue, TView> view)
        where TKey : notnull
    {
        var copy = new Dictionary<TKey, TView>(items.Count, items is Dictionary<TKey, TValue> table ? table.Comparer : null);
        foreach (var (key, value) in items) copy.Add(key, view(value));
        return copy;
    }
}
