using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>The symbols of one compilation that the rules ask for.</summary>
sealed class Vocabulary
{
    readonly INamedTypeSymbol _mode;
    readonly INamedTypeSymbol? _message;

    Vocabulary(Compilation compilation, INamedTypeSymbol mode)
    {
        Compilation = compilation;
        _mode = mode;
        _message = compilation.GetTypeByMetadataName("Google.Protobuf.IMessage");
    }

    public Compilation Compilation { get; }

    /// <summary>The words of a compilation; null when it knows no modes.</summary>
    public static Vocabulary? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Macp.Modes.ModeAttribute") is { } mode ? new(compilation, mode) : null;

    public bool IsMode(INamedTypeSymbol type) => Declaration(type) is not null;

    /// <summary>The <c>[Mode]</c> of a type.</summary>
    public AttributeData? Declaration(INamedTypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(a => SymbolEqualityComparer.Default.Equals(a.AttributeClass, _mode));

    /// <summary>Whether a type is a protobuf message; its code is protobuf's.</summary>
    public bool IsMessage(ITypeSymbol type) => _message is not null && type.AllInterfaces.Contains(_message, SymbolEqualityComparer.Default);

    public bool IsSource(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, Compilation.Assembly);

    public bool IsFramework(IAssemblySymbol assembly) => assembly.Name is "mscorlib" or "netstandard" or "System"
        || assembly.Name.StartsWith("System.", StringComparison.Ordinal) || assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal);
}

/// <summary>Names and kin of symbols.</summary>
static class Symbols
{
    static readonly SymbolDisplayFormat Short = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>As people write it: <c>DateTime.UtcNow</c>, <c>string.Compare</c>, <c>State</c> for its constructor.</summary>
    public static string Readable(this ISymbol symbol) => symbol switch
    {
        IMethodSymbol { AssociatedSymbol: { } owner } => owner.ToDisplayString(Short),
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.Destructor } =>
            symbol.ContainingType.ToDisplayString(Short),
        _ => symbol.ToDisplayString(Short),
    };

    /// <summary>Namespace and name, without type parameters.</summary>
    public static string PlainName(this INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.Name}" : type.Name;

    public static bool Is(this ITypeSymbol? type, string plainName) =>
        type is INamedTypeSymbol named && named.ContainingType is null && named.PlainName() == plainName;

    public static INamedTypeSymbol Outermost(this INamedTypeSymbol type)
    {
        while (type.ContainingType is { } outer) type = outer;
        return type.OriginalDefinition;
    }

    public static bool DerivesFromException(this INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
            if (t.Is("System.Exception")) return true;
        return false;
    }

    /// <summary>Whether a type keeps, sorts or searches collections.</summary>
    public static bool IsCollecting(this INamedTypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString() is "System.Linq" or "System.Collections.Generic" or "System.Collections.Immutable"
        || type.SpecialType is SpecialType.System_Array || type.Is("System.MemoryExtensions");

    /// <summary>What is inside a nullable, or the type itself.</summary>
    public static ITypeSymbol WithoutNullable(this ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    /// <summary>A value before the compiler converted it.</summary>
    public static IOperation Unwrapped(this IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null, IsImplicit: true } conversion) value = conversion.Operand;
        return value;
    }
}
