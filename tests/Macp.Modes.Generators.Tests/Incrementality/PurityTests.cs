using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Pipeline;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Incrementality;

public sealed class PurityTests
{
    public static TheoryData<string> Steps => [.. typeof(TrackingNames).GetFields().Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Steps))]
    public void Nothing_of_a_compilation_flows_through_a_named_step(string step)
    {
        var result = Generate.From(Source.Decision, Auction.Source, ClientStub.Source).Result;
        var values = result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Value).ToList();
        Assert.NotEmpty(values);
        Assert.All(values, value => Assert.Equal([], ObjectGraph.Impurities(value)));
    }

    [Fact]
    public void The_walk_finds_a_symbol_in_a_private_field() => Assert.Contains("_held is a", Assert.Single(ObjectGraph.Impurities(new Planted(Symbol()))), StringComparison.Ordinal);

    [Fact]
    public void The_walk_finds_a_symbol_in_a_collection_of_tuples() =>
        Assert.Single(ObjectGraph.Impurities(new EquatableArray<(string, object)>([("a", "b"), ("c", Symbol())])));

    [Fact]
    public void The_walk_finds_a_symbol_in_a_dictionary_s_keys() => Assert.Single(ObjectGraph.Impurities(new Dictionary<object, int> { [Symbol()] = 1 }));

    [Fact]
    public void The_walk_finds_what_a_lambda_captured()
    {
        var symbol = Symbol();
        Func<string> name = () => symbol.Name;
        Assert.NotEmpty(ObjectGraph.Impurities(name));
    }

    [Fact]
    public void The_walk_finds_trees_nodes_locations_and_compilations()
    {
        var compilation = Compile.Of(Auction.Source);
        var tree = compilation.SyntaxTrees[^1];
        Assert.All(new object[] { compilation, tree, tree.GetRoot(), tree.GetRoot().GetLocation(), compilation.GetSemanticModel(tree) }, value => Assert.Single(ObjectGraph.Impurities(value)));
    }

    static INamedTypeSymbol Symbol() => Compile.Of(Auction.Source).GetTypeByMetadataName("App.AuctionMode")!;

    sealed class Planted(ISymbol held)
    {
        readonly ISymbol _held = held;

        public override string ToString() => _held.Name;
    }
}
