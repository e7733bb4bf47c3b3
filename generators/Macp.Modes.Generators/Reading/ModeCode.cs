using Macp.Modes.Generators.Rules.Purity;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Reading;

/// <summary>Everything that the author's code of one mode class does, its nested types included. What is generated beside it is not there yet.</summary>
internal sealed class ModeCode
{
    readonly INamedTypeSymbol _mode;
    readonly IReadOnlyList<TypeDeclarationSyntax> _parts;

    ModeCode(INamedTypeSymbol mode, IReadOnlyList<TypeDeclarationSyntax> parts, IReadOnlyList<IOperation> all) => (_mode, _parts, All) = (mode, parts, all);

    public IReadOnlyList<IOperation> All { get; }

    public static ModeCode Of(INamedTypeSymbol mode, Compilation compilation, CancellationToken cancellationToken)
    {
        var parts = mode.DeclaringSyntaxReferences.Select(r => r.GetSyntax(cancellationToken)).OfType<TypeDeclarationSyntax>().ToList();
        var all = new List<IOperation>();
        foreach (var part in parts)
        {
            var model = compilation.GetSemanticModel(part.SyntaxTree);
            foreach (var node in part.DescendantNodes().Where(IsCode))
                if (model.GetOperation(node, cancellationToken) is { } operation) all.AddRange(operation.DescendantsAndSelf());
        }
        return new(mode, parts, all);
    }

    /// <summary>Whether a value is of this type.</summary>
    public bool Is(IOperation use, ITypeSymbol type) => SymbolEqualityComparer.Default.Equals(use.Type, type);

    /// <summary>Whether a member is the mode class's own, or one of its nested types'.</summary>
    public bool Declares(ISymbol member)
    {
        for (var type = member.ContainingType; type is not null; type = type.ContainingType)
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, _mode)) return true;
        return false;
    }

    /// <summary>Whether somebody else's code, that of the framework's collections left out, is handed something of this type, or could be.</summary>
    public bool HandsOn(ITypeSymbol type) => All.Any(use => MemberOf(use) is { } member && !Declares(member) && !IsCollections(member) && Mentions(member, type));

    /// <summary>Whether the state stays in the class by this use of it: its members are used, it gets another name, or goes to a method of the class.</summary>
    public bool KeepsState(IOperation use) => use.Parent switch
    {
        INameOfOperation or IExpressionStatementOperation => true,
        IMemberReferenceOperation { Instance: { } instance } => instance == use,
        IInvocationOperation { Instance: { } instance } => instance == use,
        IArgumentOperation { Parameter.RefKind: RefKind.None or RefKind.In, Parent: IInvocationOperation { TargetMethod: var method } } => Declares(method),
        IVariableInitializerOperation => true,
        ISimpleAssignmentOperation { IsRef: false, Target: ILocalReferenceOperation or IParameterReferenceOperation } => true,
        // What the compiler does not know of it is generated.
        IInvalidOperation { Syntax: MemberAccessExpressionSyntax access } => access.Expression == use.Syntax,
        _ => false,
    };

    /// <summary>Whether the author's code writes to a member of one of these names; those of generated members cannot be told but by name.</summary>
    public bool Sets(params string[] names) => _parts.SelectMany(part => part.DescendantNodes()).Any(node => WrittenBy(node) is { } written
        && written.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => names.Contains(name.Identifier.ValueText)));

    /// <summary>The places that an operation writes.</summary>
    public static IEnumerable<IOperation> Written(IOperation act) => ChangeRules.Written(act);

    /// <summary>A value before conversions that the compiler makes.</summary>
    public static IOperation Unwrapped(IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null, IsImplicit: true } conversion) value = conversion.Operand;
        return value;
    }

    /// <summary>Whether a member belongs to the framework's collections, which are judged by name.</summary>
    public static bool IsCollections(ISymbol member) => member.ContainingType?.ContainingNamespace?.ToDisplayString() is "System.Collections.Generic" or "System.Linq";

    static bool Mentions(ISymbol member, ITypeSymbol type) => member switch
    {
        IMethodSymbol method => method.Parameters.Any(p => Mentions(p.Type, type)) || Mentions(method.ReturnType, type),
        IPropertySymbol property => Mentions(property.Type, type),
        IFieldSymbol field => Mentions(field.Type, type),
        _ => false,
    };

    static bool Mentions(ITypeSymbol at, ITypeSymbol type) => SymbolEqualityComparer.Default.Equals(at, type) || at switch
    {
        IArrayTypeSymbol array => Mentions(array.ElementType, type),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => Mentions(argument, type)),
        _ => false,
    };

    static ISymbol? MemberOf(IOperation use) => use switch
    {
        IInvocationOperation call => call.TargetMethod,
        IObjectCreationOperation { Type: { } made } creation => made.IsTupleType ? null : creation.Constructor,
        IMemberReferenceOperation reference => reference.Member,
        _ => null,
    };

    static SyntaxNode? WrittenBy(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left,
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => argument.Expression,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } step => step.Operand,
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } step => step.Operand,
        RefExpressionSyntax reference => reference.Expression,
        _ => null,
    };

    static bool IsCode(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or PrimaryConstructorBaseTypeSyntax => true,
        ArrowExpressionClauseSyntax => node.Parent is BasePropertyDeclarationSyntax,
        EqualsValueClauseSyntax => node.Parent is PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax },
        _ => false,
    };
}
