using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Finds static members whose value, or what their value holds, can change.</summary>
sealed class StaticStateRules(Vocabulary words)
{
    const string ToState = "Keep it in State, or make it const or a readonly value";

    /// <summary>Why a static member is refused; null when what it holds stays what it is.</summary>
    public Refusal? Judge(ISymbol member) => member switch
    {
        IFieldSymbol { IsStatic: true, IsConst: false, IsReadOnly: false } => Refuse("which is static and can be assigned", ToState),
        IFieldSymbol { IsStatic: true, IsConst: false } field when IsMutable(field.Type) => Contents(field.Type),
        IEventSymbol { IsStatic: true } => Refuse("which is a static event", ToState),
        IPropertySymbol { IsStatic: true } property when BackingField(property) is { } field =>
            !field.IsReadOnly ? Refuse("which is static and has a setter", ToState) : IsMutable(field.Type) ? Contents(field.Type) : null,
        _ => null,
    };

    static Refusal Contents(ITypeSymbol type) => Refuse(
        $"which is static and holds a {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} whose contents can change",
        "Make it immutable: an ImmutableArray, a FrozenSet or FrozenDictionary, a read-only interface, or a property that makes a new one");

    static Refusal Refuse(string why, string wayOut) => new(DeterminismRules.StaticState, why, wayOut);

    static IFieldSymbol? BackingField(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .FirstOrDefault(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    bool IsMutable(ITypeSymbol type) => IsMutable(type, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default));

    bool IsMutable(ITypeSymbol type, HashSet<ITypeSymbol> seen)
    {
        type = type.WithoutNullable();
        if (!seen.Add(type)) return false;
        if (type is IArrayTypeSymbol) return true;
        if (type is not INamedTypeSymbol named || type.TypeKind is TypeKind.Enum or TypeKind.Delegate) return false;
        if (words.IsMessage(named) || named.Is("Google.Protobuf.IMessage")) return true;
        if (named.IsTupleType) return named.TupleElements.Any(e => IsMutable(e.Type, seen));
        return words.IsSource(named) ? named.TypeKind is not TypeKind.Interface && HasMutableParts(named, seen) : IsMutableByName(named);
    }

    // A struct in a readonly field cannot be assigned to, but what it refers to may change.
    bool HasMutableParts(INamedTypeSymbol type, HashSet<ITypeSymbol> seen)
    {
        for (INamedTypeSymbol? t = type; t is not null && words.IsSource(t); t = t.BaseType)
            foreach (var field in t.GetMembers().OfType<IFieldSymbol>())
                if (!field.IsStatic && ((!field.IsReadOnly && t.IsReferenceType) || IsMutable(field.Type, seen))) return true;
        return false;
    }

    static bool IsMutableByName(INamedTypeSymbol type)
    {
        if (type.Name is "Builder" or "StringBuilder") return true;
        var isInterface = type.TypeKind is TypeKind.Interface;
        return type.ContainingNamespace?.ToDisplayString() switch
        {
            "System.Collections.Generic" when isInterface => type.Name is "ICollection" or "IList" or "ISet" or "IDictionary",
            "System.Collections.Generic" => !type.Name.EndsWith("Comparer", StringComparison.Ordinal) && type.Name is not "KeyValuePair",
            "System.Collections.ObjectModel" => !type.Name.StartsWith("ReadOnly", StringComparison.Ordinal),
            "System.Collections" => type.Name is "IList" or "IDictionary" || !isInterface,
            "System.Collections.Concurrent" or "System.Text.Json.Nodes" or "Google.Protobuf.Collections" => true,
            "System" => type.Name is "ArraySegment" or "Memory" or "Array",
            _ => false,
        };
    }
}
