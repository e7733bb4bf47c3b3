using Macp.Modes.Generators.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>
/// Runs the generator. Every run is followed by a second one after an edit of an unrelated file, and no named step and no output may have run
/// again then: what each test asks for besides, all of them ask for.
/// </summary>
internal static class Generate
{
    static readonly Source Unrelated = new("Unrelated.cs", "namespace Elsewhere; internal sealed class Unrelated;");

    public static Generated From(params IReadOnlyList<Source> sources) => From(Compile.Of(sources));

    public static Generated From(Compilation compilation)
    {
        var driver = Driver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        var generated = new Generated(compilation, output, driver.GetRunResult().Results.Single());
        var second = driver.RunGenerators(compilation.AddSyntaxTrees(Unrelated.Parse())).GetRunResult().Results.Single();
        Assert.Null(generated.Result.Exception);
        Assert.Equal(RunReasons.NothingRan, RunReasons.Of(second));
        return generated;
    }

    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new ModeGenerator().AsSourceGenerator()],
        parseOptions: (CSharpParseOptions)Unrelated.Parse().Options,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}

/// <summary>What the generator made of a compilation.</summary>
internal sealed record Generated(Compilation Input, Compilation Output, GeneratorRunResult Result)
{
    /// <summary>The generated texts by the names of their files.</summary>
    public IReadOnlyDictionary<string, string> Files { get; } =
        Result.GeneratedSources.IsDefault ? new Dictionary<string, string>() : Result.GeneratedSources.ToDictionary(s => s.HintName, s => s.SourceText.ToString());

    /// <summary>The only generated text of a part, such as <c>Validator</c>.</summary>
    public string Part(string part) => Files.Single(f => f.Key.EndsWith($".{part}.g.cs", StringComparison.Ordinal)).Value;

    /// <summary>Asserts that everything compiles, documentation included, without a warning.</summary>
    public Generated Compiles()
    {
        Assert.Equal([], Compile.Complaints(Output));
        return this;
    }
}
