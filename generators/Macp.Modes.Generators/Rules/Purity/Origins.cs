using Macp.Modes.Generators.Rules.Determinism;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Purity;

/// <summary>
/// Tells what a piece of code made itself from what it was handed. Made is what <c>new</c> and its like answer, and a local that never holds anything
/// else; what is inside of it is not, since anybody may have put it there. All the rest was handed over.
/// </summary>
sealed class Origins(ISymbol owner, IOperation body, Vocabulary words, Func<IMethodSymbol, bool> isFollowed)
{
    readonly Mutability _types = new(words);
    readonly LocalValues _locals = new(body);
    HashSet<ILocalSymbol>? _handed;

    /// <summary>Whether a place may be written: a variable of the code itself, or a part of what it made.</summary>
    public bool MayWrite(IOperation place) => place switch
    {
        ILocalReferenceOperation { Local.RefKind: RefKind.Ref } local => _locals.Of(local.Local) is { Count: > 0 } values && values.All(v => v is not null && MayWrite(v)),
        ILocalReferenceOperation or IParameterReferenceOperation or IDiscardOperation or IDeclarationExpressionOperation => true,
        // What is static belongs to another rule.
        IMemberReferenceOperation { Instance: null } => true,
        // A struct is written where it stands.
        IMemberReferenceOperation { Instance: { Type: { } type } instance } when IsVariable(type) => MayWrite(instance),
        _ when HolderOf(place) is { } holder => IsMade(holder),
        _ => IsMade(place),
    };

    /// <summary>Whether the code made this value itself.</summary>
    public bool IsMade(IOperation value) => value switch
    {
        { ConstantValue.HasValue: true } or IDefaultValueOperation or IThrowOperation => true,
        IArrayCreationOperation or ICollectionExpressionOperation or IWithOperation or IAnonymousObjectCreationOperation or ITypeParameterObjectCreationOperation
            or IInterpolatedStringHandlerCreationOperation => true,
        IObjectCreationOperation creation => !Wraps(creation.Type) || AreMade(creation.Arguments),
        ILocalReferenceOperation local => _locals.Of(local.Local).Count > 0 && !Handed.Contains(local.Local),
        // Whoever passes a struct by reference has been judged for it.
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.Ref or RefKind.Out, Type: var type } } => IsVariable(type),
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } => IsBeingMade(value),
        // So has whoever assigns to a property; and nobody has seen an instance yet that is being constructed.
        IInstanceReferenceOperation => owner is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.PropertySet } or IFieldSymbol or IPropertySymbol,
        IPropertyReferenceOperation { Instance: { } instance } property => IsPartOf(property, instance) && IsMade(instance),
        IInvocationOperation call => IsMadeBy(call),
        IConversionOperation conversion => (conversion.OperatorMethod is not { } conversionMethod || !isFollowed(conversionMethod)) && IsMade(conversion.Operand),
        IConditionalOperation choice => IsMade(choice.WhenTrue) && choice.WhenFalse is { } otherwise && IsMade(otherwise),
        ICoalesceOperation choice => IsMade(choice.Value) && IsMade(choice.WhenNull),
        ISwitchExpressionOperation choice => choice.Arms.All(arm => IsMade(arm.Value)),
        ICoalesceAssignmentOperation assignment => IsMade(assignment.Target) && IsMade(assignment.Value),
        ISimpleAssignmentOperation assignment => IsMade(assignment.Value),
        IConditionalAccessInstanceOperation => HolderOf(value) is { } holder && IsMade(holder),
        _ => value.Syntax.IsKind(SyntaxKind.StackAllocArrayCreationExpression) || value.Syntax.IsKind(SyntaxKind.ImplicitStackAllocArrayCreationExpression),
    };

    /// <summary>What a value is a part of, or stands for; null when it is neither.</summary>
    public static IOperation? HolderOf(IOperation value)
    {
        switch (value)
        {
            case IMemberReferenceOperation member: return member.Instance;
            case IArrayElementReferenceOperation element: return element.ArrayReference;
            case IImplicitIndexerReferenceOperation element: return element.Instance;
            case IConversionOperation conversion: return conversion.Operand;
            case IConditionalAccessOperation access: return access.WhenNotNull;
            case IConditionalAccessInstanceOperation:
                for (var (at, from) = (value.Parent, value); at is not null; (at, from) = (at.Parent, at))
                    if (at is IConditionalAccessOperation access && access.WhenNotNull == from) return access.Operation;
                return null;
            default: return null;
        }
    }

    // Every local is its own until one of its values is not, and a local that takes its value from that one is not either.
    HashSet<ILocalSymbol> Handed
    {
        get
        {
            if (_handed is not null) return _handed;
            _handed = new(SymbolEqualityComparer.Default);
            while (_locals.All.Any(l => !_handed.Contains(l) && !_locals.Of(l).All(v => v is not null && IsMade(v)) && _handed.Add(l))) continue;
            return _handed;
        }
    }

    bool IsMadeBy(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (isFollowed(method)) return false;
        if (KnownReads.MakesNew(method)) return true;
        // A builder answers itself, so that calls make a chain; a span looks at what it was taken of.
        if (method.ContainingType.Is("System.Text.StringBuilder") && method.ReturnType.Is("System.Text.StringBuilder")) return call.Instance is { } builder && IsMade(builder);
        return Wraps(call.Type) && (call.Instance is null || IsMade(call.Instance)) && AreMade(call.Arguments);
    }

    // An initializer may reach into a part of what is being made; whoever makes a thing of nothing has made its parts, and messages copy theirs.
    bool IsBeingMade(IOperation receiver)
    {
        var isPart = false;
        for (var at = receiver.Parent; at is not null; at = at.Parent)
        {
            isPart |= at is IMemberInitializerOperation;
            if (at is IObjectCreationOperation creation) return !isPart || AreMade(creation.Arguments) || (creation.Type is { } type && words.IsMessage(type));
            if (at is IWithOperation or IAnonymousObjectCreationOperation or ITypeParameterObjectCreationOperation) return true;
        }
        return true;
    }

    bool AreMade(IEnumerable<IArgumentOperation> arguments) =>
        arguments.All(a => a.Value.Unwrapped().Type is not { } type || !_types.CanChange(type) || IsMade(a.Value));

    // A message never shares its lists and tables with another, and a span of memory is that memory.
    bool IsPartOf(IPropertyReferenceOperation property, IOperation instance) =>
        Wraps(property.Type)
        || (instance.Type is { } holder && words.IsMessage(holder) && property.Type?.ContainingNamespace?.ToDisplayString() is "Google.Protobuf.Collections");

    // Spans, enumerators and their like: values by their type, and yet they change what they look at.
    bool Wraps(ITypeSymbol? type) => type is INamedTypeSymbol named && !words.IsSource(named)
        && ((named.IsValueType && !named.IsTupleType && _types.CanChange(named)) || named.ContainingNamespace?.ToDisplayString() is "System.Collections.ObjectModel");

    bool IsVariable(ITypeSymbol type) => type.IsValueType && !Wraps(type);
}
