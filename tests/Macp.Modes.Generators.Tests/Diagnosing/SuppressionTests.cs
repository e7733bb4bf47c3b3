using Macp.Modes.Generators.Rules;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Diagnosing;

/// <summary>Findings are an analyzer's, so whatever silences an analyzer silences them.</summary>
public sealed class SuppressionTests
{
    static readonly Source Wrong = Auction.Source.With("[Required(nameof(BidPayload.BidId))]", "[Required(\"bid_id\")]");

    [Fact]
    public async Task A_pragma_silences_a_finding_on_its_line() =>
        Assert.Empty(await Analyze.Run(Wrong.With("    [Required(\"bid_id\")]", "#pragma warning disable MACP0105\n    [Required(\"bid_id\")]\n#pragma warning restore MACP0105")));

    [Fact]
    public async Task A_pragma_for_another_rule_silences_nothing() =>
        Assert.Single(await Analyze.Run(Wrong.With("    [Required(\"bid_id\")]", "#pragma warning disable MACP0104\n    [Required(\"bid_id\")]\n#pragma warning restore MACP0104")));

    [Fact]
    public async Task An_attribute_silences_a_finding_on_its_member() => Assert.Empty(await Analyze.Run(
        Wrong.With("[Required(\"bid_id\")]", "[Required(\"bid_id\")]\n    [System.Diagnostics.CodeAnalysis.SuppressMessage(\"Macp.Modes\", \"MACP0105\")]")));

    [Theory]
    [InlineData(ReportDiagnostic.Suppress, 0, DiagnosticSeverity.Error)]
    [InlineData(ReportDiagnostic.Warn, 1, DiagnosticSeverity.Warning)]
    public async Task A_project_may_set_a_rule_s_severity(ReportDiagnostic setting, int count, DiagnosticSeverity severity)
    {
        var compilation = Generate.From(Wrong).Output;
        var found = await Analyze.Run(compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default).WithSpecificDiagnosticOptions([new("MACP0105", setting)])));
        Assert.Equal(count, found.Length);
        Assert.All(found, f => Assert.Equal(severity, f.Severity));
    }

    [Fact]
    public void Each_rule_is_on_by_default_and_an_error() =>
        Assert.All(ModeRules.All, rule => Assert.True(rule.IsEnabledByDefault && rule.DefaultSeverity == DiagnosticSeverity.Error));
}
