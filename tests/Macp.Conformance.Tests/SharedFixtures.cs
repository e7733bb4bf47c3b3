using System.Text.Json.Nodes;
using Macp.Testing;
using Macp.Tests;

namespace Macp.Conformance.Tests;

/// <summary>The published fixtures and hash vectors, which are no part of the repository.</summary>
public class SharedFixtures
{
    const string Folder = "conformance";

    [SharedFact(Folder)]
    public async Task Every_fixture_without_a_policy_of_its_own_holds() => Assert.All(
        await CheckAsync(json => FixtureReader.IsFixture(json) && json["policy"] is null),
        result => Assert.Equal((result.Name, CheckResult.Pass), result));

    [SharedFact(Folder)]
    public async Task Every_hash_vector_holds() =>
        Assert.All(await CheckAsync(HashVector.IsVector), result => Assert.Equal((result.Name, CheckResult.Pass), result));

    [SharedFact(Folder)]
    public async Task Everything_else_holds_or_is_skipped_with_the_reason() =>
        Assert.All(await CheckAsync(_ => true), result => Assert.True(result.Result.Verdict is CheckVerdict.Pass || (result.Result.Verdict is CheckVerdict.Skip && result.Result.Reason.Length > 0), $"{result}"));

    static async Task<IReadOnlyList<(string Name, CheckResult Result)>> CheckAsync(Func<JsonObject, bool> wanted)
    {
        await using var runtime = await TestRuntime.StartAsync(BuiltIns.AddTo);
        await using var conformance = await Testing.Conformance.ConnectAsync(BuiltIns.Catalog(), runtime.Endpoint);
        var results = new List<(string, CheckResult)>();
        foreach (string path in Directory.GetFiles(SharedFolder.Of(Folder), "*.json", SearchOption.AllDirectories).Where(p => !p.EndsWith("schema.json", StringComparison.Ordinal)).Order())
        {
            var json = FixtureReader.ReadJson(path);
            if (wanted(json)) results.Add((Path.GetFileName(path), await conformance.CheckAsync(Path.GetFileNameWithoutExtension(path), json)));
        }
        Assert.NotEmpty(results);
        return results;
    }
}
