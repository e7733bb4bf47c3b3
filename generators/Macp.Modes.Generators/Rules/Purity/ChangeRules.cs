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
        IInvocationOperation call => OfCall(call, originsOf),
        IMethodReferenceOperation { Instance: { } instance } reference when Changes(reference.Method, instance) && !originsOf(act).IsMade(instance) =>
            [new(reference.Syntax.GetLocation(), instance)],
        _ => Written(act).Where(place => !originsOf(act).MayWrite(place)).Select(static place => new Change(place.Syntax.GetLocation(), place)),
    };

    IEnumerable<Change> OfCall(IInvocationOperation call, Func<IOperation, Origins> originsOf)
    {
        var method = call.TargetMethod;
        if (IsFollowed(method)) yield break;

        var where = CodeWalker.Spot(call.Syntax).GetLocation();
        if (call.Instance is { } instance && Changes(method, instance) && !originsOf(call).IsMade(instance)) yield return new(where, instance);
        if (KnownReads.HasArgumentsOf(method, _types.CanChange(method.ContainingType))) yield break;
        foreach (var argument in call.Arguments)
            if (argument.Parameter is { RefKind: RefKind.None, OriginalDefinition.Type: var asked } && _types.CanChange(asked) && !originsOf(call).IsMade(argument.Value))
                yield return new(where, argument.Value.Unwrapped());
    }

    // What somebody else's method does to its instance is known by its name alone.
    bool Changes(IMethodSymbol method, IOperation instance) =>
        !IsFollowed(method) && !KnownReads.Has(method)
        && (_types.CanChange(method.ContainingType) || (instance.Type is { } type && _types.CanChange(type)));

    // What people wrote in this compilation is judged where it is written.
    bool IsFollowed(IMethodSymbol method) => words.IsSource(method) && handWritten.Includes(method, default);

    static IEnumerable<IOperation> Elements(IOperation target) => target switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(Elements),
        _ => [target],
    };
}
