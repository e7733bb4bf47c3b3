using System.Globalization;

namespace Macp.Modes;

/// <summary>The order in which canonical JSON writes what has none of its own: by the ordinal order of the text of the key.</summary>
public static class InOrder
{
    /// <summary>The entries of a table, in the order of their keys.</summary>
    public static IEnumerable<KeyValuePair<TKey, TValue>> Of<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> table)
        where TKey : notnull => table.OrderBy(entry => Key(entry.Key), StringComparer.Ordinal);

    /// <summary>The members of a set.</summary>
    public static IEnumerable<T> Of<T>(IReadOnlySet<T> set)
        where T : notnull => set.OrderBy(Key, StringComparer.Ordinal);

    /// <summary>A key as JSON writes it.</summary>
    public static string Key<T>(T key)
        where T : notnull => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";
}
