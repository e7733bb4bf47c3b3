namespace Macp.Modes;

/// <summary>Compares the collections of two states by what they hold. Tables and sets have no order; lists do.</summary>
public static class Same
{
    /// <summary>Whether two entries that may be missing are both missing, or equal.</summary>
    public static bool OrNull<T>(T? left, T? right, Func<T, T, bool> same)
        where T : class => left is null || right is null ? left is null && right is null : same(left, right);

    /// <summary>Whether two lists hold equal items in the same order.</summary>
    public static bool List<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, T, bool>? same = null)
    {
        same ??= EqualityComparer<T>.Default.Equals;
        if (left.Count != right.Count) return false;
        for (int i = 0; i < left.Count; i++)
            if (!same(left[i], right[i])) return false;
        return true;
    }

    /// <summary>Whether two sets hold equal items.</summary>
    public static bool Set<T>(IReadOnlySet<T> left, IReadOnlySet<T> right) => left.SetEquals(right);

    /// <summary>Whether two tables hold equal values under equal keys.</summary>
    public static bool Table<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> left, IReadOnlyDictionary<TKey, TValue> right, Func<TValue, TValue, bool>? same = null)
        where TKey : notnull
    {
        same ??= EqualityComparer<TValue>.Default.Equals;
        if (left.Count != right.Count) return false;
        foreach (var (key, value) in left)
            if (!right.TryGetValue(key, out var other) || !same(value, other)) return false;
        return true;
    }
}
