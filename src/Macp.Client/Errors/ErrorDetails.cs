using System.Text.Json;

namespace Macp.Client;

/// <summary>Reads the details of an error: JSON, <c>{"reasons": ["...", ...]}</c>. What is not that has no reasons.</summary>
static class ErrorDetails
{
    public static IReadOnlyList<string> Reasons(ReadOnlySpan<byte> details)
    {
        if (details.IsEmpty) return [];
        try
        {
            var reader = new Utf8JsonReader(details);
            using var json = JsonDocument.ParseValue(ref reader);
            return json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("reasons", out var reasons) && reasons.ValueKind is JsonValueKind.Array
                ? [.. reasons.EnumerateArray().Where(r => r.ValueKind is JsonValueKind.String).Select(r => r.GetString()!)]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string of the JSON is not valid UTF-16 once unescaped.
            return [];
        }
    }
}
