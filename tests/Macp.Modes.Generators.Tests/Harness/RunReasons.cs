using System.Collections.Immutable;
using Macp.Modes.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>Why the steps of the generator ran: for each of them the reasons of its outputs, in their order.</summary>
internal sealed record RunReasons(string Modes, string Namesakes, string Files, string HasClient, string ClientFiles, string Outputs)
{
    /// <summary>Nothing ran again, or came to the same.</summary>
    public static RunReasons NothingRan { get; } = new("", "", "", "", "", "");

    /// <summary>One mode, written anew: whatever is made of it.</summary>
    public static RunReasons OneModeChanged { get; } = new("Modified", "", "Modified", "", "Modified", "Modified Modified");

    /// <summary>The reasons of a run, those left out that mean that nothing changed.</summary>
    public static RunReasons Of(GeneratorRunResult result) => new(
        Of(result.TrackedSteps, TrackingNames.Modes),
        Of(result.TrackedSteps, TrackingNames.Namesakes),
        Of(result.TrackedSteps, TrackingNames.Files),
        Of(result.TrackedSteps, TrackingNames.HasClient),
        Of(result.TrackedSteps, TrackingNames.ClientFiles),
        Of(result.TrackedOutputSteps.SelectMany(s => s.Value)));

    static string Of(ImmutableDictionary<string, ImmutableArray<IncrementalGeneratorRunStep>> steps, string name) =>
        steps.TryGetValue(name, out var runs) ? Of(runs) : "";

    static string Of(IEnumerable<IncrementalGeneratorRunStep> steps) => string.Join(" ", steps
        .SelectMany(s => s.Outputs)
        .Select(o => o.Reason)
        .Where(r => r is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged)));
}
