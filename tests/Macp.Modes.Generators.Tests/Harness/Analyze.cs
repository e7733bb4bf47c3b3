using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>Runs the analyzer of declarations on what a build shows it: the author's files and the generated ones.</summary>
internal static class Analyze
{
    public static Task<ImmutableArray<Diagnostic>> Run(params IReadOnlyList<Source> sources) => Run(Generate.From(sources).Output);

    public static async Task<ImmutableArray<Diagnostic>> Run(Compilation compilation)
    {
        var options = new CompilationWithAnalyzersOptions(
            new([]), (exception, analyzer, _) => throw new InvalidOperationException($"{analyzer} threw", exception), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var found = await compilation.WithAnalyzers([new Rules.ModeAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        return [.. found.OrderBy(d => d.Location.SourceSpan.Start)];
    }
}
