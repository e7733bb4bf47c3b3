using System.Text.RegularExpressions;
using System.Xml.Linq;
using Macp.Tests;

namespace Macp.Modes.Samples.Tests;

/// <summary>The README shows the sample as it is. What it shows besides, <c>tests/walkthrough.sh</c> builds and runs.</summary>
public sealed partial class ReadmeTests
{
    static readonly string Samples = Path.Combine(SharedFolder.Repository, "modes", "Samples");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Samples, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Samples, file).Replace('\\', '/'))
        .Where(file => !file.EndsWith(".csproj", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal))];

    static readonly string Readme = File.ReadAllText(Path.Combine(SharedFolder.Repository, "README.md"));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_the_sample_stands_in_the_readme_as_it_is(string file)
    {
        var shown = NamedBlock().Matches(Readme).Single(block => Path.GetFileName(block.Groups["name"].Value) == Path.GetFileName(file));

        Assert.Equal(File.ReadAllText(Path.Combine(Samples, file)), shown.Groups["text"].Value);
    }

    [Fact]
    public void The_packages_have_the_versions_that_are_made_and_used_here()
    {
        string own = Xml("Directory.Build.props").Descendants("Version").Single().Value;
        var others = Xml("Directory.Packages.props").Descendants("PackageVersion").ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        var named = Package().Matches(Readme);

        Assert.NotEmpty(named);
        Assert.All(named, package => Assert.Equal(package.Groups["id"].Value is var id && others.TryGetValue(id, out string? version) ? version : own, package.Groups["version"].Value));
    }

    [Fact]
    public void The_mode_is_said_in_a_hundred_lines() => Assert.InRange(
        File.ReadLines(Path.Combine(Samples, "Auction", "AuctionMode.cs")).Count(line => line.Trim() is { Length: > 0 } text && !text.StartsWith("//", StringComparison.Ordinal)), 1, 100);

    static XDocument Xml(string file) => XDocument.Load(Path.Combine(SharedFolder.Repository, file));

    [GeneratedRegex("<PackageReference Include=\"(?<id>[^\"]+)\" Version=\"(?<version>[^\"]+)\"")]
    private static partial Regex Package();

    /// <summary>A line that names a file, and the block below it.</summary>
    [GeneratedRegex("^`(?<name>[^`]+)`[^\n]*:\n\n```[a-z]+\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex NamedBlock();
}
