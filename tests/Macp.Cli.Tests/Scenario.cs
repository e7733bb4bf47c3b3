using System.Text.Json.Nodes;

namespace Macp.Cli.Tests;

/// <summary>Fixture files, as they are or changed, in a folder of their own.</summary>
sealed class Scenario : IDisposable
{
    public const string Fixture = "decision_every_illegal_message";

    /// <summary>One that binds a policy of its own.</summary>
    public const string Governed = "decision_policy_majority_threshold";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("macp-");

    public string Folder => _folder.FullName;

    public static string Shipped(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json");

    /// <summary>A copy of a fixture with something changed.</summary>
    public string Changed(Action<JsonObject> change, string name = "changed.json", string of = "decision_after_the_commitment")
    {
        var json = JsonNode.Parse(File.ReadAllText(Shipped(of)))!.AsObject();
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
