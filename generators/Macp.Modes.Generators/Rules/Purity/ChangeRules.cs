using Macp.Modes.Generators.Rules.Determinism;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Purity;

/// <summary>A change of something that the code did not make itself.</summary>
sealed record Change(Location Where, IOperation Thing);

/// <summary>Finds what a piece of code changes of all that it is handed.</summary>
sealed class ChangeRules(Vocabulary words, HandWritten handWritten)
{
    readonly Mutability _types = new(words);

    /// <summary>The changes in a member's own code; what it calls is judged by itself.</summary>
    public IEnumerable<Change> In(ISymbol member, CodeFacts facts)
    {
        // Where its values come from is asked of few members: of most that change anything, and of none that do not.
        var origins = new Dictionary<IOperation, Origins>();
        return facts.Acts.SelectMany(act => Judge(act, OriginsOf));

        Origins OriginsOf(IOperation act)
        {
            var body = act;
            while (body.Parent is { } parent) body = parent;
            if (!origins.TryGetValue(body, out var known)) origins.Add(body, known = new(member, body, words, IsFollowed));
            return known;
        }
    }

    /// <summary>The places that an operation writes.</summary>
    public static IEnumerable<IOperation> Written(IOperation act) => act switch
    {
        ISimpleAssignmentOperation { IsRef: true } => [],
        IDeconstructionAssignmentOperation assignment => Elements(assignment.Target),
        IAssignmentOperation assignment => [assignment.Target],
        IIncrementOrDecrementOperation step => [step.Target],
        IEventAssignmentOperation assignment => [assignment.EventReference],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Elements(argument.Value),
        _ => [],
    };

    /// <summary>The parameter that something is reached through, without calls and aliases.</summary>
    public static IParameterSymbol? RootOf(IOperation thing)
    {
        while (Origins.HolderOf(thing) is { } holder) thing = holder;
        return (thing as IParameterReferenceOperation)?.Parameter;
    }

    /// <summary>What people call it: the property, the field, the variable.</summary>
    public static string NameOf(IOperation thing) => thing switch
    {
        IPropertyReferenceOperation { Property.IsIndexer: false } property => property.Property.Name,
        IFieldReferenceOperation field => field.Field.Name,
        IEventReferenceOperation happening => happening.Event.Name,
        ILocalReferenceOperation local => local.Local.Name,
        IParameterReferenceOperation parameter => parameter.Parameter.Name,
        IInstanceReferenceOperation { Type: { } type } => type.Name,
        _ when Origins.HolderOf(thing) is { } holder => NameOf(holder),
        _ => string.Join(" ", thing.Syntax.ToString().Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)),
    };

    IEnumerable<Change> Judge(IOperation act, Func<IOperation, Origins> originsOf) => act switch
    {
        IInvocationOperation { TargetMethod: var method } when Leaves(method) => [],
        IInvocationOperation call => OfCall(call, originsOf(call)),
        IMethodReferenceOperation { Method: var method } when Leaves(method) => [],
        IMethodReferenceOperation reference => OfReference(reference, originsOf(reference)),
        _ => Written(act).Where(place => !originsOf(act).MayWrite(place)).Select(static place => new Change(place.Syntax.GetLocation(), place)),
    };

    IEnumerable<Change> OfCall(IInvocationOperation call, Origins origins)
    {
        var where = CodeWalker.Spot(call.Syntax).GetLocation();
        if (call.Instance is { } instance && ChangesInstance(call.TargetMethod, instance) && !origins.IsMade(instance)) yield return new(where, instance);
        foreach (var argument in call.Arguments)
            if (argument.Parameter is { } parameter && ChangesArgument(call.TargetMethod, parameter) && !origins.IsMade(argument.Value))
                yield return new(where, argument.Value.Unwrapped());
    }

    // Which arguments a delegate will be called with is not known, and they may be anybody's. An extension's instance is an argument.
    IEnumerable<Change> OfReference(IMethodReferenceOperation reference, Origins origins)
    {
        var method = reference.Method.ReducedFrom ?? reference.Method;
        bool changes = method.IsStatic
            ? method.Parameters.Any(p => ChangesArgument(method, p))
            : reference.Instance is { } receiver && ChangesInstance(method, receiver);
        if (changes && (reference.Instance is not { } instance || !origins.IsMade(instance)))
            yield return new(reference.Syntax.GetLocation(), reference.Instance ?? reference);
    }

    // What somebody else's method does to its instance is known by its name alone.
    bool ChangesInstance(IMethodSymbol method, IOperation instance) =>
        !KnownReads.Has(method) && (_types.CanChange(method.ContainingType) || (instance.Type is { } type && _types.CanChange(type)));

    bool ChangesArgument(IMethodSymbol method, IParameterSymbol parameter) =>
        parameter is { RefKind: RefKind.None, OriginalDefinition.Type: var asked } && _types.CanChange(asked)
        && !KnownReads.HasArgumentsOf(method, _types.CanChange(method.ContainingType));

    // People's code is judged where it is written. What is generated for a mode decides and tells, but for the one method that folds.
    bool Leaves(IMethodSymbol method) =>
        IsFollowed(method) || (words.IsSource(method) && method.ContainingType is { } type && words.IsMode(type.Outermost()) && method.Name is not "Evolve");

    bool IsFollowed(IMethodSymbol method) => words.IsSource(method) && handWritten.Includes(method, default);

    static IEnumerable<IOperation> Elements(IOperation target) => target switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(Elements),
        _ => [target],
    };
}
