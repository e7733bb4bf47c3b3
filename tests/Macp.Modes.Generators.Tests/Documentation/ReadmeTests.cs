using Macp.Modes.Generators.Rules.Determinism;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Macp.Modes.Generators.Tests.Documentation;

/// <summary>What the README shows is compiled.</summary>
public sealed class ReadmeTests
{
    const string Head = "using Macp.Modes;\nusing Macp.Wire.Modes.Quorum.V1;\n\nnamespace Example;\n\n";

    static readonly Generated Shown = Generate.From(new Source("SignoffMode.cs", Head + Block(Source.Resource("README.md"))), ClientStub.Source);

    [Fact]
    public void The_mode_on_one_screen_compiles_without_a_warning() => Shown.Compiles();

    [Fact]
    public async Task The_mode_on_one_screen_breaks_no_rule()
    {
        var findings = await Shown.Output.WithAnalyzers([new Rules.ModeAnalyzer(), new DeterminismAnalyzer()], new CompilationWithAnalyzersOptions(new([]), null, false, false))
            .GetAnalyzerDiagnosticsAsync();

        Assert.Empty(findings);
    }

    [Theory]
    [InlineData("class SignoffSession")]
    [InlineData("RequestApprovalAsync(")]
    [InlineData("ApproveAsync(")]
    [InlineData("RejectAsync(")]
    [InlineData("class SignoffProjection")]
    [InlineData("int Approvals")]
    [InlineData("class SignoffHandler")]
    public void What_the_readme_says_is_made_of_it_is_made(string text) => Assert.Contains(Shown.Files.Values, file => file.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void The_mode_on_one_screen_has_at_most_fifty_lines() => Assert.InRange(Block(Source.Resource("README.md")).Split('\n').Length, 1, 50);

    static string Block(string markdown)
    {
        const string open = "```csharp\n";
        int start = markdown.IndexOf(open, StringComparison.Ordinal) + open.Length;
        return markdown[start..markdown.IndexOf("\n```", start, StringComparison.Ordinal)] + "\n";
    }
}
