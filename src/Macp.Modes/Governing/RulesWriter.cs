using Macp.Protocol;

namespace Macp.Modes;

/// <summary>Writes values of governance rules as JSON. Generated writers call it.</summary>
public static class RulesWriter
{
    /// <summary>Writes a number; one that JSON cannot say becomes null, which no schema takes.</summary>
    public static void Number(CanonicalJson json, double value) => _ = double.IsFinite(value) ? json.Value(value) : json.Value(null);

    /// <summary>Writes a list of texts.</summary>
    public static void Texts(CanonicalJson json, IReadOnlyList<string> texts)
    {
        json.BeginArray();
        foreach (string text in texts) json.Value(text);
        json.EndArray();
    }

    /// <summary>Writes a table of numbers, its keys in ordinal order.</summary>
    public static void Numbers(CanonicalJson json, IReadOnlyDictionary<string, double> numbers)
    {
        json.BeginObject();
        foreach (var (key, value) in numbers.OrderBy(entry => entry.Key, StringComparer.Ordinal)) Number(json.Key(key), value);
        json.EndObject();
    }
}
