using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Reading;

/// <summary>
/// Judges what a mode class does with its tables and sets of one type: whatever name they go by there, an entry that is in one stays in it. Uses that are
/// known to be harmless are listed; any other is taken to take entries away.
/// </summary>
internal static class TableUses
{
    static readonly HashSet<string> Keeping = new(StringComparer.Ordinal)
        { "Add", "TryAdd", "Contains", "ContainsKey", "ContainsValue", "TryGetValue", "GetEnumerator" };

    /// <summary>Whether all uses of tables of a type are harmless.</summary>
    /// <param name="code">What the class does.</param>
    /// <param name="type">The type of the table.</param>
    /// <param name="property">The property that holds it; another property of the state's, of whatever type, holds another table.</param>
    public static bool AreHarmless(ModeCode code, ITypeSymbol type, IPropertySymbol? property) =>
        IsOfFramework(type) && !code.HandsOn(type) && !code.All.Any(ChangesByInterface)
        && code.All.Where(use => code.Is(use, type) && !IsOther(use, property)).All(use => IsHarmless(code, use));

    /// <summary>Whether a use is that of another property of the same class; each was given a table of its own.</summary>
    public static bool IsOther(IOperation use, IPropertySymbol? property) => property is not null && use is IPropertyReferenceOperation { Property: { SetMethod: null } other }
        && SymbolEqualityComparer.Default.Equals(other.ContainingType, property.ContainingType) && !SymbolEqualityComparer.Default.Equals(other, property);

    static bool IsHarmless(ModeCode code, IOperation use)
    {
        // As something else it may go where only elements are read.
        if (use.Parent is IConversionOperation { IsImplicit: true, OperatorMethod: null } converted)
            return code.Is(converted, use.Type!) || converted.Parent is IForEachLoopOperation
                || (converted.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var reader } } && Reads(reader));

        return use.Parent switch
        {
            INameOfOperation or IExpressionStatementOperation or IForEachLoopOperation or IConditionalAccessOperation or IDeclarationExpressionOperation => true,
            IInvocationOperation { Instance: { } instance } call => instance == use && Keeping.Contains(call.TargetMethod.Name),
            IMethodReferenceOperation { Instance: { } instance } reference => instance == use && Keeping.Contains(reference.Method.Name),
            IPropertyReferenceOperation { Instance: { } instance } => instance == use,
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } } argument =>
                (Keeping.Contains(method.Name) && ModeCode.IsCollections(method)) || (argument.Parameter?.RefKind is RefKind.None && code.Declares(method)),
            // Another name, of the same type.
            IVariableInitializerOperation or ISimpleAssignmentOperation { IsRef: false, Target: ILocalReferenceOperation } => true,
            ICoalesceOperation or IConditionalOperation => true,
            // A property begins with a table that is nobody else's.
            IPropertyInitializerOperation => ModeCode.Unwrapped(use) is IObjectCreationOperation or ICollectionExpressionOperation,
            _ => false,
        };
    }

    // Casts bring what only reads back to what it was; then its type is an interface's, or the table's own.
    static bool ChangesByInterface(IOperation act) => act switch
    {
        IInvocationOperation { Instance.Type.TypeKind: TypeKind.Interface, TargetMethod: var method } => MayChange(method),
        IMethodReferenceOperation { Instance.Type.TypeKind: TypeKind.Interface, Method: var method } => MayChange(method),
        IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: "Remove" } } => true,
        _ => false,
    };

    static bool MayChange(IMethodSymbol method) =>
        method.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) && !Keeping.Contains(method.Name);

    static bool Reads(IMethodSymbol method) => method.ContainingType is { Name: "Enumerable" } linq && linq.ContainingNamespace.ToDisplayString() is "System.Linq"
        || (ModeCode.IsCollections(method) && method.Name is "GetValueOrDefault");

    static bool IsOfFramework(ITypeSymbol type) =>
        type is INamedTypeSymbol { ContainingNamespace: { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } } }
        && type.Name is "Dictionary" or "SortedDictionary" or "HashSet" or "SortedSet";
}
