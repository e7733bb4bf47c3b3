using Macp.Modes.Generators.Rules;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Diagnosing;

public sealed class RuleTests
{
    public static TheoryData<RuleCase> Cases => [.. RuleCases.All];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_mistake_is_one_error_at_its_place_that_names_the_thing_and_the_way_out(RuleCase rule)
    {
        var source = rule.Source;
        var found = Assert.Single(await Analyze.Run(source, ClientStub.Source));

        Assert.Equal(rule.Id, found.Id);
        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
        Assert.Equal(source.LineOf(rule.At.TrimEnd('\n')), found.Location.GetLineSpan().StartLinePosition.Line + 1);
        Assert.All(rule.Names, name => Assert.Contains(name, found.GetMessage(), StringComparison.Ordinal));
        Assert.EndsWith(".", found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_rest_of_a_class_with_a_mistake_is_generated_where_there_is_a_class_to_add_to(RuleCase rule)
    {
        var files = Generate.From(rule.Source, ClientStub.Source).Files;
        // Without a name, a phase or a state there is nothing to name, move or change; without rules, nothing to govern.
        Assert.Equal(rule.Id is "MACP0002" or "MACP0006" or "MACP0007" ? 0 : Generate.From(Auction.Source, ClientStub.Source).Files.Count - (rule.Id is "MACP0008" or "MACP0403" ? 1 : 0), files.Count);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_mistake_shows_as_an_error_of_generated_code(RuleCase rule)
    {
        // A member that has the name of a generated class leaves two of that name, whatever is done.
        if (rule.New.EndsWith("Validator", StringComparison.Ordinal)) return;
        var generated = Generate.From(rule.Source, ClientStub.Source);
        Assert.DoesNotContain(Compile.Complaints(generated.Output), complaint => complaint.Contains(".g.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_rule_has_a_case_that_breaks_it() =>
        Assert.Equal(ModeRules.All.Select(r => r.Id).Order(StringComparer.Ordinal), RuleCases.All.Select(c => c.Id).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Each_rule_is_among_all_rules_once() => Assert.Equal(
        typeof(ModeRules).GetFields().Where(f => f.FieldType == typeof(DiagnosticDescriptor)).Select(f => ((DiagnosticDescriptor)f.GetValue(null)!).Id).Order(StringComparer.Ordinal),
        ModeRules.All.Select(r => r.Id).Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_class_without_a_mistake_has_no_finding()
    {
        Assert.Empty(await Analyze.Run(Auction.Source, ClientStub.Source));
        Assert.Empty(await Analyze.Run(Source.Decision, ClientStub.Source));
    }

    [Fact]
    public async Task A_record_is_not_a_mode_class() => Assert.Equal(
        ["MACP0001"], (await Analyze.Run(Auction.Source.With("sealed partial class AuctionMode", "sealed partial record AuctionMode"))).Select(d => d.Id));

    [Fact]
    public async Task A_class_in_a_class_is_not_a_mode_class() => Assert.Equal(
        ["MACP0002"], (await Analyze.Run(new Source("Nested.cs", "public static partial class Outer { [Macp.Modes.Mode(\"ext.a.v1\")] public sealed partial class InnerMode { public enum Phase { A } public sealed partial class State; } }"))).Select(d => d.Id));
}
