using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

// An allow-list, since nobody can list all that is not deterministic: what is not in the table is refused.
static partial class KnownApi
{
    static readonly HashSet<string> KnownNamespaces = [.. Lines(Namespaces)];
    static readonly Dictionary<string, Row> Rows = Read(Types);

    // An exception tells its message; where it was thrown from is another matter in every build.
    static readonly Row Exceptions = Row.Parse("* -StackTrace -Source -TargetSite -HelpLink -ToString -GetObjectData -GetBaseException".Split(' '));

    /// <summary>Whether this member of another assembly is known to be deterministic, culture aside.</summary>
    public static bool Has(ISymbol member, Vocabulary words)
    {
        var type = member.ContainingType;
        if (type is null or IErrorTypeSymbol) return true;
        if (type.TypeKind is TypeKind.Delegate) return member.Name is "Invoke" or WellKnownMemberNames.InstanceConstructorName;
        // Protobuf writes the code of messages, and modes of other assemblies have been through this analyzer there.
        if (words.IsMessage(type) || words.IsMode(type.Outermost())) return true;
        if (!IsTrusted(type.ContainingAssembly?.Name ?? "")) return false;
        if (member is IMethodSymbol { ReturnType: var result } && result.ContainingNamespace?.ToDisplayString() is "System.Threading.Tasks") return false;
        if (type.DerivesFromException()) return Exceptions.Has(member);

        var outermost = type.Outermost();
        return Rows.TryGetValue(outermost.PlainName(), out var row)
            ? row.Has(member)
            : KnownNamespaces.Contains(outermost.ContainingNamespace.ToDisplayString());
    }

    // A namespace is anybody's to use; an assembly's name says whose code it is.
    static bool IsTrusted(string assembly) =>
        assembly is "System" or "mscorlib" or "netstandard" or "Google.Protobuf" or "Macp.Modes" or "Macp.Protocol"
        || assembly.StartsWith("System.", StringComparison.Ordinal);

    static IEnumerable<string> Lines(string table) => table.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0);

    static Dictionary<string, Row> Read(string table)
    {
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (var line in Lines(table.Replace("{arithmetic}", Arithmetic).Replace("{transcendental}", Transcendental)))
        {
            var words = line.Split([' '], StringSplitOptions.RemoveEmptyEntries);
            rows.Add(words[0], Row.Parse(words.Skip(1)));
        }
        return rows;
    }

    sealed record Row(bool All, HashSet<string> Only, HashSet<string> Except)
    {
        public static Row Parse(IEnumerable<string> words)
        {
            var row = new Row(words.Contains("*"), [], []);
            foreach (var word in words) (word[0] is '-' ? row.Except : row.Only).Add(word.TrimStart('-'));
            return row;
        }

        public bool Has(ISymbol member)
        {
            var name = ((member as IMethodSymbol)?.AssociatedSymbol ?? member).Name;
            if (Except.Contains(name) || (member is IMethodSymbol method && Except.Contains(Overload(method)))) return false;
            return All || Only.Contains(name);
        }

        static string Overload(IMethodSymbol method) => $"{method.Name}({string.Join(",", method.Parameters.Select(static p => p.Type.Name))})";
    }
}
