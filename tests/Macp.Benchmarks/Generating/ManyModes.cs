using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Macp.Benchmarks.Generating;

/// <summary>A project of many modes, each the decision mode under another name, among 300 files that have nothing to do with them.</summary>
sealed class ManyModes
{
    const int UnrelatedFiles = 300;

    static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);
    static readonly string Decision = Read("DecisionMode.cs");

    readonly SyntaxTree _unrelated, _edited;

    public ManyModes(int modes)
    {
        var files = Enumerable.Range(0, UnrelatedFiles).Select(i => Parse($"Unrelated{i}.cs", Unrelated(i))).ToArray();
        _unrelated = files[UnrelatedFiles / 2];
        _edited = Parse(_unrelated.FilePath, _unrelated.ToString().Replace("return total;", "return total + 1;", StringComparison.Ordinal));
        var sources = Enumerable.Range(0, modes).Select(i => Parse($"Decision{i:000}Mode.cs", Mode(i)));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        Compilation = CSharpCompilation.Create("ManyModes", [Parse("Usings.cs", Usings), .. sources, .. files], References(), options);
    }

    /// <summary>The project.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The project as it is first seen: nothing of it is bound yet.</summary>
    public CSharpCompilation Fresh() => Compilation.Clone();

    /// <summary>The project after a change in the body of a method of a file without modes. As in an editor, what the compiler had bound is gone.</summary>
    public CSharpCompilation Edited() => Compilation.ReplaceSyntaxTree(_unrelated, _edited);

    /// <summary>A driver that has seen nothing.</summary>
    public static GeneratorDriver Driver(IIncrementalGenerator generator, bool trackSteps = false) => CSharpGeneratorDriver.Create(
        [generator.AsSourceGenerator()], parseOptions: Parsing, driverOptions: new(IncrementalGeneratorOutputKind.None, trackSteps));

    static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, Parsing, path);

    static string Mode(int number) => Decision
        .Replace("DecisionMode", $"Decision{number:000}Mode", StringComparison.Ordinal)
        .Replace("macp.mode.decision.v1", $"ext.decision{number:000}.v1", StringComparison.Ordinal);

    static string Unrelated(int number) => $$"""
        namespace Unrelated.Part{{number % 10}};

        /// <summary>An order of a shop.</summary>
        [Serializable]
        public sealed class Order{{number}}(string customer)
        {
            readonly List<(string Article, int Count, decimal Price)> _lines = [];

            public string Customer { get; } = customer;

            [Obsolete("Use Add.")]
            public void Put(string article) => Add(article, 1, {{number}});

            public void Add(string article, int count, decimal price)
            {
                if (count <= 0) throw new ArgumentOutOfRangeException(nameof(count));
                _lines.Add((article, count, price));
            }

            public decimal Total()
            {
                decimal total = 0;
                foreach (var line in _lines) total += line.Count * line.Price;
                return total;
            }
        }
        """;

    const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        """;

    /// <summary>The framework and what a project of modes references, not what this program does besides.</summary>
    static IEnumerable<MetadataReference> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] own = ["Google.Protobuf", "Macp.Client", "Macp.Grpc", "Macp.Modes", "Macp.Modes.Standard", "Macp.Protocol"];
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework || own.Contains(Path.GetFileNameWithoutExtension(path)))
            .Select(static path => MetadataReference.CreateFromFile(path));
    }

    static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(ManyModes).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
