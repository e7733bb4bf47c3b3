using System.Runtime.CompilerServices;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Incrementality;

public sealed class MemoryTests
{
    [Fact]
    public void A_driver_that_lives_keeps_no_compilation_but_its_last()
    {
        var driver = Generate.Driver();
        var earlier = Enumerable.Range(0, 4).Select(round => Run(ref driver, round)).ToList();
        Run(ref driver, 4);

        for (int i = 0; i < 10 && earlier.Exists(c => c.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.DoesNotContain(earlier, c => c.IsAlive);
        GC.KeepAlive(driver);
    }

    /// <summary>A compilation with symbols of its own; the last has the mode of the one before it, whose model is the one that is kept.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference Run(ref GeneratorDriver driver, int round)
    {
        var compilation = Compile.Of(
            Auction.Source.With("0, 1000)", $"0, {1000 + (round + 1) / 2})"), ClientStub.Source, new("Round.cs", $"class Round{round};"));
        driver = driver.RunGenerators(compilation);
        Assert.Equal(10, driver.GetRunResult().Results.Single().GeneratedSources.Length);
        return new(compilation);
    }
}
