using System.Text.Json;
using Macp.Client;

namespace Macp.Agents;

/// <summary>An object of a bootstrap file, which is read key by key. What nobody has read, nobody understood.</summary>
sealed class JsonSection(JsonElement json, string path, string source)
{
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public bool Has(string key) => json.TryGetProperty(key, out _);

    public string? Text(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Wrong(key, "must be a text that is not blank");

    public string RequiredText(string key) => Text(key) ?? throw Wrong(key, "is missing");

    public bool? Flag(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "must be true or false");

    public long? Number(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out long number) ? number : throw Wrong(key, "must be a whole number");

    public IReadOnlyList<string>? Texts(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
        : throw Wrong(key, "must be a list of texts");

    public JsonSection? Section(string key) => Find(key) is { } value ? Of(value, PathOf(key)) : null;

    public JsonSection RequiredSection(string key) => Section(key) ?? throw Wrong(key, "is missing");

    public IReadOnlyList<JsonSection> Sections(string key) => Find(key) is not { } value ? []
        : value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray().Select((item, index) => Of(item, $"{PathOf(key)}[{index}]"))] : throw Wrong(key, "must be a list");

    public JsonElement? Any(string key) => Find(key);

    /// <summary>The entries of an object whose keys are the writer's.</summary>
    public IEnumerable<(string Key, JsonElement Value)> Entries()
    {
        foreach (var entry in json.EnumerateObject()) _read.Add(entry.Name);
        return json.EnumerateObject().Select(entry => (entry.Name, entry.Value));
    }

    /// <summary>Leaves keys to others.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys) _read.Add(key);
    }

    /// <exception cref="MacpConfigurationException">There is a key that means nothing here.</exception>
    public void Close()
    {
        foreach (var entry in json.EnumerateObject())
            if (!_read.Contains(entry.Name)) throw Wrong(entry.Name, "is no key of a bootstrap file");
    }

    public MacpConfigurationException Wrong(string key, string what) => new($"The bootstrap file '{source}': {PathOf(key)} {what}.");

    JsonSection Of(JsonElement value, string at) => value.ValueKind is JsonValueKind.Object ? new(value, at, source)
        : throw new MacpConfigurationException($"The bootstrap file '{source}': {at} must be an object.");

    // What is null was not said.
    JsonElement? Find(string key)
    {
        _read.Add(key);
        return json.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
    }

    string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
