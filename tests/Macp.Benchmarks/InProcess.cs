using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Macp.Benchmarks;

/// <summary>How everything here is measured: in this process, so that nothing is restored or built, with allocations.</summary>
sealed class InProcess : ManualConfig
{
    public InProcess()
    {
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(10).WithIterationCount(15));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        HideColumns(Column.Job, Column.Toolchain, Column.InvocationCount, Column.UnrollFactor, Column.IterationCount, Column.WarmupCount);
        AddColumn(StatisticColumn.Median);
        HideColumns(Column.RatioSD, Column.Gen0, Column.Gen1, Column.Gen2);
    }
}
