using Macp.Modes.Generators.Reading;
using Macp.Modes.Generators.Rules.Determinism;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Purity;

/// <summary>Finds the members of a mode that refuse or answer: all but its reducers.</summary>
sealed class Restraints
{
    static readonly Restraint Query = new("a query is asked at any time and must leave no trace");
    static readonly Restraint Sender = new("a rule about the sender runs before a message is accepted and must leave no trace");
    static readonly Restraint Value = new("a value is read at any time, and reading must leave no trace");

    static readonly Dictionary<string, Restraint> Parts = new(StringComparer.Ordinal)
    {
        [Attributes.Guard] = new("a guard runs before a message is accepted and must leave no trace"),
        [Attributes.StartRule] = new("a start rule runs before a session is accepted and must leave no trace"),
        [Attributes.Commitment] = new("a commitment rule runs before a commitment is accepted and must leave no trace"),
        [Attributes.Policy] = new("a policy is asked before a commitment is accepted and must leave no trace"),
        [Attributes.ComputedPhase] = new("a phase is computed whenever somebody asks for it and must leave no trace"),
        [Attributes.ComesDue] = new("what comes due is worked out in the runtime only, and a replay must come to the same state"),
    };

    readonly Vocabulary _words;
    readonly HashSet<ISymbol> _judgesOfSenders = new(SymbolEqualityComparer.Default);

    /// <summary>Reads which of a mode's members judge the sender: no attribute of their own says so.</summary>
    public Restraints(Vocabulary words, IEnumerable<ISymbol> members)
    {
        _words = words;
        foreach (var reducer in members.OfType<IMethodSymbol>())
            foreach (var reference in reducer.GetAttributes().Where(static a => Attributes.Word(a) is Attributes.References))
                if (reference.NamedText("By") is { } judge) _judgesOfSenders.UnionWith(reducer.ContainingType.GetMembers(judge));
    }

    /// <summary>Why a member must not change what it is handed; null when it may.</summary>
    public Restraint? On(ISymbol member)
    {
        if (member is not IMethodSymbol method) return null;
        foreach (var attribute in method.GetAttributes())
            if (Attributes.Word(attribute) is { } word && Parts.TryGetValue(word, out var part)) return part;
        return _judgesOfSenders.Contains(method) ? Sender
            : ModeMembers.IsQuery(method, _words) ? Query
            // Generated equality and JSON, references, projections: all of them read, and none of them is asked how often.
            : method is { MethodKind: MethodKind.PropertyGet } or { IsOverride: true, Name: "Equals" or "GetHashCode" or "ToString" } ? Value
            : null;
    }
}
