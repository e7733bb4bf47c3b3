using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Determinism;

// What is used, what is refused, what is followed.
sealed partial class CodeWalker(ISymbol owner, Vocabulary words, Func<ISymbol, bool> isDeclaredByMode)
{
    static readonly Refusal Dynamic = new(DeterminismRules.NotDeterministic, "which is reflection", "Give it a type");
    static readonly Refusal Raw = new(DeterminismRules.NotDeterministic, "which is not known to be deterministic", "Call a method, or a delegate");
    static readonly Refusal Locked = new(
        DeterminismRules.NotDeterministic, "which belongs to threads, while a mode runs on one", "Take the lock away: nobody else is there");

    readonly Vocabulary _words = words;
    readonly TextForms _texts = new(words);
    readonly CultureRules _culture = new(new TextForms(words));
    readonly StaticStateRules _static = new(words);
    readonly List<Finding> _findings = [];
    readonly List<ISymbol> _reaches = [];
    readonly List<IOperation> _acts = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<ISymbol> Reaches => _reaches;

    public IReadOnlyList<IOperation> Acts => _acts;

    // A hash code serves the tables of one process: computing one, for the sake of Equals, is fine; asking for one is not.
    bool ComputesHashCode => owner.Name is WellKnownMemberNames.ObjectGetHashCode;

    public override void VisitAnonymousFunction(IAnonymousFunctionOperation operation)
    {
        base.VisitAnonymousFunction(operation);
        if (DeferredRules.JudgeAsync(operation.Symbol) is { } refusal) Refuse(operation, "has an asynchronous lambda", refusal);
    }

    public override void VisitLocalFunction(ILocalFunctionOperation operation)
    {
        base.VisitLocalFunction(operation);
        if (DeferredRules.JudgeAsync(operation.Symbol) is { } refusal) Refuse(operation, $"has '{operation.Symbol.Name}', which is asynchronous", refusal);
        if (operation.Symbol.IsExtern) Refuse(operation, $"has '{operation.Symbol.Name}'", DeclarationRules.Native);
    }

    public override void VisitLock(ILockOperation operation)
    {
        base.VisitLock(operation);
        Refuse(operation.LockedValue, "takes a lock", Locked);
    }

    public override void VisitDynamicInvocation(IDynamicInvocationOperation operation) => Refuse(operation, "makes a dynamic call", Dynamic);

    public override void VisitDynamicMemberReference(IDynamicMemberReferenceOperation operation) => Refuse(operation, "reads a dynamic member", Dynamic);

    public override void VisitDynamicObjectCreation(IDynamicObjectCreationOperation operation) => Refuse(operation, "creates by a dynamic call", Dynamic);

    public override void VisitDynamicIndexerAccess(IDynamicIndexerAccessOperation operation) => Refuse(operation, "reads by a dynamic index", Dynamic);

    public override void VisitFunctionPointerInvocation(IFunctionPointerInvocationOperation operation) => Refuse(operation, "calls a function pointer", Raw);

    // nameof runs nothing, and neither does typeof.
    public override void VisitNameOf(INameOfOperation operation)
    {
    }

    void Use(IOperation operation, ISymbol member, IOperation? instance, IReadOnlyList<IArgumentOperation> arguments)
    {
        _reaches.AddRange(Companions.OfTypeArguments(member));
        if (member is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction }) return;
        if (member is IMethodSymbol { Name: WellKnownMemberNames.ObjectGetHashCode } && !ComputesHashCode)
            Refuse(operation, member, RefusedApi.HashCode);
        else if (_words.IsSource(member))
            UseSource(operation, member);
        else
            UseOther(operation, member, instance, arguments);
    }

    void UseSource(IOperation operation, ISymbol member)
    {
        var declared = member.OriginalDefinition;
        // A static member of the mode itself is refused where it is declared.
        if (!isDeclaredByMode(declared)) Refuse(operation, member, _static.Judge(declared));
        Follow(declared);
    }

    void UseOther(IOperation operation, ISymbol member, IOperation? instance, IReadOnlyList<IArgumentOperation> arguments)
    {
        // What is called on something refused goes away with it.
        if (instance is not null && _findings.Any(f => f.Rule == DeterminismRules.NotDeterministic && instance.Syntax.Span.Contains(f.Where.SourceSpan)))
            return;

        var receiver = instance?.Unwrapped().Type;
        if (member.Name is WellKnownMemberNames.ObjectToString) FollowText(receiver);
        if (ComputesHashCode && member.ContainingType.Is("System.HashCode")) return;

        var refusal = !KnownApi.Has(member, _words) ? RefusedApi.Of(member, _words)
            : _culture.Judge(member, receiver, arguments)
                ?? HashOrderRules.Judge(member, operation)
                ?? (member is IFieldSymbol ? _static.Judge(member) : null);
        Refuse(operation, member, refusal);
    }

    void Follow(ISymbol member)
    {
        var declared = ((member as IMethodSymbol)?.ReducedFrom ?? member).OriginalDefinition;
        _reaches.Add(declared);
        if (declared is IPropertySymbol property)
            _reaches.AddRange(new[] { property.GetMethod, property.SetMethod }.Where(static accessor => accessor is not null)!);
    }

    void Refuse(IOperation operation, ISymbol member, Refusal? refusal)
    {
        if (refusal is null) return;
        var verb = member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } => "creates",
            IMethodSymbol => "calls",
            IPropertySymbol or IFieldSymbol { IsConst: false } => "reads",
            _ => "uses",
        };
        Refuse(operation, $"{verb} {member.Readable()}", refusal);
    }

    void Refuse(IOperation operation, string does, Refusal? refusal)
    {
        if (refusal is null) return;
        var what = refusal.Why.StartsWith("wh", StringComparison.Ordinal) ? $"{does}, {refusal.Why}" : does;
        _findings.Add(new(refusal.Rule, Spot(operation.Syntax).GetLocation(), what, refusal.WayOut));
    }

    /// <summary>The name in a chain of calls, so that the place is on the line where the call is written.</summary>
    public static SyntaxNode Spot(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax invocation => Spot(invocation.Expression),
        MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax or MemberAccessExpressionSyntax or ElementAccessExpressionSyntax } access =>
            access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        LocalFunctionStatementSyntax function => function.ReturnType,
        _ => syntax,
    };
}
