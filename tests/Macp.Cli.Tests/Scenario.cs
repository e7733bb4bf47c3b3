using System.Text.Json.Nodes;

namespace Macp.Cli.Tests;

/// <summary>Fixture files, as they are or changed, in a folder of their own.</summary>
sealed class Scenario : IDisposable
{
    public const string Fixture = "decision_every_illegal_message";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("macp-");

    public string Folder => _folder.FullName;

    public static string Shipped(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json");

    /// <summary>A copy of a fixture with something changed.</summary>
    public string Changed(Action<JsonObject> change, string name = "changed.json")
    {
        var json = JsonNode.Parse(File.ReadAllText(Shipped("decision_after_the_commitment")))!.AsObject();
        change(json);
        return Write(name, json.ToJsonString());
    }

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
