using System.Text.RegularExpressions;
using System.Xml.Linq;
using Macp.Tests;

namespace Macp.Architecture.Tests;

/// <summary>What holds for every file of the repository.</summary>
public class RepositoryTests
{
    // One idea a file. Tests repeat themselves more than what they test.
    const int LongestFile = 300, LongestTest = 350;

    [Fact]
    public void Every_project_stands_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(SharedFolder.Repository, "Macp.Modes.sln")).Replace('\\', '/');

        Assert.All(Project.All, project => Assert.Contains($"\"{Project.Relative(project.Path)}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place() => Assert.All(
        Project.All.Select(p => p.Path).Append(Path.Combine(SharedFolder.Repository, "Directory.Build.props")).Append(Path.Combine(SharedFolder.Repository, "Directory.Build.targets")),
        path => Assert.DoesNotContain(
            XDocument.Load(path).Descendants("PackageReference").SelectMany(package => package.Attributes().Select(a => a.Name.LocalName).Concat(package.Elements().Select(e => e.Name.LocalName))),
            name => name.StartsWith("Version", StringComparison.Ordinal)));

    [Fact]
    public void No_project_of_the_product_relaxes_what_the_build_asks_of_all()
    {
        string[] rules = ["Nullable", "TreatWarningsAsErrors", "NoWarn", "WarningsNotAsErrors", "IsAotCompatible", "GenerateDocumentationFile", "EnforceCodeStyleInBuild", "AllowUnsafeBlocks"];

        Assert.All(Project.Product, project => Assert.Empty(project.Xml.Descendants().Select(e => e.Name.LocalName).Intersect(rules)));
    }

    [Fact]
    public void No_package_has_two_versions()
    {
        var declared = XDocument.Load(Path.Combine(SharedFolder.Repository, "Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value).ToList();

        Assert.Equal(declared.Distinct(), declared);
    }

    [Fact]
    public void No_file_is_too_long_to_be_one_idea() => Assert.DoesNotContain(
        Project.Files("*.cs").Where(path => !IsWritten(path)).Select(path => (File: Project.Relative(path), Lines: File.ReadLines(path).Count())),
        file => file.Lines > (file.File.StartsWith("tests/", StringComparison.Ordinal) ? LongestTest : LongestFile));

    [Fact]
    public void Nothing_is_left_for_later_in_a_comment()
    {
        var later = new Regex(@"\b(TO" + "DO|FIX" + @"ME|HA" + @"CK|X" + @"XX)\b");

        Assert.Empty(Project.Files("*.cs", "*.proto", "*.csproj", "*.md", "*.py").Where(path => !IsWritten(path) && later.IsMatch(File.ReadAllText(path))).Select(Project.Relative));
    }

    [Fact]
    public void Every_file_of_code_begins_its_namespace_as_its_project_is_named() => Assert.All(
        Project.Product.SelectMany(project => Directory.EnumerateFiles(Path.GetDirectoryName(project.Path)!, "*.cs", SearchOption.AllDirectories)).Where(path => !Regex.IsMatch(path, "[/\\\\](bin|obj)[/\\\\]")),
        path =>
        {
            var declared = Regex.Match(File.ReadAllText(path), @"(?m)^namespace (Macp|Microsoft\.Extensions\.DependencyInjection)\b");
            Assert.True(declared.Success || Path.GetFileName(path) == "Program.cs", $"{Project.Relative(path)} declares no namespace of ours");
        });

    [Fact]
    public void A_proto_file_stands_under_the_path_of_its_package()
    {
        var protos = Project.Files("*.proto").Where(path => !Project.Relative(path).StartsWith("tests/", StringComparison.Ordinal)).ToList();

        Assert.All(protos, path =>
        {
            string package = Regex.Match(File.ReadAllText(path), @"(?m)^package ([a-z0-9_.]+);").Groups[1].Value;
            Assert.EndsWith($"/{package.Replace('.', '/')}/{Path.GetFileName(path)}", "/" + Project.Relative(path), StringComparison.Ordinal);
            if (!Project.IsSample(path)) Assert.Matches(@"(?m)^option csharp_namespace = ""Macp\.Wire\.", File.ReadAllText(path));
        });
        Assert.Superset(
            new HashSet<string> { "src/Macp.Protocol/Protos/macp/v1/envelope.proto", "src/Macp.Protocol/Protos/macp/v1/core.proto", "src/Macp.Protocol/Protos/macp/v1/policy.proto", "modes/Macp.Modes.Standard/macp/modes/decision/v1/decision.proto" },
            protos.Select(Project.Relative).ToHashSet());
    }

    [SharedFact("spec/wire.md")]
    public void A_proto_file_of_the_protocol_has_the_path_that_the_specification_gives()
    {
        var specified = Regex.Matches(File.ReadAllText(SharedFolder.Of("spec/wire.md")), @"\(file `([^`]+\.proto)`\)").Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.All(
            // What does not travel, such as a journal's records, is nobody else's to specify.
            Project.Files("*.proto").Select(Project.Relative).Where(path => path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("modes/Macp.Modes.Standard/", StringComparison.Ordinal))
                .Where(path => path.Contains("/macp/", StringComparison.Ordinal)),
            path => Assert.Contains(specified, file => path.EndsWith("/" + file, StringComparison.Ordinal)));
    }

    // What a tool wrote, and is accepted as it is.
    static bool IsWritten(string path) => path.Contains(".verified.", StringComparison.Ordinal) || path.Contains(".approved.", StringComparison.Ordinal) || path.EndsWith(".g.cs", StringComparison.Ordinal);
}
