using System.Text.Json;
using System.Text.Json.Nodes;

namespace Macp.Testing.Fixtures;

/// <summary>Takes the fields of a JSON object one by one, and names each that is missing, of the wrong type or unknown.</summary>
sealed class JsonFields(string path, JsonObject json)
{
    readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Text(string name) => Optional(name) is { } node ? Value<string>(node, name, "text") : throw Missing(name);

    public string Text(string name, string otherwise) => Optional(name) is { } node ? Value<string>(node, name, "text") : otherwise;

    public string NonEmpty(string name) => Text(name) is { Length: > 0 } text ? text : throw Wrong(name, "must not be empty");

    public long Whole(string name) => Optional(name) is { } node ? Value<long>(node, name, "a whole number") : throw Missing(name);

    public bool? Flag(string name) => Optional(name) is { } node ? Value<bool>(node, name, "true or false") : null;

    public JsonObject? Object(string name) => Optional(name) is { } node ? node as JsonObject ?? throw Wrong(name, "must be an object") : null;

    public JsonFields? Inner(string name) => Object(name) is { } inner ? new($"{path}{name}.", inner) : null;

    public IReadOnlyList<string> Texts(string name) => [.. Array(name).Select((node, i) => node is null ? throw Wrong($"{name}[{i}]", "must be text") : Value<string>(node, $"{name}[{i}]", "text"))];

    public IReadOnlyList<JsonFields> Objects(string name) =>
        [.. Array(name).Select((node, i) => new JsonFields($"{path}{name}[{i}].", node as JsonObject ?? throw Wrong($"{name}[{i}]", "must be an object")))];

    /// <summary>Refuses what was not taken; keys that begin with an underscore are for readers.</summary>
    public void End()
    {
        foreach (var (name, _) in json)
            if (!_taken.Contains(name) && !name.StartsWith('_')) throw Wrong(name, "is not a field of a fixture");
    }

    public FixtureException Wrong(string name, string why) => new($"{path}{name} {why}");

    JsonArray Array(string name) => Optional(name) is { } node ? node as JsonArray ?? throw Wrong(name, "must be a list") : throw Missing(name);

    JsonNode? Optional(string name)
    {
        _taken.Add(name);
        return json[name];
    }

    FixtureException Missing(string name) => Wrong(name, "is missing");

    T Value<T>(JsonNode node, string name, string what) =>
        node is JsonValue value && value.GetValueKind() is not JsonValueKind.Null && value.TryGetValue<T>(out var result) ? result : throw Wrong(name, $"must be {what}");
}
