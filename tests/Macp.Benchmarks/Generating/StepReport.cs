using System.Collections.Immutable;
using Macp.Modes.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace Macp.Benchmarks.Generating;

/// <summary>Which steps of the generator an unrelated edit re-runs: none should give anything new.</summary>
static class StepReport
{
    /// <summary>Prints a line for each step with a name and one for the outputs.</summary>
    /// <returns>0 when nothing gave anything new, else 1.</returns>
    public static int Print(TextWriter output)
    {
        int changed = 0;
        foreach (int modes in (int[])[10, 100])
        {
            var project = new ManyModes(modes);
            var cold = ManyModes.Driver(new ModeGenerator(), trackSteps: true).RunGeneratorsAndUpdateCompilation(project.Fresh(), out var compiled, out _);
            int errors = compiled.GetDiagnostics().Count(static d => d.Severity is DiagnosticSeverity.Error);
            var first = cold.GetRunResult().Results.Single();
            output.WriteLine($"{modes} modes: {first.GeneratedSources.Length} files of {first.GeneratedSources.Sum(static s => s.SourceText.Length) / 1024} KiB, compiled with {errors} errors");

            var again = cold.RunGenerators(project.Edited()).GetRunResult().Results.Single();
            foreach (var (name, steps) in again.TrackedSteps.Where(static s => s.Value.Length > 0).OrderBy(static s => s.Key, StringComparer.Ordinal))
                if (TrackedNames.Contains(name)) changed += Report(name, steps);
            changed += Report("outputs", [.. again.TrackedOutputSteps.SelectMany(static s => s.Value)]) + errors;
        }
        return changed == 0 ? 0 : 1;

        int Report(string name, ImmutableArray<IncrementalGeneratorRunStep> steps)
        {
            var reasons = steps.SelectMany(static s => s.Outputs).Select(static o => o.Reason).ToArray();
            int cached = reasons.Count(static r => r is IncrementalStepRunReason.Cached), same = reasons.Count(static r => r is IncrementalStepRunReason.Unchanged);
            output.WriteLine($"  {name,-12} {reasons.Length,4}: {cached} cached, {same} run with the same result, {reasons.Length - cached - same} changed");
            return reasons.Length - cached - same;
        }
    }

    static readonly string[] TrackedNames = ["Modes", "Namesakes", "Files", "HasClient", "ClientFiles"];
}
