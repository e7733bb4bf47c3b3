using System.Text;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Writes indented C#. Lines end in a line feed on every machine.</summary>
internal sealed class CodeWriter
{
    const int LongestLine = 150;

    readonly StringBuilder _text = new();
    int _depth;
    bool _startsBlock = true;

    /// <summary>Writes a line; an empty one separates members.</summary>
    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0) _text.Append(' ', 4 * _depth).Append(line);
        _text.Append('\n');
        _startsBlock = false;
        return this;
    }

    /// <summary>Writes a guard clause.</summary>
    public CodeWriter If(string condition, string then)
    {
        Line($"if ({condition})");
        using (Indent()) Line(then);
        return this;
    }

    /// <summary>Writes the head of a method, one parameter a line where the whole would be too long, and opens its body.</summary>
    public Block Method(string head, IReadOnlyList<string> parameters)
    {
        Signature(head, parameters, ")");
        return Body();
    }

    /// <summary>Writes a method's head with whatever follows its parameters.</summary>
    public CodeWriter Signature(string head, IReadOnlyList<string> parameters, string tail)
    {
        string line = $"{head}({string.Join(", ", parameters)}{tail}";
        if (Fits(line)) return Line(line);
        Line(head + "(");
        using (Indent())
            for (int i = 0; i < parameters.Count; i++) Line(parameters[i] + (i == parameters.Count - 1 ? tail : ","));
        return this;
    }

    /// <summary>Writes a member and its expression or value, on a line of its own where one would be too long.</summary>
    public CodeWriter Expression(string member, string body, string sign = "=>")
    {
        if (Fits($"{member} {sign} {body};")) return Line($"{member} {sign} {body};");
        Line($"{member} {sign}");
        using (Indent()) Line(body + ";");
        return this;
    }

    /// <summary>Writes a member that is a chain of conditions, one a line where one line would be too long.</summary>
    public CodeWriter Conditions(string head, IReadOnlyList<string> parameters, IReadOnlyList<string> conditions, string sign = "&&")
    {
        Signature(head, parameters, ") =>");
        using var _ = Indent();
        string line = string.Join($" {sign} ", conditions) + ";";
        if (Fits(line)) return Line(line);
        for (int i = 0; i < conditions.Count; i++) Line((i == 0 ? "" : sign + " ") + conditions[i] + (i == conditions.Count - 1 ? ";" : ""));
        return this;
    }

    bool Fits(string line) => line.Length + 4 * _depth <= LongestLine;

    /// <summary>Begins a member: a blank line before it, unless it is the first of its block, and its documentation.</summary>
    public CodeWriter Member(string summary)
    {
        Separate();
        return Line($"/// <summary>{summary}</summary>");
    }

    /// <summary>A blank line, unless a block has just begun.</summary>
    public CodeWriter Separate() => _startsBlock ? this : Line();

    /// <summary>Writes a head and opens a block that ends when the result is disposed.</summary>
    public Block Begin(string head, string end = "}")
    {
        Line(head);
        return Body(end);
    }

    /// <summary>Opens a block under a head that took several lines.</summary>
    public Block Body(string end = "}")
    {
        Line("{");
        _depth++;
        _startsBlock = true;
        return new(this, end);
    }

    /// <summary>Indents what follows, until the result is disposed.</summary>
    public Block Indent()
    {
        _depth++;
        return new(this, null);
    }

    public override string ToString() => _text.ToString();

    internal readonly struct Block(CodeWriter writer, string? end) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            if (end is not null) writer.Line(end);
        }
    }
}
