using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>A source file of a compilation under test.</summary>
internal sealed record Source(string Path, string Text)
{
    static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    public SyntaxTree Parse() => CSharpSyntaxTree.ParseText(SourceText.From(Text, System.Text.Encoding.UTF8), Options, Path);

    /// <summary>The file with one text in the place of another, which must be there.</summary>
    public Source With(string old, string @new)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        return this with { Text = Text.Replace(old, @new, StringComparison.Ordinal) };
    }

    /// <summary>The number of the first line, from 1, that holds this text.</summary>
    public int LineOf(string text) => Text.Split('\n').TakeWhile(line => !line.Contains(text, StringComparison.Ordinal)).Count() + 1;

    /// <summary>The file of Decision mode as it stands in the repository.</summary>
    public static Source Decision { get; } = new("Decision/DecisionMode.cs", Resource("DecisionMode.cs"));

    /// <summary>The rest of its class: what policies are asked of it.</summary>
    public static Source DecisionPolicy { get; } = new("Decision/DecisionMode.Policy.cs", Resource("DecisionMode.Policy.cs"));

    /// <summary>Release tracking of the analyzers, as it stands in the repository.</summary>
    public static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
