using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Why something is refused, whoever uses it.</summary>
/// <param name="Rule">The rule it breaks.</param>
/// <param name="Why">The reason, as the end of a sentence that names the thing: "which differs between runs".</param>
/// <param name="WayOut">What to do instead; a sentence without its full stop.</param>
sealed record Refusal(DiagnosticDescriptor Rule, string Why, string WayOut);

/// <summary>One breach, in one place.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Where">The place; always in a source tree, so that pragmas and editors see it.</param>
/// <param name="What">What the code there does, as a predicate: "calls Guid.NewGuid, which differs between runs".</param>
/// <param name="WayOut">What to do instead.</param>
sealed record Finding(DiagnosticDescriptor Rule, Location Where, string What, string WayOut)
{
    public Diagnostic By(string subject) => Diagnostic.Create(Rule, Where, subject, What, WayOut);
}

/// <summary>What one piece of code does by itself, and which other source symbols it leads to.</summary>
/// <param name="Findings">Its breaches of the rules of determinism.</param>
/// <param name="Reaches">What it leads to.</param>
/// <param name="Acts">What in it may change something: whether that matters depends on who leads to it.</param>
sealed record CodeFacts(IReadOnlyList<Finding> Findings, IReadOnlyList<ISymbol> Reaches, IReadOnlyList<IOperation> Acts);
