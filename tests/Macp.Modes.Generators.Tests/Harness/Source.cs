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

    /// <summary>The repository's modes, by the names of their classes.</summary>
    public static IReadOnlyList<string> Modes { get; } =
        [.. Resources().Where(name => name.EndsWith("Mode.cs", StringComparison.Ordinal)).Select(name => name[..^".cs".Length]).Order(StringComparer.Ordinal)];

    /// <summary>The files of one of the repository's modes: the class, and its policy's evaluator and rules where it has them.</summary>
    public static IReadOnlyList<Source> OfMode(string mode)
    {
        string[] files = [mode + ".cs", mode + ".Policy.cs", mode[..^"Mode".Length] + "Rules.cs"];
        return [.. files.Where(Resources().Contains).Select(file => new Source(file, Resource(file)))];
    }

    static string[] Resources() => Assembly.GetExecutingAssembly().GetManifestResourceNames();

    /// <summary>An embedded file, as it stands in the repository.</summary>
    public static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
