using System.Text.Json;
using System.Text.Json.Nodes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Cli.Live;

/// <summary>Policies in files: as a server's folder of policies has them, their rules an object; or as <c>macp policy get --json</c> prints them, their rules a text.</summary>
static class PolicyFile
{
    const string Root = "policy", Rules = "rules";

    static readonly JsonDocumentOptions KeysOnce = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a policy. What its rules may be is the runtime's to say.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, or holds no policy; the text names it and the fault.</exception>
    public static async Task<PolicyDescriptor> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string text = await (path == "-" ? TextSource.ReadAsync(path, cancellationToken) : TextSource.ReadFileAsync(path, cancellationToken)).ConfigureAwait(false);
        try
        {
            return Parse(text);
        }
        catch (JsonFormException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text with half a character, written as an escape.
            throw new InvalidDataException($"{path}: it is not JSON: {e.Message}");
        }
    }

    static PolicyDescriptor Parse(string text)
    {
        using var json = JsonDocument.Parse(text, KeysOnce);
        if (json.RootElement.ValueKind is not JsonValueKind.Object) throw new JsonFormException(Root, "must be an object");
        var policy = new JsonObject();
        foreach (var key in json.RootElement.EnumerateObject())
            if (!key.Name.StartsWith('_') && !key.Name.StartsWith('$')) policy[key.Name] = key.NameEquals(Rules) && key.Value.ValueKind is JsonValueKind.Object ? key.Value.GetRawText() : JsonNode.Parse(key.Value.GetRawText());
        return (PolicyDescriptor)MessageJson.Parse(PolicyDescriptor.Descriptor, policy.ToJsonString(), Root);
    }
}
