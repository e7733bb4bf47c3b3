using System.Collections.Immutable;
using Macp.Modes.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Macp.Modes.Generators.Rules;

/// <summary>Reports what the reader finds wrong with a mode class. The generator stays silent, so that pragmas and editors work as they should.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. ModeRules.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.Find(Attributes.Mode) is null) return;
        foreach (var finding in ModeReader.Read(type, context.CancellationToken).Findings)
            context.ReportDiagnostic(finding.ToDiagnostic(context.CancellationToken));
    }
}
