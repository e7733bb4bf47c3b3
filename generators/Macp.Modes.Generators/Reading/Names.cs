using System.Text;

namespace Macp.Modes.Generators.Reading;

/// <summary>The spellings of one name: C# members, C# parameters, the wire.</summary>
internal static class Names
{
    /// <summary><c>ProposalId</c> is <c>proposal_id</c>.</summary>
    public static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord) snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }
        return snake.ToString();
    }

    /// <summary><c>ActiveAssignee</c> is <c>active assignee</c>, in a sentence.</summary>
    public static string Words(string name) => Snake(name).Replace('_', ' ');

    /// <summary><c>ProposalId</c> is <c>proposalId</c>; a keyword is escaped.</summary>
    public static string Parameter(string name)
    {
        string camel = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return Escape(camel);
    }

    /// <summary>A name as C# must write it where it is a keyword.</summary>
    public static string Escape(string name) =>
        Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(name) != Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? "@" + name : name;

    /// <summary>A text within an XML comment.</summary>
    public static string Xml(string text) =>
        new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace('\r', ' ').Replace('\n', ' ').ToString();

    /// <summary>A text as a C# literal.</summary>
    public static string Literal(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
}
