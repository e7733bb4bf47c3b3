using System.Text.Json.Nodes;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Conformance.Tests;

/// <summary>The fixtures of this repository, each played over gRPC against a runtime of its own.</summary>
public class OwnFixtures
{
    public static TheoryData<string> All => [.. Files().Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Holds(string name)
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var conformance = await Testing.Conformance.ConnectAsync(new Modes.ModeCatalog().Add<DecisionMode>(), runtime.Endpoint);

        Assert.Equal(CheckResult.Pass, await conformance.CheckAsync(name, FixtureReader.ReadJson(PathOf(name))));
    }

    [Fact]
    public void Every_code_that_a_decision_can_be_refused_with_is_expected_somewhere()
    {
        string[] codes = ["INVALID_ENVELOPE", "FORBIDDEN", "SESSION_NOT_OPEN", "SESSION_ALREADY_EXISTS"];

        Assert.Equal(codes.Order(), Files().SelectMany(path => FixtureReader.ReadFile(path).Messages).Select(m => m.ErrorCode).OfType<string>().Distinct().Order());
    }

    [Fact]
    public void Every_refusal_names_the_code_it_expects() =>
        Assert.All(Files().SelectMany(path => FixtureReader.ReadFile(path).Messages), m => Assert.Equal(m.Accepted, m.ErrorCode is null));

    public static JsonObject Read(string name) => FixtureReader.ReadJson(PathOf(name));

    static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json");

    static IEnumerable<string> Files() => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.json").Order(StringComparer.Ordinal);
}
