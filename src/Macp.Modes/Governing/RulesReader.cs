using System.Text.Json;

namespace Macp.Modes;

/// <summary>Reads a rules object that has been judged by its <see cref="RuleSchema"/>. What is not there reads as null.</summary>
public readonly struct RulesReader
{
    readonly JsonElement _rules;

    internal RulesReader(JsonElement rules) => _rules = rules;

    /// <summary>The object at a key; one without keys where there is none.</summary>
    public RulesReader In(string key) => new(Find(key) ?? default);

    /// <summary>True or false at a key.</summary>
    public bool? Flag(string key) => Find(key)?.GetBoolean();

    /// <summary>The integer at a key.</summary>
    public long? Integer(string key) => Find(key) is not { } value ? null : value.TryGetInt64(out long integer) ? integer : (long)value.GetDouble();

    /// <summary>The number at a key.</summary>
    public double? Number(string key) => Find(key)?.GetDouble();

    /// <summary>The text at a key.</summary>
    public string? Text(string key) => Find(key)?.GetString();

    /// <summary>The texts at a key.</summary>
    public IReadOnlyList<string>? Texts(string key) => Find(key) is { } list ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : null;

    /// <summary>The numbers at a key, by name.</summary>
    public IReadOnlyDictionary<string, double>? Numbers(string key) =>
        Find(key) is { } table ? table.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble(), StringComparer.Ordinal) : null;

    JsonElement? Find(string key) => _rules.ValueKind is JsonValueKind.Object && _rules.TryGetProperty(key, out var value) ? value : null;
}
