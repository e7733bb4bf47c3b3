using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>What runs along with a member, though no call names it.</summary>
static class Companions
{
    /// <summary>The initializers that come with a member, and for a constructor whatever may be called on what it makes.</summary>
    public static IEnumerable<ISymbol> Of(ISymbol member) => member.ContainingType is not { } type ? []
        : member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? Statics(type).Concat(Initialized(type, isStatic: false)).Concat(BaseConstructor(type)).Concat(Dispatched(type))
        : Statics(type);

    // The first use of a type runs its static constructor and initializers.
    static IEnumerable<ISymbol> Statics(INamedTypeSymbol type) => Initialized(type, isStatic: true).Concat(type.StaticConstructors);

    static IEnumerable<ISymbol> Initialized(INamedTypeSymbol type, bool isStatic) =>
        type.GetMembers().Where(m => m is IFieldSymbol { IsConst: false, IsImplicitlyDeclared: false } or IPropertySymbol && m.IsStatic == isStatic);

    static IEnumerable<ISymbol> BaseConstructor(INamedTypeSymbol type) => type.BaseType is { } b ? b.OriginalDefinition.InstanceConstructors.Where(static c => c.Parameters.Length is 0) : [];

    // Which override or implementation a call means is known at run time only, so an instance brings all of its own.
    static IEnumerable<ISymbol> Dispatched(INamedTypeSymbol type) => type.GetMembers().Where(static m => m.IsOverride)
        .Concat(type.AllInterfaces.SelectMany(static i => i.GetMembers()).Select(type.FindImplementationForInterfaceMember).Where(static m => m is { IsStatic: false }))
        .SelectMany(static m => m is IPropertySymbol property ? new ISymbol?[] { property, property.GetMethod, property.SetMethod } : [m])
        .Where(static m => m is not null)
        .Select(static m => m!.OriginalDefinition);
}
