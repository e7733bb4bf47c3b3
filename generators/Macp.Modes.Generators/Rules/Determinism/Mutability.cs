using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Tells values, which stay what they are, from what can be changed by whoever holds it.</summary>
sealed class Mutability(Vocabulary words)
{
    /// <summary>Whether what is reached through a value of this type can change.</summary>
    public bool CanChange(ITypeSymbol type) => IsMutable(type, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default));

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
            "System" => type.Name is "ArraySegment" or "Memory" or "Span" or "Array",
            _ => false,
        };
    }
}
