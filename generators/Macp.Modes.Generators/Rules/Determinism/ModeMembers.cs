using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>What must be deterministic to begin with: the members of a mode, of its nested types, and of its rules type.</summary>
static class ModeMembers
{
    /// <summary>The modes of a compilation, always in the same order.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Modes(Vocabulary words, CancellationToken cancellation)
    {
        var modes = new List<INamedTypeSymbol>();
        Collect(words.Compilation.Assembly.GlobalNamespace);
        return [.. modes.OrderBy(static m => m.ToDisplayString(), StringComparer.Ordinal)];

        void Collect(INamespaceOrTypeSymbol place)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var member in place.GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                if (member is INamedTypeSymbol { TypeKind: TypeKind.Class } type && words.IsMode(type)) modes.Add(type);
                else Collect(member);
            }
        }
    }

    /// <summary>The hand-written members that a mode answers for, in the order of their declaration.</summary>
    public static IEnumerable<ISymbol> Of(INamedTypeSymbol mode, Vocabulary words, HandWritten handWritten, CancellationToken cancellation)
    {
        var types = new[] { mode, RulesOf(mode, words) }.Where(t => t is not null && words.IsSource(t)).SelectMany(static t => WithNested(t!));
        return types.SelectMany(static type => type.GetMembers()).Where(m => m is not INamedTypeSymbol && handWritten.Includes(m, cancellation));
    }

    /// <summary>Whether a method is a query: public, static, without an attribute of the vocabulary, and it takes the state first.</summary>
    public static bool IsQuery(IMethodSymbol method, Vocabulary words) =>
        method is { IsStatic: true, DeclaredAccessibility: Accessibility.Public, MethodKind: MethodKind.Ordinary, Parameters.Length: > 0, IsAsync: false, ReturnsVoid: false }
        && words.IsMode(method.ContainingType)
        && method.Parameters[0].Type is INamedTypeSymbol { Name: "State" } state
        && SymbolEqualityComparer.Default.Equals(state.ContainingType, method.ContainingType)
        && !method.GetAttributes().Any(static a => a.AttributeClass?.ContainingNamespace?.ToDisplayString() is "Macp.Modes");

    static INamedTypeSymbol? RulesOf(INamedTypeSymbol mode, Vocabulary words) =>
        words.Declaration(mode)?.NamedArguments.FirstOrDefault(static a => a.Key is "Rules").Value.Value as INamedTypeSymbol;

    static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) =>
        new[] { type }.Concat(type.GetTypeMembers().Where(static t => t.TypeKind is not (TypeKind.Enum or TypeKind.Delegate)).SelectMany(WithNested));
}
