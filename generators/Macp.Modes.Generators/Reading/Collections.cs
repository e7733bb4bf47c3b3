using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Recognises the collections that a state may hold.</summary>
internal static class Collections
{
    public static (ITypeSymbol Key, ITypeSymbol Value)? TableOf(ITypeSymbol type) =>
        Generic(type, "IReadOnlyDictionary`2") is { } table ? (table.TypeArguments[0], table.TypeArguments[1]) : null;

    public static ITypeSymbol? SetOf(ITypeSymbol type) => Generic(type, "IReadOnlySet`1")?.TypeArguments[0];

    public static ITypeSymbol? ListOf(ITypeSymbol type) =>
        type is IArrayTypeSymbol { Rank: 1 } array ? array.ElementType : Generic(type, "IReadOnlyList`1")?.TypeArguments[0];

    static INamedTypeSymbol? Generic(ITypeSymbol type, string metadataName) =>
        type is INamedTypeSymbol named && IsIt(named, metadataName) ? named : type.AllInterfaces.FirstOrDefault(i => IsIt(i, metadataName));

    static bool IsIt(INamedTypeSymbol type, string metadataName) =>
        type.MetadataName == metadataName && type.ContainingNamespace is { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } };
}
