using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>
/// Reads one piece of code: what in it breaks a rule, and which other symbols of the compilation it leads to. This part names every way in which
/// C# uses a member; <c>CodeWalker.Judging.cs</c> decides on them.
/// </summary>
sealed partial class CodeWalker : OperationWalker
{
    static readonly IReadOnlyList<IArgumentOperation> NoArguments = [];

    public override void Visit(IOperation? operation)
    {
        if (operation is IAssignmentOperation or IIncrementOrDecrementOperation or IEventAssignmentOperation or IInvocationOperation or IMethodReferenceOperation
            or IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }) _acts.Add(operation);
        base.Visit(operation);
    }

    public override void VisitInvocation(IInvocationOperation operation)
    {
        base.VisitInvocation(operation);
        // An extension method's receiver is an argument.
        Use(operation, operation.TargetMethod, operation.Instance, operation.Arguments);
    }

    public override void VisitObjectCreation(IObjectCreationOperation operation)
    {
        base.VisitObjectCreation(operation);
        if (operation.Constructor is { } constructor) Use(operation, constructor, null, operation.Arguments);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation operation)
    {
        base.VisitPropertyReference(operation);
        Use(operation, operation.Property, operation.Instance, operation.Arguments);
    }

    public override void VisitFieldReference(IFieldReferenceOperation operation)
    {
        base.VisitFieldReference(operation);
        if (operation.Field.IsConst) Refuse(operation, operation.Field, CultureRules.JudgeConstant(operation.Field));
        else if (operation.Field.IsStatic) Use(operation, operation.Field, null, NoArguments);
    }

    public override void VisitEventReference(IEventReferenceOperation operation)
    {
        base.VisitEventReference(operation);
        Use(operation, operation.Event, operation.Instance, NoArguments);
    }

    public override void VisitMethodReference(IMethodReferenceOperation operation)
    {
        base.VisitMethodReference(operation);
        Use(operation, operation.Method, operation.Instance, NoArguments);
    }

    public override void VisitBinaryOperator(IBinaryOperation operation)
    {
        base.VisitBinaryOperator(operation);
        UseOperator(operation, operation.OperatorMethod);
        if (operation is { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String, ConstantValue.HasValue: false })
        {
            Write(operation.LeftOperand);
            Write(operation.RightOperand);
        }
        if (operation.Type?.TypeKind is TypeKind.Dynamic) Refuse(operation, "computes a dynamic value", Dynamic);
    }

    public override void VisitCompoundAssignment(ICompoundAssignmentOperation operation)
    {
        base.VisitCompoundAssignment(operation);
        UseOperator(operation, operation.OperatorMethod);
        if (operation is { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String }) Write(operation.Value);
    }

    public override void VisitUnaryOperator(IUnaryOperation operation)
    {
        base.VisitUnaryOperator(operation);
        UseOperator(operation, operation.OperatorMethod);
    }

    public override void VisitIncrementOrDecrement(IIncrementOrDecrementOperation operation)
    {
        base.VisitIncrementOrDecrement(operation);
        UseOperator(operation, operation.OperatorMethod);
    }

    public override void VisitConversion(IConversionOperation operation)
    {
        base.VisitConversion(operation);
        UseOperator(operation, operation.OperatorMethod);
        Refuse(operation, $"walks {operation.Operand.Type?.Readable()}", HashOrderRules.JudgeConversion(operation));
    }

    public override void VisitForEachLoop(IForEachLoopOperation operation)
    {
        base.VisitForEachLoop(operation);
        Refuse(operation.Collection, $"walks {operation.Collection.Unwrapped().Type?.Readable()}", HashOrderRules.JudgeWalk(operation.Collection));
        if (operation.Syntax is not CommonForEachStatementSyntax syntax) return;
        var loop = operation.SemanticModel!.GetForEachStatementInfo(syntax);
        foreach (var member in new ISymbol?[] { loop.GetEnumeratorMethod, loop.MoveNextMethod, loop.CurrentProperty, loop.DisposeMethod })
            UseImplied(operation.Collection, member);
        if (syntax is ForEachVariableStatementSyntax variables) UseDeconstruction(operation.Collection, operation.SemanticModel!.GetDeconstructionInfo(variables));
    }

    public override void VisitDeconstructionAssignment(IDeconstructionAssignmentOperation operation)
    {
        base.VisitDeconstructionAssignment(operation);
        if (operation.Syntax is AssignmentExpressionSyntax syntax) UseDeconstruction(operation, operation.SemanticModel!.GetDeconstructionInfo(syntax));
    }

    public override void VisitRecursivePattern(IRecursivePatternOperation operation)
    {
        base.VisitRecursivePattern(operation);
        UseImplied(operation, operation.DeconstructSymbol);
    }

    public override void VisitListPattern(IListPatternOperation operation)
    {
        base.VisitListPattern(operation);
        UseImplied(operation, operation.LengthSymbol);
        UseImplied(operation, operation.IndexerSymbol);
    }

    public override void VisitImplicitIndexerReference(IImplicitIndexerReferenceOperation operation)
    {
        base.VisitImplicitIndexerReference(operation);
        UseImplied(operation, operation.LengthSymbol);
        UseImplied(operation, operation.IndexerSymbol);
    }

    public override void VisitCollectionExpression(ICollectionExpressionOperation operation)
    {
        base.VisitCollectionExpression(operation);
        UseImplied(operation, operation.ConstructMethod);
    }

    public override void VisitSpread(ISpreadOperation operation)
    {
        base.VisitSpread(operation);
        Refuse(operation, $"walks {operation.Operand.Unwrapped().Type?.Readable()}", HashOrderRules.JudgeWalk(operation.Operand));
    }

    public override void VisitWith(IWithOperation operation)
    {
        base.VisitWith(operation);
        if (operation.Type is INamedTypeSymbol { IsRecord: true } record)
            foreach (var copy in record.InstanceConstructors.Where(c => c.Parameters.Length is 1 && SymbolEqualityComparer.Default.Equals(c.Parameters[0].Type, record)))
                UseImplied(operation, copy);
    }

    public override void VisitUsing(IUsingOperation operation)
    {
        base.VisitUsing(operation);
        foreach (var resource in operation.Locals) UseDispose(operation, resource.Type);
        if (operation.Resources is not IVariableDeclarationGroupOperation) UseDispose(operation, operation.Resources.Type);
    }

    public override void VisitUsingDeclaration(IUsingDeclarationOperation operation)
    {
        base.VisitUsingDeclaration(operation);
        foreach (var resource in operation.DeclarationGroup.GetDeclaredVariables()) UseDispose(operation, resource.Type);
    }

    void UseOperator(IOperation operation, IMethodSymbol? method) => UseImplied(operation, method);

    void UseDispose(IOperation operation, ITypeSymbol? type) =>
        UseImplied(operation, type?.GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.Length is 0));

    void UseDeconstruction(IOperation operation, DeconstructionInfo deconstruction)
    {
        UseImplied(operation, deconstruction.Method);
        foreach (var nested in deconstruction.Nested) UseDeconstruction(operation, nested);
    }

    // What the compiler calls without anybody writing the name.
    void UseImplied(IOperation operation, ISymbol? member)
    {
        if (member is not null) Use(operation, member, null, NoArguments);
    }
}
