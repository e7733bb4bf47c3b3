using System.Text.RegularExpressions;
using Macp.Modes.Generators.Pipeline;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Macp.Modes.Generators.Tests.Diagnosing;

public sealed partial class ReleaseTrackingTests
{
    static readonly DiagnosticDescriptor[] Rules = [.. typeof(ModeGenerator).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !t.IsAbstract)
        .SelectMany(t => ((DiagnosticAnalyzer)Activator.CreateInstance(t)!).SupportedDiagnostics)];

    [Fact]
    public void The_released_and_the_coming_rules_are_exactly_those_of_all_analyzers() => Assert.Equal(
        Rules.Select(r => $"{r.Id} | {r.Category} | {r.DefaultSeverity} | {r.Title}").Order(StringComparer.Ordinal),
        Listed("AnalyzerReleases.Shipped.md").Concat(Listed("AnalyzerReleases.Unshipped.md")).Order(StringComparer.Ordinal));

    [Fact]
    public void Ids_have_their_form_and_are_used_once()
    {
        Assert.All(Rules, rule => Assert.Matches("^MACP[0-9]{4}$", rule.Id));
        Assert.Equal(Rules.Length, Rules.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public void Each_message_ends_as_a_sentence() => Assert.All(Rules, rule => Assert.EndsWith(".", rule.MessageFormat.ToString(), StringComparison.Ordinal));

    static IEnumerable<string> Listed(string file) => Line().Matches(Source.Resource(file)).Select(m => m.Value.TrimEnd());

    [GeneratedRegex("^MACP.*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
