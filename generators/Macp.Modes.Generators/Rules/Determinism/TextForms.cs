using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Which values have one text, whatever the culture.</summary>
sealed class TextForms(Vocabulary words)
{
    static readonly HashSet<string> PlainTypes = new(StringComparer.Ordinal)
    {
        "System.Guid", "System.Version", "System.Int128", "System.UInt128", "System.Numerics.BigInteger", "System.Text.Rune",
    };

    /// <summary>Whether the text of this value is not the same everywhere, or not known here.</summary>
    public bool DependOnCulture(ITypeSymbol? type) =>
        type is not null && Depends(type.WithoutNullable(), new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default));

    /// <summary>Text, truth, whole numbers and names of enums.</summary>
    public static bool IsPlain(ITypeSymbol type) => type.TypeKind is TypeKind.Enum || type.SpecialType switch
    {
        SpecialType.System_String or SpecialType.System_Char or SpecialType.System_Boolean => true,
        >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr => true,
        _ => type is INamedTypeSymbol named && PlainTypes.Contains(named.PlainName()),
    };

    /// <summary>Whether a format brings in the culture's digit groups and signs, where the plain text of the value would not.</summary>
    public static bool IsFormattedByCulture(ITypeSymbol type, string? format) =>
        format is { Length: > 0 } && type.WithoutNullable() is { TypeKind: not TypeKind.Enum } value && IsPlain(value)
        && !value.Is("System.Guid") && "DdXxBb".IndexOf(format[0]) < 0;

    /// <summary>What a sequence is made of; null when the type is none, or is text.</summary>
    public static ITypeSymbol? ItemOf(ITypeSymbol? type) => type switch
    {
        null or { SpecialType: SpecialType.System_String } => null,
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { Name: "ReadOnlySpan" or "Span", TypeArguments.Length: 1 } span => span.TypeArguments[0],
        _ => new[] { type as INamedTypeSymbol }.Concat(type.AllInterfaces)
            .FirstOrDefault(static t => t?.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0],
    };

    /// <summary>The <c>ToString</c> that somebody wrote for this type; null when it is the framework's or the compiler's.</summary>
    public IMethodSymbol? WrittenToString(ITypeSymbol? type)
    {
        for (var t = type?.WithoutNullable(); t is not null && words.IsSource(t); t = t.BaseType)
            if (t.GetMembers(WellKnownMemberNames.ObjectToString).OfType<IMethodSymbol>().FirstOrDefault(IsWritten) is { } written) return written.OriginalDefinition;
        return null;

        static bool IsWritten(IMethodSymbol method) => method is { Parameters.Length: 0, IsStatic: false, IsImplicitlyDeclared: false };
    }

    bool Depends(ITypeSymbol type, HashSet<ITypeSymbol> seen)
    {
        if (!seen.Add(type) || IsPlain(type) || words.IsMessage(type)) return false;
        return type switch
        {
            // Its text is that of whatever it turns out to be.
            { SpecialType: SpecialType.System_Object or SpecialType.System_ValueType } or { TypeKind: TypeKind.Interface or TypeKind.Dynamic } => true,
            ITypeParameterSymbol parameter => !parameter.ConstraintTypes.Any(static t => t.SpecialType is SpecialType.System_Enum),
            INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(e => Depends(e.Type.WithoutNullable(), seen)),
            INamedTypeSymbol named when words.IsSource(named) => WrittenToString(named) is null && Parts(named).Any(t => Depends(t.WithoutNullable(), seen)),
            INamedTypeSymbol { Name: "KeyValuePair" or "Tuple" } pair => pair.TypeArguments.Any(t => Depends(t.WithoutNullable(), seen)),
            _ => type.AllInterfaces.Any(static i => i.Is("System.IFormattable")),
        };
    }

    // What the compiler's ToString of a record or an anonymous type prints.
    static IEnumerable<ITypeSymbol> Parts(INamedTypeSymbol record)
    {
        for (INamedTypeSymbol? t = record; t is { IsRecord: true } or { IsAnonymousType: true }; t = t.BaseType)
            foreach (var member in t.GetMembers().Where(static m => m is { IsStatic: false, DeclaredAccessibility: Accessibility.Public }))
                if (member is IPropertySymbol { IsIndexer: false, IsOverride: false } property) yield return property.Type;
                else if (member is IFieldSymbol field) yield return field.Type;
    }
}
