using System.Text.RegularExpressions;
using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Snapshots;

/// <summary>Everything that is made of the repository's modes, as it was read and verified.</summary>
public sealed class ModeSnapshots
{
    static readonly Dictionary<string, Generated> Modes = Source.Modes.ToDictionary(mode => mode, mode => Generate.From([.. Source.OfMode(mode), ClientStub.Source]));

    // By the names of their files without the namespace: DecisionMode.Validator.
    static readonly Dictionary<string, string> Texts = Modes.SelectMany(mode => mode.Value.Files.Select(file =>
        KeyValuePair.Create(file.Key[file.Key.IndexOf(mode.Key + ".", StringComparison.Ordinal)..^".g.cs".Length], file.Value))).ToDictionary(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Source.Modes];

    public static TheoryData<string> Parts => [.. Texts.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Each_part_reads_as_it_was_verified(string part) => Snapshot.Matches("Snapshots", part, Texts[part]);

    [Fact]
    public void Nothing_is_verified_that_is_not_made_any_more() => Assert.Equal(Texts.Keys.Order(StringComparer.Ordinal), Snapshot.Verified("Snapshots"));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_made_of_it_compiles_without_a_warning(string mode) => Modes[mode].Compiles();

    [Theory]
    [MemberData(nameof(Names))]
    public void Generated_lines_end_in_line_feeds_and_none_but_one_without_a_place_to_break_is_longer_than_150_columns(string mode) => Assert.All(Modes[mode].Files, file =>
    {
        Assert.DoesNotContain('\r', file.Value);
        Assert.False(file.Value.StartsWith('\uFEFF'));
        Assert.EndsWith("}\n", file.Value);
        Assert.All(file.Value.Split('\n'), line => Assert.True(line == line.TrimEnd() && (line.Length <= 150 || HasNoBreak(line)), $"{file.Key}: {line}"));
    });

    /// <summary>The head of a member whose type is long, a text of the author's, or a call that is handed the mode's rules.</summary>
    static bool HasNoBreak(string line) => line.StartsWith("    public global::System.Collections.Generic.", StringComparison.Ordinal) && line.EndsWith(" =>", StringComparison.Ordinal)
        || Regex.IsMatch(line, @"^ +(Description = |new global::Macp\.Modes\.Check\.\w+\()?""[^""]*""") || line.Contains(".RulesAs<", StringComparison.Ordinal);
}
