using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>
/// Finds walks through collections whose order follows hash codes, and those of text differ in every process. Looking up is fine, and so is walking
/// when what comes of it has no order. <c>Dictionary</c> and <c>HashSet</c> are walked in the order of their entries and need no such care.
/// </summary>
static class HashOrderRules
{
    static readonly HashSet<string> HashOrdered = new(StringComparer.Ordinal) { "FrozenDictionary", "FrozenSet", "ImmutableDictionary", "ImmutableHashSet" };

    static readonly HashSet<string> Walks = new(StringComparer.Ordinal) { "GetEnumerator", "Items", "Keys", "Values", "CopyTo" };

    // They walk too, but what they answer is the same in every order.
    static readonly HashSet<string> Orderless = new(StringComparer.Ordinal)
    {
        "All", "Any", "Contains", "Count", "ExceptWith", "IntersectWith", "IsProperSubsetOf", "IsProperSupersetOf", "IsSubsetOf", "IsSupersetOf", "LongCount",
        "Max", "Min", "Order", "OrderBy", "OrderByDescending", "OrderDescending", "Overlaps", "SetEquals", "ToFrozenDictionary", "ToFrozenSet",
        "ToImmutableDictionary", "ToImmutableHashSet", "ToImmutableSortedDictionary", "ToImmutableSortedSet", "UnionWith",
    };

    // The order of what these answer is that of what they are called on; of what they are given they ask for membership only.
    static readonly HashSet<string> OrderedByReceiver = new(StringComparer.Ordinal) { "Except", "Intersect", "SymmetricExcept" };

    static readonly Refusal Refused = new(
        DeterminismRules.NotDeterministic,
        "whose order follows hash codes and differs between runs",
        "Put it in order first, with OrderBy and StringComparer.Ordinal, or keep a SortedDictionary, a Dictionary or a list");

    /// <summary>Why a member may not be used: it hands out entries in the order of hash codes.</summary>
    public static Refusal? Judge(ISymbol member, IOperation use) =>
        Walks.Contains(member.Name) && IsHashOrdered(member.ContainingType) && !IsPutInOrder(use) ? Refused : null;

    /// <summary>Why a collection may not be walked by foreach or by a spread.</summary>
    public static Refusal? JudgeWalk(IOperation collection) => IsHashOrdered(collection.Unwrapped().Type) ? Refused : null;

    /// <summary>Why a collection may not be handed over as a sequence, to LINQ for one.</summary>
    public static Refusal? JudgeConversion(IConversionOperation conversion) =>
        conversion.Type?.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T or SpecialType.System_Collections_IEnumerable
        && IsHashOrdered(conversion.Operand.Type) && conversion.Parent is not (IForEachLoopOperation or ISpreadOperation) && !IsPutInOrder(conversion)
            ? Refused
            : null;

    static bool IsHashOrdered(ITypeSymbol? type)
    {
        for (var t = type as INamedTypeSymbol; t is not null; t = t.BaseType)
            if (t.Arity > 0 && HashOrdered.Contains(t.Name) && t.ContainingNamespace.ToDisplayString() is "System.Collections.Immutable" or "System.Collections.Frozen")
                return true;
        return false;
    }

    static bool IsInside(IOperation value, IOperation place)
    {
        for (IOperation? at = value; at is not null; at = at.Parent)
            if (at == place) return true;
        return false;
    }

    static bool IsPutInOrder(IOperation value)
    {
        var use = value.Parent;
        while (use is IConversionOperation { IsImplicit: true } or IArgumentOperation) use = use.Parent;
        if (use is not IInvocationOperation { TargetMethod: var method } call) return false;
        return Orderless.Contains(method.Name) || (OrderedByReceiver.Contains(method.Name) && !(method.IsExtensionMethod && IsInside(value, call.Arguments[0])));
    }
}
