using Macp.Modes.Generators.Rules.Purity;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>
/// Follows every mode of a compilation through the code it calls, and sorts what it finds by file. It is one pass over all modes, made when first
/// asked for: a helper that two modes call is then reported once, for the first of them, and asking again gives the same answer, as editors need.
/// </summary>
sealed class DeterminismSurvey(Vocabulary words, HandWritten handWritten)
{
    readonly object _gate = new();
    ILookup<SyntaxTree, Diagnostic>? _diagnostics;

    /// <summary>What is wrong in one file.</summary>
    public IEnumerable<Diagnostic> In(SyntaxTree tree, CancellationToken cancellation)
    {
        // Whoever comes first does the work; when it is cancelled, the next one does.
        lock (_gate) _diagnostics ??= Survey(cancellation).ToLookup(static d => d.Location.SourceTree!);
        return _diagnostics[tree];
    }

    IReadOnlyList<Diagnostic> Survey(CancellationToken cancellation)
    {
        var modes = ModeMembers.Modes(words, cancellation);
        // What a mode declares is its own, even where another mode reaches it too.
        var entries = new Dictionary<ISymbol, ISymbol>(SymbolEqualityComparer.Default);
        var own = modes.Select(mode => ModeMembers.Of(mode, words, handWritten, cancellation).Where(m => Claim(m, m)).ToList()).ToList();
        var declared = new HashSet<ISymbol>(entries.Keys, SymbolEqualityComparer.Default);
        var reader = new CodeReader(words, handWritten, declared.Contains);
        var findings = new Dictionary<(DiagnosticDescriptor, Location), Diagnostic>();
        var subjects = new Subjects(words);
        var code = new Dictionary<ISymbol, CodeFacts>(SymbolEqualityComparer.Default);

        foreach (var members in own)
        {
            var open = new Queue<ISymbol>(members);
            while (open.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var member = open.Dequeue();
                var facts = reader.Read(member, cancellation);
                facts = facts with { Reaches = [.. facts.Reaches, .. Companions.Of(member)] };
                code.Add(member, facts);
                foreach (var finding in facts.Findings)
                    if (!findings.ContainsKey((finding.Rule, finding.Where)))
                        findings.Add((finding.Rule, finding.Where), finding.By(subjects.Of(entries[member], member)));
                foreach (var next in facts.Reaches)
                    if (words.IsSource(next) && handWritten.Includes(next, cancellation) && Claim(next, entries[member])) open.Enqueue(next);
            }
        }
        var purity = new PuritySurvey(words, handWritten, code, subjects);
        return [.. findings.Values, .. own.SelectMany(members => purity.Of(members, cancellation))];

        bool Claim(ISymbol member, ISymbol entry)
        {
            if (entries.ContainsKey(member)) return false;
            entries.Add(member, entry);
            return true;
        }
    }
}
