using System.Collections.Immutable;
using Macp.Modes.Generators.Rules.Purity;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>
/// Refuses code that would make a mode's state depend on anything but its history: in the mode, in its rules type, and in whatever they call
/// in the same compilation. A change that no accepted message made is of that kind too.
/// </summary>
/// <remarks>
/// Following calls needs the whole compilation. An action at its end would see all of it, but editors do not run such actions while somebody types.
/// So each file asks for its own part of a survey that is made once a compilation: errors appear while typing, in the file that has them, be
/// it the mode's or a helper's, and pragmas there hold. The price is semantic models of other files (RS1030), of the files that modes reach only.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeterminismAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [DeterminismRules.NotDeterministic, DeterminismRules.StaticState, DeterminismRules.Culture, DeterminismRules.Deferred, PurityRules.Changes];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Vocabulary.Of(start.Compilation) is not { } words) return;

            var survey = new DeterminismSurvey(words, new HandWritten(start.Options.AnalyzerConfigOptionsProvider));
            start.RegisterSemanticModelAction(file =>
            {
                foreach (var diagnostic in survey.In(file.SemanticModel.SyntaxTree, file.CancellationToken)) file.ReportDiagnostic(diagnostic);
            });
        });
    }
}
