using Macp.Modes.Generators.Reading;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Diagnosing;

/// <summary>Whatever an author has typed so far, the generator and the analyzer say something or nothing, and never throw.</summary>
public sealed class FuzzTests
{
    const int Rounds = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Half_a_mode_makes_nobody_throw(int seed)
    {
        var random = new Random(seed);
        var source = seed == 1 ? Source.Decision : Auction.Source;
        var tokens = source.Parse().GetRoot().DescendantTokens().Select(t => t.ToFullString()).ToArray();
        var compilation = Compile.Of(source, ClientStub.Source);
        var driver = Generate.Driver();
        for (int round = 0; round < Rounds; round++)
        {
            var text = Damage(tokens, random);
            var damaged = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Single(t => t.FilePath == source.Path), (source with { Text = text }).Parse());
            driver = driver.RunGeneratorsAndUpdateCompilation(damaged, out var output, out _);
            Assert.True(driver.GetRunResult().Results.Single().Exception is null, $"round {round}: {driver.GetRunResult().Results.Single().Exception}\n{text}");
            Read(output);
            if (round % 20 == 0) await Analyze.Run(output);
        }
    }

    /// <summary>What the analyzer does with each mode class, without the cost of a compilation that is analyzed through.</summary>
    static void Read(Compilation compilation)
    {
        foreach (var type in compilation.GetSymbolsWithName(name => name.EndsWith("Mode", StringComparison.Ordinal), SymbolFilter.Type).OfType<INamedTypeSymbol>())
            if (type.Find(Attributes.Mode) is not null)
                Assert.All(ModeReader.Read(type, default).Findings, finding => Assert.NotEmpty(finding.ToDiagnostic(default).GetMessage()));
    }

    static string Damage(string[] tokens, Random random)
    {
        var left = tokens.ToList();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(left.Count);
            switch (random.Next(4))
            {
                case 0: left.RemoveAt(at); break;
                case 1: left.Insert(at, left[at]); break;
                case 2: left.RemoveRange(at, Math.Min(random.Next(1, 30), left.Count - at)); break;
                default: left[at] = tokens[random.Next(tokens.Length)]; break;
            }
            if (left.Count == 0) break;
        }
        return string.Concat(left);
    }
}
