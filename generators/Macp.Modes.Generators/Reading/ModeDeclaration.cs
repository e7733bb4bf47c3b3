using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Macp.Modes.Generators.Reading;

/// <summary>A mode class as symbols: what the readers share while they read, and nobody keeps.</summary>
internal sealed class ModeDeclaration
{
    // What is generated into the mode class.
    static readonly string[] Generated = ["Validator", "Reducer", "Payloads", "DueMessages", "Descriptor", "Anomalies"];

    ModeDeclaration(INamedTypeSymbol type, AttributeData attribute, INamedTypeSymbol phase, INamedTypeSymbol state, INamedTypeSymbol? rulesType, Findings findings)
    {
        (Type, Attribute, Phase, State, RulesType, Findings) = (type, attribute, phase, state, rulesType, findings);
        Methods = [.. type.GetMembers().OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary && !IsGenerated(m)).InOrder()];
    }

    public INamedTypeSymbol Type { get; }
    public AttributeData Attribute { get; }
    public INamedTypeSymbol Phase { get; }
    public INamedTypeSymbol State { get; }
    public INamedTypeSymbol? RulesType { get; }
    public Findings Findings { get; }

    /// <summary>The author's methods in the order of their declaration, whatever the order of the files.</summary>
    public IReadOnlyList<IMethodSymbol> Methods { get; }

    public IEnumerable<string> PhaseNames => Phase.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue).Select(f => f.Name);

    /// <summary>The class's parts, or null where so much is missing that nothing can be made of it.</summary>
    public static ModeDeclaration? Of(INamedTypeSymbol type, Findings findings, CancellationToken cancellationToken)
    {
        var attributes = AttributesOf(type);
        if (attributes.Length > 1) findings.Add(ModeRules.TwoAttributes, type, attributes[1], type.Name);

        bool stands = type.ContainingType is null && !type.IsGenericType && !type.IsFileLocal && type.Name.Length > 4 && type.Name.EndsWith("Mode", StringComparison.Ordinal);
        if (!stands) findings.Add(ModeRules.WrongPlace, type, type.Name, type.Name.EndsWith("Mode", StringComparison.Ordinal) ? type.Name.Substring(0, type.Name.Length - 4) : type.Name);
        // What is generated goes on without these two words: the compiler asks for 'partial' once, and everybody else keeps what they use.
        if (!type.IsSealed || type.IsRecord || !IsPartial(type, cancellationToken)) findings.Add(ModeRules.NotPartial, type, type.Name);

        var phase = Nested(type, "Phase", t => t is { TypeKind: TypeKind.Enum, DeclaredAccessibility: Accessibility.Public } && t.GetMembers().OfType<IFieldSymbol>().Any(f => f.HasConstantValue));
        if (phase is null) findings.Add(ModeRules.NoPhase, type, type.Name);
        var state = Nested(type, "State", t => t is { TypeKind: TypeKind.Class, DeclaredAccessibility: Accessibility.Public, IsSealed: true, IsRecord: false } && IsPartial(t, cancellationToken)
            && t.InstanceConstructors.Any(c => c.Parameters.IsEmpty));
        if (state is null) findings.Add(ModeRules.NoState, type, type.Name);

        foreach (var member in type.GetMembers().Where(m => Generated.Contains(m.Name) && !IsGenerated(m)))
            findings.Add(ModeRules.NameTaken, member, type.Name, member.Name);
        var rules = attributes[0].Named("Rules") is { Kind: TypedConstantKind.Type } named ? named.Value as INamedTypeSymbol : null;
        if (rules is not null && !ImplementsRules(rules))
        {
            findings.Add(ModeRules.WrongRulesType, type, attributes[0], rules.Name);
            rules = null;
        }
        return stands && !type.IsRecord && phase is not null && state is not null ? new(type, attributes[0], phase, state, rules, findings) : null;
    }

    /// <summary>The class's [Mode] attributes; the first one counts, whatever the order of the files.</summary>
    public static AttributeData[] AttributesOf(INamedTypeSymbol type) =>
    [
        .. type.GetAttributes().Where(a => Attributes.Word(a) == Attributes.Mode)
            .OrderBy(a => a.ApplicationSyntaxReference?.SyntaxTree.FilePath ?? "", StringComparer.Ordinal)
            .ThenBy(a => a.ApplicationSyntaxReference?.Span.Start ?? 0),
    ];

    /// <summary>Whether a symbol comes from a generator: the analyzer sees those, the generator does not.</summary>
    public static bool IsGenerated(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Length > 0 && symbol.DeclaringSyntaxReferences.All(r => r.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));

    static INamedTypeSymbol? Nested(INamedTypeSymbol type, string name, Func<INamedTypeSymbol, bool> accept) =>
        type.GetTypeMembers(name).FirstOrDefault(t => t.Arity == 0 && accept(t));

    static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.DeclaringSyntaxReferences.All(r => r.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    static bool ImplementsRules(INamedTypeSymbol rules) => rules.TypeKind == TypeKind.Class && rules.AllInterfaces.Any(i =>
        i is { MetadataName: "IModeRules`1", ContainingNamespace: { Name: "Modes", ContainingNamespace.Name: "Macp" } }
        && SymbolEqualityComparer.Default.Equals(i.TypeArguments[0], rules));
}

/// <summary>Declaration order that does not depend on the order in which the compiler was given the files.</summary>
internal static class DeclarationOrder
{
    public static IEnumerable<TSymbol> InOrder<TSymbol>(this IEnumerable<TSymbol> symbols)
        where TSymbol : ISymbol => symbols
            .OrderBy(s => s.Locations.FirstOrDefault()?.SourceTree?.FilePath ?? "", StringComparer.Ordinal)
            .ThenBy(s => s.Locations.FirstOrDefault()?.SourceSpan.Start ?? 0);
}
