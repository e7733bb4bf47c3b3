using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Snapshots;

public sealed class DecisionSnapshots
{
    static readonly Generated Decision = Generate.From(Source.Decision, Source.DecisionPolicy, ClientStub.Source);

    [Theory]
    [InlineData("Descriptor")]
    [InlineData("Payloads")]
    [InlineData("Validator")]
    [InlineData("Reducer")]
    [InlineData("State")]
    [InlineData("Projection")]
    [InlineData("Handler")]
    [InlineData("Session")]
    [InlineData("Anomalies")]
    [InlineData("Policy")]
    public void Each_part_of_decision_reads_as_it_was_verified(string part) => Snapshot.Matches("Snapshots", $"DecisionMode.{part}", Decision.Part(part));

    [Fact]
    public void Nothing_else_is_made_of_decision() => Assert.Equal(
        ["Anomalies", "Descriptor", "Handler", "Payloads", "Policy", "Projection", "Reducer", "Session", "State", "Validator"],
        Decision.Files.Keys.Select(f => f["Macp.Modes.Standard.DecisionMode.".Length..^".g.cs".Length]).Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_made_of_decision_compiles_without_a_warning() => Decision.Compiles();

    [Fact]
    public void Generated_lines_end_in_line_feeds_and_none_but_a_long_type_is_longer_than_150_columns() => Assert.All(Decision.Files, file =>
    {
        Assert.DoesNotContain('\r', file.Value);
        Assert.False(file.Value.StartsWith('\uFEFF'));
        Assert.EndsWith("}\n", file.Value);
        Assert.All(file.Value.Split('\n'), line => Assert.True(line == line.TrimEnd() && (line.Length <= 150 || IsOneType(line)), $"{file.Key}: {line}"));
    });

    /// <summary>The head of a member whose type leaves no place for a break.</summary>
    static bool IsOneType(string line) => line.StartsWith("    public global::System.Collections.Generic.", StringComparison.Ordinal) && line.EndsWith(" =>", StringComparison.Ordinal);
}
