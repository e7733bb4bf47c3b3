using Macp.Testing;
using Macp.Tests;

namespace Macp.Conformance.Tests;

/// <summary>The published fixtures and hash vectors, which are no part of the repository.</summary>
public class SharedFixtures
{
    const string Folder = "conformance";

    [SharedFact(Folder)]
    public async Task Every_fixture_and_every_hash_vector_holds()
    {
        await using var runtime = await TestRuntime.StartAsync(BuiltIns.AddTo);
        await using var conformance = await Testing.Conformance.ConnectAsync(BuiltIns.Catalog(), runtime.Endpoint);
        var results = new List<(string Name, CheckResult Result)>();
        foreach (string path in Files())
            results.Add((Path.GetFileName(path), await conformance.CheckAsync(Path.GetFileNameWithoutExtension(path), FixtureReader.ReadJson(path))));

        Assert.NotEmpty(results);
        Assert.All(results, result => Assert.Equal((result.Name, CheckResult.Pass), result));
    }

    public static IEnumerable<string> Files() =>
        Directory.GetFiles(SharedFolder.Of(Folder), "*.json", SearchOption.AllDirectories).Where(path => !path.EndsWith("schema.json", StringComparison.Ordinal)).Order();
}
