using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Purity;

/// <summary>The rule that only reducers change the state. A message reads: who changes what; why that is refused; the way out.</summary>
static class PurityRules
{
    public static readonly DiagnosticDescriptor Changes = new(
        "MACP0205",
        "Only a reducer changes the state",
        "{0} changes '{1}', but {2}. {3}.",
        "Macp.Modes",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A refused message leaves no trace, and a replay asks other questions, at other times, than the runtime did. So whatever refuses or answers, and "
        + "whatever it calls, changes only what it made itself, in the same method: by new, a collection expression, ToList, Clone and their like. "
        + "What a method is handed, and what comes out of that, is not its own; a payload is not the reducer's either.");
}

/// <summary>Why a member may not change what it is handed, and what to do instead.</summary>
/// <param name="Because">The reason, as the end of a sentence.</param>
/// <param name="WayOut">What to do instead; a sentence without its full stop.</param>
sealed record Restraint(string Because, string WayOut = "Move the change to the reducer, or change a copy")
{
    public static readonly Restraint Payload = new("a payload is what its sender said, and history keeps it", "Change a copy, made with Clone");
}
