using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Judges a member by how it is declared: what its code cannot be seen to do, or does not do at once.</summary>
sealed class DeclarationRules(Vocabulary words, Func<ISymbol, bool> isDeclaredByMode)
{
    readonly StaticStateRules _static = new(words);
    readonly DeferredRules _deferred = new(words);

    public static readonly Refusal Native = new(
        DeterminismRules.NotDeterministic, "which is native code that nobody can follow",
        "Write it in C#, or do it outside the mode and send what came of it in a message");

    static readonly Refusal Finalizer = new(
        DeterminismRules.NotDeterministic, "has a finalizer, which runs when the garbage collector likes", "Take it away: a mode holds nothing to release");

    static readonly Refusal Unsafe = new(
        DeterminismRules.NotDeterministic, "is unsafe, and reads memory that no history determines", "Use spans");

    public IEnumerable<Finding> Judge(ISymbol member, IEnumerable<SyntaxNode> declarations)
    {
        if (member.IsImplicitlyDeclared || member.Locations.FirstOrDefault(static l => l.IsInSource) is not { } place) yield break;

        if (isDeclaredByMode(member) && _static.Judge(member) is { } changing) yield return At(place, Predicate(changing), changing);
        if (member is IMethodSymbol method)
        {
            if (DeferredRules.JudgeAsync(method) is { } async) yield return At(place, async.Why, async);
            if (isDeclaredByMode(member) && _deferred.JudgeQuery(method) is { } lazy) yield return At(place, lazy.Why, lazy);
            if (IsNative(method)) yield return At(place, Predicate(Native), Native);
            if (method.MethodKind is MethodKind.Destructor) yield return At(place, Finalizer.Why, Finalizer);
        }
        foreach (var declaration in declarations)
            foreach (var token in UnsafeWords(declaration)) yield return At(token.GetLocation(), Unsafe.Why, Unsafe);
    }

    static Finding At(Location place, string what, Refusal refusal) => new(refusal.Rule, place, what, refusal.WayOut);

    // Of the member itself, "which is static" becomes "is static".
    static string Predicate(Refusal refusal) => refusal.Why.Substring("which ".Length);

    static bool IsNative(IMethodSymbol method) =>
        method.IsExtern || method.GetAttributes().Any(static a => a.AttributeClass?.Name is "DllImportAttribute" or "LibraryImportAttribute");

    // The word may stand on a block inside, on the member, or on a type around it.
    static IEnumerable<SyntaxToken> UnsafeWords(SyntaxNode declaration) => declaration
        .DescendantNodes().OfType<UnsafeStatementSyntax>().Select(static s => s.UnsafeKeyword)
        .Concat(declaration.DescendantNodesAndSelf().OfType<LocalFunctionStatementSyntax>().SelectMany(static f => f.Modifiers).Where(IsUnsafe))
        .Concat(declaration.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().SelectMany(static m => m.Modifiers).Where(IsUnsafe));

    static bool IsUnsafe(SyntaxToken token) => token.IsKind(SyntaxKind.UnsafeKeyword);
}
