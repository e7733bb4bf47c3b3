using Macp.Modes.Generators.Reading;
using Macp.Modes.Generators.Rules.Determinism;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Purity;

/// <summary>
/// Follows what refuses and what answers through the code that the other survey has read: a helper that changes what it is handed is fine as long as
/// reducers alone call it.
/// </summary>
sealed class PuritySurvey(Vocabulary words, HandWritten handWritten, IReadOnlyDictionary<ISymbol, CodeFacts> code, Subjects subjects)
{
    readonly HashSet<ISymbol> _judged = new(SymbolEqualityComparer.Default);
    readonly HashSet<Location> _places = [];
    readonly ChangeRules _changes = new(words, handWritten);
    ILookup<ISymbol, ISymbol>? _dispatched;

    /// <summary>The changes that nobody may make, of one mode's members and of what they lead to.</summary>
    public IEnumerable<Diagnostic> Of(IReadOnlyList<ISymbol> members, CancellationToken cancellation)
    {
        var restraints = new Restraints(words, members);
        foreach (var member in members)
        {
            if (restraints.On(member) is { } restraint)
                foreach (var finding in Follow(member, restraint, cancellation)) yield return finding;
            else if (IsReducer(member))
                foreach (var change in _changes.In(member, code[member]).Where(c => IsPayload(ChangeRules.RootOf(c.Thing), member)))
                    if (_places.Add(change.Where)) yield return Report(change, subjects.Of(member, member), Restraint.Payload);
        }
    }

    IEnumerable<Diagnostic> Follow(ISymbol entry, Restraint restraint, CancellationToken cancellation)
    {
        var open = new Queue<ISymbol>([entry]);
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var member = open.Dequeue();
            if (!code.TryGetValue(member, out var facts) || !_judged.Add(member)) continue;

            foreach (var change in _changes.In(member, facts))
                if (_places.Add(change.Where)) yield return Report(change, subjects.Of(entry, member), restraint);
            foreach (var next in LeadsTo(facts)) open.Enqueue(next);
        }
    }

    static Diagnostic Report(Change change, string subject, Restraint restraint) =>
        Diagnostic.Create(PurityRules.Changes, change.Where, subject, ChangeRules.NameOf(change.Thing), restraint.Because, restraint.WayOut);

    // Who reads a property leads to its getter only.
    IEnumerable<ISymbol> LeadsTo(CodeFacts facts)
    {
        var setters = facts.Acts.SelectMany(ChangeRules.Written).OfType<IPropertyReferenceOperation>()
            .Select(static p => p.Property.OriginalDefinition.SetMethod).OfType<ISymbol>();
        var reached = facts.Reaches.Where(static m => m is not IMethodSymbol { MethodKind: MethodKind.PropertySet }).Concat(setters).ToList();
        return reached.Concat(reached.SelectMany(m => Dispatched[m]));
    }

    // An instance in the state may have been made anywhere, so a call of an overridable member means every override.
    ILookup<ISymbol, ISymbol> Dispatched => _dispatched ??= code.Keys
        .SelectMany(static m => Overridden(m).Select(o => (From: o, To: m)))
        .Concat(code.Keys.Select(static m => m.ContainingType).OfType<INamedTypeSymbol>().Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default).SelectMany(Implemented))
        .ToLookup(static d => d.From, static d => d.To, SymbolEqualityComparer.Default);

    static IEnumerable<ISymbol> Overridden(ISymbol member)
    {
        for (var m = (member as IMethodSymbol)?.OverriddenMethod; m is not null; m = m.OverriddenMethod) yield return m.OriginalDefinition;
    }

    IEnumerable<(ISymbol From, ISymbol To)> Implemented(INamedTypeSymbol type) =>
        from declared in type.AllInterfaces.Where(words.IsSource).SelectMany(static i => i.GetMembers())
        let implementation = type.FindImplementationForInterfaceMember(declared)
        where implementation is not null
        select (declared.OriginalDefinition, implementation.OriginalDefinition);

    static bool IsReducer(ISymbol member) => member.GetAttributes().Any(static a => Attributes.Word(a) is Attributes.Message);

    bool IsPayload(IParameterSymbol? parameter, ISymbol reducer) =>
        parameter is not null && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, reducer) && words.IsMessage(parameter.Type);
}
