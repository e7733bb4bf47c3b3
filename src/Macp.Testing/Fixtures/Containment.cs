using System.Text.Json.Nodes;

namespace Macp.Testing.Fixtures;

/// <summary>Whether one JSON value holds another: an object may have further keys, a list further items after those expected.</summary>
static class Containment
{
    /// <summary>The first place where the actual value does not hold the expected one, in words; null when it does.</summary>
    public static string? Missing(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected, actual)
        {
            case (JsonObject expectedObject, JsonObject actualObject):
                foreach (var (key, value) in expectedObject)
                {
                    if (key.StartsWith('_')) continue;
                    if (!actualObject.TryGetPropertyValue(key, out var found)) return $"{path}.{key} is missing";
                    if (Missing(value, found, $"{path}.{key}") is { } inside) return inside;
                }
                return null;
            case (JsonArray expectedItems, JsonArray actualItems):
                if (actualItems.Count < expectedItems.Count) return $"{path} has {actualItems.Count} items, expected {expectedItems.Count}";
                return expectedItems.Select((item, i) => Missing(item, actualItems[i], $"{path}[{i}]")).FirstOrDefault(m => m is not null);
            default:
                return JsonNode.DeepEquals(expected, actual) ? null : $"{path} is {Show(actual)}, expected {Show(expected)}";
        }
    }

    static string Show(JsonNode? node) => node?.ToJsonString() ?? "null";
}
