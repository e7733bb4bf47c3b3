using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Finds static members whose value, or what their value holds, can change.</summary>
sealed class StaticStateRules(Vocabulary words)
{
    const string ToState = "Keep it in State, or make it const or a readonly value";

    readonly Mutability _types = new(words);

    /// <summary>Why a static member is refused; null when what it holds stays what it is.</summary>
    public Refusal? Judge(ISymbol member) => member switch
    {
        IFieldSymbol { IsStatic: true, IsConst: false, IsReadOnly: false } => Refuse("which is static and can be assigned", ToState),
        IFieldSymbol { IsStatic: true, IsConst: false } field when _types.CanChange(field.Type) => Contents(field.Type),
        IEventSymbol { IsStatic: true } => Refuse("which is a static event", ToState),
        IPropertySymbol { IsStatic: true } property when BackingField(property) is { } field =>
            !field.IsReadOnly ? Refuse("which is static and has a setter", ToState) : _types.CanChange(field.Type) ? Contents(field.Type) : null,
        _ => null,
    };

    static Refusal Contents(ITypeSymbol type) => Refuse(
        $"which is static and holds a {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} whose contents can change",
        "Make it immutable: an ImmutableArray, a FrozenSet or FrozenDictionary, a read-only interface, or a property that makes a new one");

    static Refusal Refuse(string why, string wayOut) => new(DeterminismRules.StaticState, why, wayOut);

    static IFieldSymbol? BackingField(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .FirstOrDefault(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));
}
