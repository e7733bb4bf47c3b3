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

    public static string Canonical(JsonElement value) => new CanonicalJson().Value(value).ToString();
}
