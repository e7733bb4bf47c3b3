using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>What is wrong with a declaration, and where. Only the analyzer looks at it; nothing of it enters the pipeline.</summary>
internal sealed record Finding(DiagnosticDescriptor Rule, ISymbol Symbol, AttributeData? Attribute, object[] Arguments)
{
    /// <summary>The diagnostic, on the attribute where there is one.</summary>
    public Diagnostic ToDiagnostic(CancellationToken cancellationToken) => Diagnostic.Create(
        Rule,
        Attribute?.ApplicationSyntaxReference?.GetSyntax(cancellationToken).GetLocation() ?? Symbol.Locations.FirstOrDefault() ?? Location.None,
        Arguments);
}

/// <summary>Collects findings.</summary>
internal sealed class Findings
{
    readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Add(DiagnosticDescriptor rule, ISymbol symbol, params object[] arguments) => _all.Add(new(rule, symbol, null, arguments));

    public void Add(DiagnosticDescriptor rule, ISymbol symbol, AttributeData attribute, params object[] arguments) =>
        _all.Add(new(rule, symbol, attribute, arguments));
}
