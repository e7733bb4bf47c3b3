using System.Text.Json.Nodes;
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
        await using var runtime = await TestRuntime.StartAsync(BuiltIns.AddTo);
        await using var conformance = await Testing.Conformance.ConnectAsync(BuiltIns.Catalog(), runtime.Endpoint);
        var fixture = FixtureReader.ReadJson(PathOf(name));

        Assert.Equal(CheckResult.Pass, await conformance.CheckAsync(name, fixture));
    }

    [Fact]
    public void Every_code_that_a_message_can_be_refused_with_is_expected_somewhere()
    {
        string[] codes = ["INVALID_ENVELOPE", "FORBIDDEN", "POLICY_DENIED", "SESSION_NOT_OPEN", "SESSION_ALREADY_EXISTS"];

        Assert.Equal(codes.Order(), Read().SelectMany(fixture => fixture.Messages).Select(m => m.ErrorCode).OfType<string>().Distinct().Order());
    }

    [Fact]
    public void Every_refusal_names_the_code_it_expects() =>
        Assert.All(Read().SelectMany(fixture => fixture.Messages), m => Assert.Equal(m.Accepted, m.ErrorCode is null));

    [Fact]
    public void Every_message_type_of_every_mode_is_accepted_somewhere_and_refused_somewhere() => Assert.All(BuiltIns.Catalog().All, mode =>
    {
        var messages = Read().Where(fixture => fixture.Mode == mode.Descriptor.Identifier).SelectMany(fixture => fixture.Messages).ToList();
        Assert.All(mode.Descriptor.Messages.Select(m => m.Type), type => Assert.Equal(
            (type, true, true), (type, messages.Exists(m => m.MessageType == type && m.Accepted), messages.Exists(m => m.MessageType == type && !m.Accepted))));
    });

    [Fact]
    public void Every_fixture_binds_the_policy_it_brings() => Assert.All(Read(), fixture => Assert.Equal(
        (fixture.Name, fixture.PolicyVersion), (fixture.Name, fixture.Policy?.PolicyId ?? "")));

    public static JsonObject Read(string name) => FixtureReader.ReadJson(PathOf(name));

    static IEnumerable<Fixture> Read() => Files().Select(FixtureReader.ReadFile);

    static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json");

    static IEnumerable<string> Files() => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.json").Order(StringComparer.Ordinal);
}
