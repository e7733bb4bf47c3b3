namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>A page under docs/ that a test writes.</summary>
internal static class Page
{
    /// <param name="name">The page's path within docs/.</param>
    /// <param name="text">What it must say.</param>
    public static void Matches(string name, string text)
    {
        string path = Path.Combine(Snapshot.ProjectDirectory, "../../docs", name);
        if (Environment.GetEnvironmentVariable("MACP_ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(path, text);

        Assert.True(File.Exists(path) && File.ReadAllText(path) == text, $"docs/{name} is stale; run this test once with MACP_ACCEPT_SNAPSHOTS=1, and commit it");
    }
}
