using System.Collections.Immutable;
using System.Globalization;
using Macp.Modes.Generators.Rules.Determinism;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>What the analyzer said of one line.</summary>
public sealed record Said(string Id, string File, int Line, string Message)
{
    public override string ToString() => $"{File}({Line}): {Id}: {Message}";
}

/// <summary>Compiles source text and lets the analyzer judge it.</summary>
static class Check
{
    const string Usings = """
        global using System;
        global using System.Collections.Frozen;
        global using System.Collections.Generic;
        global using System.Collections.Immutable;
        global using System.Globalization;
        global using System.Linq;
        global using System.Text;
        global using System.Threading.Tasks;
        global using Google.Protobuf;
        global using Macp.Modes;
        """;

    static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path))];

    /// <summary>What the analyzer says of a source, in the order of its lines. The source must compile.</summary>
    public static Task<IReadOnlyList<Said>> Source(string source) => Files(("Mode.cs", source));

    /// <summary>What the analyzer says of several files, by file and line.</summary>
    public static Task<IReadOnlyList<Said>> Files(params (string Path, string Text)[] files) => Compilation(Compile("Tested", files));

    /// <summary>What the analyzer says of a reducer with these statements, over a state with tables and text.</summary>
    public static Task<IReadOnlyList<Said>> Reducer(string statements, string members = "") => Source(Mode($$"""
            public static void Requested(State state, MessageContext message)
            {
                {{statements}}
            }
            {{members}}
        """));

    /// <summary>What the analyzer says of a guard with these statements, over the same state and a payload with text, a list and a table.</summary>
    public static Task<IReadOnlyList<Said>> Guard(string statements, string members = "") => Source(Mode($$"""
            [Guard("Request")]
            static Rejection? RoundsAreLeft(State state, Macp.Wire.V1.SessionStartPayload request, SessionContext session)
            {
                {{statements}}
                return null;
            }
            {{members}}
        """));

    /// <summary>A mode with some state and these members. It needs no generator to compile.</summary>
    public static string Mode(string members) => $$"""
        [Mode("ext.tested.v1")]
        public sealed partial class TestedMode
        {
            public enum Phase { Open, Closed }

            public sealed class State
            {
                public string Text { get; internal set; } = "";
                public object? Any { get; internal set; }
                public int Count { get; internal set; }
                public decimal Amount { get; internal set; }
                public double Weight { get; internal set; }
                public DateTimeOffset Time { get; internal set; }
                public Phase Phase { get; internal set; }
                public Dictionary<string, int> Votes { get; } = new(StringComparer.Ordinal);
                public List<string> Names { get; } = [];
                public FrozenSet<string> Frozen { get; internal set; } = FrozenSet<string>.Empty;
                public Dictionary<string, List<string>> Groups { get; } = new(StringComparer.Ordinal);
                public int[] Numbers { get; } = [];
                internal int Total;
            }

        {{members}}
        }
        """;

    public static CSharpCompilation Compile(string assembly, (string Path, string Text)[] files, params MetadataReference[] more)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = files.Prepend(("Usings.cs", Usings)).Select(file => CSharpSyntaxTree.ParseText(file.Item2, parsing, file.Item1));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true);
        return CSharpCompilation.Create(assembly, trees, References.AddRange(more), options);
    }

    public static async Task<IReadOnlyList<Said>> Compilation(CSharpCompilation compilation)
    {
        Assert.Empty(compilation.GetDiagnostics().Where(static d => d.Severity is DiagnosticSeverity.Error));
        var analyzed = compilation.WithAnalyzers([new DeterminismAnalyzer()]);
        var said = await analyzed.GetAnalyzerDiagnosticsAsync();
        return [.. said.Where(static d => !d.IsSuppressed).Select(Read).OrderBy(static s => s.File, StringComparer.Ordinal).ThenBy(static s => s.Line)];
    }

    static Said Read(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        return new(diagnostic.Id, place.Path, place.StartLinePosition.Line + 1, diagnostic.GetMessage(CultureInfo.InvariantCulture));
    }
}
