using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Finds the code of a symbol and reads it.</summary>
sealed class CodeReader(Vocabulary words, HandWritten handWritten, Func<ISymbol, bool> isDeclaredByMode)
{
    readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    readonly DeclarationRules _declarations = new(words, isDeclaredByMode);

    public CodeFacts Read(ISymbol symbol, CancellationToken cancellation)
    {
        var declarations = handWritten.DeclarationsOf(symbol, cancellation);
        var walker = new CodeWalker(symbol, words, isDeclaredByMode);
        foreach (var declaration in declarations)
            foreach (var code in CodeOf(symbol, declaration))
                walker.Visit(ModelOf(code.SyntaxTree).GetOperation(code, cancellation));
        return new([.. _declarations.Judge(symbol, declarations), .. walker.Findings], walker.Reaches, walker.Acts);
    }

    // A property's code is in its accessors, which are symbols of their own; the property itself has its initializer only.
    static IEnumerable<SyntaxNode> CodeOf(ISymbol symbol, SyntaxNode declaration) => (symbol, declaration) switch
    {
        (_, VariableDeclaratorSyntax { Initializer: { } value }) => [value],
        (IPropertySymbol, PropertyDeclarationSyntax { Initializer: { } value }) => [value],
        (IMethodSymbol, TypeDeclarationSyntax { BaseList: { } bases }) => bases.Types.OfType<PrimaryConstructorBaseTypeSyntax>(),
        (IMethodSymbol, BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax) => [declaration],
        _ => [],
    };

    // A mode is followed through other files, and that while it is being edited: see DeterminismAnalyzer.
#pragma warning disable RS1030
    SemanticModel ModelOf(SyntaxTree tree)
    {
        if (!_models.TryGetValue(tree, out var model)) _models.Add(tree, model = words.Compilation.GetSemanticModel(tree));
        return model;
    }
#pragma warning restore RS1030
}
