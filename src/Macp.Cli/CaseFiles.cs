using System.Text.Json.Nodes;
using Macp.Testing;

namespace Macp.Cli;

/// <summary>Finds fixtures and hash vectors.</summary>
static class CaseFiles
{
    /// <summary>
    /// The cases at a path: in a folder all those below it, in the order of their names, where schemas and what is neither fixture nor vector do not
    /// count; else the file's own.
    /// </summary>
    /// <exception cref="FixtureException">The path or a file below it cannot be read, or the file holds no case.</exception>
    public static IEnumerable<(string Name, JsonObject Json)> At(string path)
    {
        if (Directory.Exists(path)) return [.. Below(path).Where(file => !IsSchema(file)).SelectMany(InFolder)];
        if (IsSchema(path) && File.Exists(path)) return [];
        var json = FixtureReader.ReadJson(path);
        return IsCase(json) ? [(NameOf(path), json)] : throw new FixtureException($"{path}: it is neither a fixture nor a hash vector");
    }

    static IEnumerable<string> Below(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FixtureException($"{folder}: {e.Message}");
        }
    }

    static IEnumerable<(string Name, JsonObject Json)> InFolder(string path) => FixtureReader.ReadNode(path) is JsonObject json && IsCase(json) ? [(NameOf(path), json)] : [];

    static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    static bool IsSchema(string path) => path.EndsWith("schema.json", StringComparison.OrdinalIgnoreCase);

    static bool IsCase(JsonObject json) => FixtureReader.IsFixture(json) || HashVector.IsVector(json);
}
