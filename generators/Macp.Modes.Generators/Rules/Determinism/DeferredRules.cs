using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Finds code whose result comes later than its call.</summary>
sealed class DeferredRules(Vocabulary words)
{
    static readonly HashSet<string> LazyTypes = new(StringComparer.Ordinal)
    {
        "System.Collections.IEnumerable", "System.Collections.IEnumerator", "System.Collections.Generic.IEnumerable", "System.Collections.Generic.IEnumerator",
        "System.Collections.Generic.IAsyncEnumerable", "System.Linq.IOrderedEnumerable", "System.Linq.IQueryable", "System.Linq.IOrderedQueryable",
    };

    /// <summary>Why a method of any kind is refused for being asynchronous.</summary>
    public static Refusal? JudgeAsync(IMethodSymbol method) => method.IsAsync
        ? new(DeterminismRules.Deferred, "is asynchronous", "Do outside the mode what has to be awaited, and send what came of it in a message")
        : null;

    /// <summary>Why a query is refused for what it returns: its caller would walk a state that goes on changing.</summary>
    public Refusal? JudgeQuery(IMethodSymbol method) =>
        ModeMembers.IsQuery(method, words) && method.ReturnType is INamedTypeSymbol type && LazyTypes.Contains(type.PlainName())
            ? new(DeterminismRules.Deferred, $"is a query that returns {type.Name}, which is read after the state has changed",
                "Return IReadOnlyList, built before it returns")
            : null;
}
