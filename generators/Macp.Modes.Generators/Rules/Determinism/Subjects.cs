using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>How a message names who does something.</summary>
sealed class Subjects(Vocabulary words)
{
    /// <summary>The member that answers for a piece of code, and the piece where it is another's.</summary>
    public string Of(ISymbol entry, ISymbol member) => SymbolEqualityComparer.Default.Equals(entry, member)
        ? $"'{Name(entry)}'"
        : $"'{Name(entry)}' reaches '{member.Readable()}', which";

    // Inside a mode its own name says nothing: 'Requested', 'State.Total'.
    string Name(ISymbol entry)
    {
        var name = entry.Readable();
        var mode = entry.ContainingType.Outermost();
        return words.IsMode(mode) && name.StartsWith(mode.Name + ".", StringComparison.Ordinal) ? name.Substring(mode.Name.Length + 1) : name;
    }
}
