using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Macp.Modes.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace Macp.Benchmarks.Generating;

/// <summary>
/// What the generator adds to a compilation: when it is first seen, and after an edit in a file that has nothing to do with modes. Control: a generator
/// that finds the mode classes and does nothing with them.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class GeneratorBenchmarks
{
    ManyModes _project = null!;
    GeneratorDriver _mode = null!, _floor = null!;

    /// <summary>The number of mode classes.</summary>
    [Params(10, 100)]
    public int Modes { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _project = new(Modes);
        (_mode, _floor) = (GenerateCold(), FindCold());
    }

    [BenchmarkCategory("cold"), Benchmark(Baseline = true)]
    public GeneratorDriver FindCold() => ManyModes.Driver(new FloorGenerator()).RunGenerators(_project.Fresh());

    [BenchmarkCategory("cold"), Benchmark]
    public GeneratorDriver GenerateCold() => ManyModes.Driver(new ModeGenerator()).RunGenerators(_project.Fresh());

    [BenchmarkCategory("edit"), Benchmark(Baseline = true)]
    public GeneratorDriver FindAfterEdit() => _floor.RunGenerators(_project.Edited());

    [BenchmarkCategory("edit"), Benchmark]
    public GeneratorDriver GenerateAfterEdit() => _mode.RunGenerators(_project.Edited());
}
