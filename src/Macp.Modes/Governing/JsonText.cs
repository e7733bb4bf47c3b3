using System.Text.Json;
using Macp.Protocol;

namespace Macp.Modes;

/// <summary>JSON text with keys in ordinal order and no white space.</summary>
static class JsonText
{
    // A key that stands twice could be read as either.
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The value of a text; null when the text is no JSON.</summary>
    public static JsonElement? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            // Half a character, written as an escape, is only noticed by whoever reads it: better here than after the policy was registered.
            Canonical(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string Canonical(JsonElement value)
    {
        var json = new CanonicalJson();
        Write(json, value);
        return json.ToString();
    }

    static void Write(CanonicalJson json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.BeginObject();
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                    Write(json.Key(property.Name), property.Value);
                json.EndObject();
                break;
            case JsonValueKind.Array:
                json.BeginArray();
                foreach (var item in value.EnumerateArray()) Write(json, item);
                json.EndArray();
                break;
            case JsonValueKind.String: json.Value(value.GetString()); break;
            case JsonValueKind.True or JsonValueKind.False: json.Value(value.GetBoolean()); break;
            case JsonValueKind.Number when value.TryGetInt64(out long integer): json.Value(integer); break;
            case JsonValueKind.Number: RulesWriter.Number(json, value.GetDouble()); break;
            default: json.Value(null); break;
        }
    }
}
