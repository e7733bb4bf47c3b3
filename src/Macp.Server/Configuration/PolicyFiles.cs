using System.Text;
using System.Text.Json;
using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Server.Configuration;

/// <summary>
/// A folder of policies, one a file, which are then all that there will ever be. Whatever is wrong with one keeps the server from starting: it
/// would be ruled by less than its operator believes.
/// </summary>
sealed class PolicyFiles
{
    const string Variable = "MACP_POLICIES_DIR";

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly JsonDocumentOptions KeysOnce = new() { AllowDuplicateProperties = false };
    static readonly string[] Keys = ["policy_id", "mode", "schema_version", "description", "rules"];

    readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    readonly List<PolicyDescriptor> _policies = [];

    PolicyFiles() { }

    /// <summary>The policies, in the order of their files' paths.</summary>
    public IReadOnlyList<PolicyDescriptor> Policies => _policies;

    /// <summary>Reads every <c>*.json</c> of a folder, but not those of folders in it.</summary>
    /// <exception cref="MacpConfigurationException">The folder or a file cannot be read, or a file is no policy; the text names the variable, the file and the fault.</exception>
    public static PolicyFiles Read(string folder)
    {
        var files = new PolicyFiles();
        foreach (string path in Attempt(folder, () => Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)))
            files.Add(path, Attempt(path, () => Parse(File.ReadAllText(path, StrictUtf8))));
        return files;
    }

    /// <summary>Why the server cannot start with one of these policies, by its file; the exception itself where it is about none.</summary>
    public Exception Explain(InvalidPolicyException fault) => _files.TryGetValue(fault.PolicyId, out string? path) ? Wrong(path, fault.Message) : fault;

    void Add(string path, PolicyDescriptor policy)
    {
        if (!_files.TryAdd(policy.PolicyId, path)) throw Wrong(path, $"policy_id '{policy.PolicyId}' is already that of {_files[policy.PolicyId]}");
        _policies.Add(policy);
    }

    // Closed, as rules are (decisions 17): a key that is written wrong would rule nothing.
    static PolicyDescriptor Parse(string text)
    {
        using var json = JsonDocument.Parse(text, KeysOnce);
        var root = json.RootElement;
        if (root.ValueKind is not JsonValueKind.Object) throw new FormatException("it holds no JSON object");
        foreach (var key in root.EnumerateObject())
            if (!Keys.Contains(key.Name) && !key.Name.StartsWith('_') && !key.Name.StartsWith('$')) throw new FormatException($"'{key.Name}' is no key of a policy; those are {string.Join(", ", Keys)}");
        return new()
        {
            PolicyId = Value(root, "policy_id", JsonValueKind.String, "text").GetString(),
            Mode = Value(root, "mode", JsonValueKind.String, "text").GetString(),
            SchemaVersion = Value(root, "schema_version", JsonValueKind.Number, "1, 2 or 3").TryGetUInt32(out uint version) ? version : throw new FormatException("schema_version must be 1, 2 or 3"),
            Description = Value(root, "description", JsonValueKind.String, "text").GetString(),
            Rules = Value(root, "rules", JsonValueKind.Object, "a JSON object").GetRawText(),
        };
    }

    static JsonElement Value(JsonElement root, string key, JsonValueKind kind, string what)
    {
        if (!root.TryGetProperty(key, out var value)) throw new FormatException($"{key} is missing");
        return value.ValueKind == kind ? value : throw new FormatException($"{key} must be {what}");
    }

    static T Attempt<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DirectoryNotFoundException)
        {
            throw Wrong(path, "there is no such folder");
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(path, "it is not UTF-8 text");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text with half a character, written as an escape.
            throw Wrong(path, $"it is not JSON: {e.Message}");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, e.Message);
        }
    }

    static MacpConfigurationException Wrong(string path, string fault) => new($"{Variable}: {path}: {fault}");
}
