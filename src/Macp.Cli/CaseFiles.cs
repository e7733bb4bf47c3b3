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
        if (Directory.Exists(path)) return [.. Below(path).Where(file => !IsSchema(file)).Select(Read).Where(file => IsCase(file.Json))];
        if (IsSchema(path) && File.Exists(path)) return [];
        var one = Read(path);
        return IsCase(one.Json) ? [one] : throw new FixtureException($"{path}: it is neither a fixture nor a hash vector");
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

    static (string Name, JsonObject Json) Read(string path) => (Path.GetFileNameWithoutExtension(path), FixtureReader.ReadJson(path));

    static bool IsSchema(string path) => path.EndsWith("schema.json", StringComparison.OrdinalIgnoreCase);

    static bool IsCase(JsonObject json) => FixtureReader.IsFixture(json) || HashVector.IsVector(json);
}
