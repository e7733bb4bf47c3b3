using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Finds orders that nobody has said: text compares by culture unless a comparer says otherwise.</summary>
static class OrderRules
{
    static readonly HashSet<string> OrderingMethods = new(StringComparer.Ordinal)
    {
        "BinarySearch", "Max", "MaxBy", "Min", "MinBy", "Order", "OrderBy", "OrderByDescending", "OrderDescending", "Sort", "ThenBy", "ThenByDescending",
        "ToImmutableSortedDictionary", "ToImmutableSortedSet",
    };

    static readonly HashSet<string> OrderedTypes = new(StringComparer.Ordinal)
    {
        "ImmutableSortedDictionary", "ImmutableSortedSet", "PriorityQueue", "SortedDictionary", "SortedList", "SortedSet",
    };

    // Which type parameter is the key of an order, by the names the framework gives them; the first that is there counts.
    static readonly string[] KeyNames = ["TKey", "TPriority", "TResult", "T", "TSource"];

    /// <summary>Whether this use of a member orders text, or what may be text, without a comparer.</summary>
    public static bool IsUnspecified(ISymbol member, IReadOnlyList<IArgumentOperation> arguments) =>
        Orders(member) && !arguments.Any(IsComparer) && Key(member) is { } key && IsTextual(key);

    /// <summary>Whether values of this type compare as text, or may do.</summary>
    public static bool IsTextual(ITypeSymbol type) => type.WithoutNullable() switch
    {
        { SpecialType: SpecialType.System_String or SpecialType.System_Object } => true,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(static e => IsTextual(e.Type)),
        INamedTypeSymbol { Name: "Tuple" } tuple => tuple.TypeArguments.Any(IsTextual),
        ITypeParameterSymbol parameter => !parameter.HasValueTypeConstraint,
        var other => other.Is("System.IComparable"),
    };

    static bool Orders(ISymbol member)
    {
        var type = member.ContainingType;
        if (member is IPropertySymbol) return member.Name is "Default" && type.Is("System.Collections.Generic.Comparer");
        if (!type.IsCollecting()) return false;
        if (member is IFieldSymbol) return member.Name is "Empty" && OrderedTypes.Contains(type.Name);
        return member is IMethodSymbol method
            && (OrderingMethods.Contains(method.Name)
                || (OrderedTypes.Contains(type.Name) && (method.MethodKind is MethodKind.Constructor || method.Name is "Create" or "CreateRange" or "CreateBuilder")));
    }

    static bool IsComparer(IArgumentOperation argument) =>
        argument.Parameter?.Type is { } type
        && (type.Name is "IComparer" or "Comparison" || type.AllInterfaces.Any(static i => i.Name is "IComparer"))
        && argument.Value.Unwrapped() is not ({ ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation);

    static ITypeSymbol? Key(ISymbol member)
    {
        var method = member as IMethodSymbol;
        foreach (var name in KeyNames)
        {
            var index = method is null ? -1 : IndexOf(method.TypeParameters, name);
            if (index >= 0) return method!.TypeArguments[index];
            index = IndexOf(member.ContainingType.TypeParameters, name);
            if (index >= 0) return member.ContainingType.TypeArguments[index];
        }
        return null;
    }

    static int IndexOf(IReadOnlyList<ITypeParameterSymbol> parameters, string name)
    {
        for (int i = 0; i < parameters.Count; i++)
            if (parameters[i].Name == name) return i;
        return -1;
    }
}
