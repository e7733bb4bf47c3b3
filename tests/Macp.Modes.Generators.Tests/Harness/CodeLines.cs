using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>The size of a source file, as a reader of its code sees it.</summary>
internal static class CodeLines
{
    /// <summary>How many lines hold code: neither blank lines nor comments of any kind count.</summary>
    public static int Count(Source source)
    {
        var lines = source.Parse().GetText().Lines;
        return source.Parse().GetRoot().DescendantTokens().Where(token => token.Span.Length > 0)
            .SelectMany(token => Lines(lines, token.Span)).Distinct().Count();
    }

    static IEnumerable<int> Lines(TextLineCollection lines, TextSpan span)
    {
        var place = lines.GetLinePositionSpan(span);
        return Enumerable.Range(place.Start.Line, place.End.Line - place.Start.Line + 1);
    }
}
