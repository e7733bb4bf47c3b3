using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>What runs along with a member, though no call names it.</summary>
static class Companions
{
    /// <summary>The initializers that come with a member, and for a constructor whatever may be called on what it makes.</summary>
    public static IEnumerable<ISymbol> Of(ISymbol member)
    {
        if (member.ContainingType is not { } type) return [];
        if (member is not IMethodSymbol { MethodKind: MethodKind.Constructor }) return Statics(type);
        var inherited = type.BaseType is { } super ? EmptyConstructor(super) : [];
        return Statics(type).Concat(Initialized(type, isStatic: false)).Concat(inherited).Concat(Dispatched(type));
    }

    /// <summary>What a generic member may call on the types it is given, where its constraints let it: <c>new()</c>, and static members of interfaces.</summary>
    public static IEnumerable<ISymbol> OfTypeArguments(ISymbol member)
    {
        var given = member.ContainingType is { } type ? type.TypeParameters.Zip(type.TypeArguments, OfTypeArgument) : [];
        if (member is IMethodSymbol method) given = given.Concat(method.TypeParameters.Zip(method.TypeArguments, OfTypeArgument));
        return given.SelectMany(static members => members);
    }

    static IEnumerable<ISymbol> OfTypeArgument(ITypeParameterSymbol parameter, ITypeSymbol argument)
    {
        if (argument is not INamedTypeSymbol { IsAbstract: false, OriginalDefinition: var type }) return [];
        var made = parameter.HasConstructorConstraint ? EmptyConstructor(type) : [];
        return parameter.ConstraintTypes.IsEmpty ? made : made.Concat(Implementations(type).Where(static m => m.IsStatic).SelectMany(WithAccessors));
    }

    // The first use of a type runs its static constructor and initializers.
    static IEnumerable<ISymbol> Statics(INamedTypeSymbol type) => Initialized(type, isStatic: true).Concat(type.StaticConstructors);

    static IEnumerable<ISymbol> Initialized(INamedTypeSymbol type, bool isStatic) =>
        type.GetMembers().Where(m => m is IFieldSymbol { IsConst: false, IsImplicitlyDeclared: false } or IPropertySymbol && m.IsStatic == isStatic);

    static IEnumerable<ISymbol> EmptyConstructor(INamedTypeSymbol type) => type.OriginalDefinition.InstanceConstructors.Where(static c => c.Parameters.Length is 0);

    // Which override or implementation a call means is known at run time only, so an instance brings all of its own.
    static IEnumerable<ISymbol> Dispatched(INamedTypeSymbol type) =>
        type.GetMembers().Where(static m => m.IsOverride).Concat(Implementations(type).Where(static m => !m.IsStatic)).SelectMany(WithAccessors);

    static IEnumerable<ISymbol> Implementations(INamedTypeSymbol type) =>
        type.AllInterfaces.SelectMany(static i => i.GetMembers()).Select(type.FindImplementationForInterfaceMember).OfType<ISymbol>();

    static IEnumerable<ISymbol> WithAccessors(ISymbol member) =>
        new[] { member, (member as IPropertySymbol)?.GetMethod, (member as IPropertySymbol)?.SetMethod }.OfType<ISymbol>().Select(static m => m.OriginalDefinition);
}
