using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Purity;

/// <summary>
/// Every value that the locals of a piece of code ever hold, in whatever order. Locals that a pattern, a loop, an <c>out</c> or a deconstruction
/// declares are not among them: those were handed what they hold.
/// </summary>
sealed class LocalValues
{
    readonly Dictionary<ILocalSymbol, List<IOperation?>> _values = new(SymbolEqualityComparer.Default);

    public LocalValues(IOperation body)
    {
        var operations = body.DescendantsAndSelf().ToList();
        foreach (var declarator in operations.OfType<IVariableDeclaratorOperation>())
            if (declarator.Parent is IVariableDeclarationOperation)
                _values[declarator.Symbol] = declarator.GetVariableInitializer() is { } value ? [value.Value] : [];
        foreach (var operation in operations) Read(operation);
    }

    public IEnumerable<ILocalSymbol> All => _values.Keys;

    /// <summary>The values of a local; null among them is one that nobody sees here.</summary>
    public IReadOnlyList<IOperation?> Of(ILocalSymbol local) => _values.TryGetValue(local, out var values) ? values : [];

    void Read(IOperation operation)
    {
        if (operation is ISimpleAssignmentOperation { IsRef: true, Target: ILocalReferenceOperation alias } binding) Add(alias.Local, binding.Value);
        foreach (var place in ChangeRules.Written(operation))
            if (place is ILocalReferenceOperation { Local: { RefKind: RefKind.None } local })
                Add(local, operation is ISimpleAssignmentOperation or ICoalesceAssignmentOperation ? ((IAssignmentOperation)operation).Value : null);
    }

    void Add(ILocalSymbol local, IOperation? value)
    {
        if (_values.TryGetValue(local, out var values)) values.Add(value);
    }
}
