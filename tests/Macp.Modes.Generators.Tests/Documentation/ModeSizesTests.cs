using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Documentation;

/// <summary>docs/mode-sizes.md is counted, never written by hand.</summary>
public sealed class ModeSizesTests
{
    const int Budget = 100;

    public static TheoryData<string> Modes => [.. Source.Modes];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_mode_is_said_in_a_hundred_lines(string mode) => Assert.InRange(CodeLines.Count(Source.OfMode(mode)[0]), 20, Budget);

    [Fact]
    public void The_page_of_sizes_tells_every_mode_as_it_is() => Page.Matches("mode-sizes.md", $"""
        # Sizes of the modes

        Lines of each built-in mode class that hold code: blank lines and comments of any kind do not count, attributes and braces do. A class may have {Budget}. What
        policies may rule about it, and their evaluator, stand in files beside it and are counted apart. This page is written by a test.

        | mode | lines | files beside it |
        | --- | ---: | --- |
        {string.Join('\n', Source.Modes.Select(Row))}

        What a class is compiled to is in the snapshots of the generator's tests, `tests/Macp.Modes.Generators.Tests/Snapshots/_snapshots`.

        """);

    [Fact]
    public void Neither_blank_lines_nor_comments_of_any_kind_are_counted() => Assert.Equal(4, CodeLines.Count(new("Some.cs", """"
        // one
        /// <summary>two</summary>
        class Some /* three */
        {
            /* four
               five */

            string _text = """six, seven""";
        }
        #if NEVER
        class Other;
        #endif
        """")));

    static string Row(string mode)
    {
        var files = Source.OfMode(mode);
        return $"| `{mode}` | {CodeLines.Count(files[0])} | {string.Join(", ", files.Skip(1).Select(file => $"`{file.Path}` {CodeLines.Count(file)}"))} |";
    }
}
