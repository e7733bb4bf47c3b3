using Macp.Tests;

namespace Macp.Architecture.Tests;

/// <summary>Who may know whom. An arrow that is not here is a mistake, or a decision to be made here first.</summary>
public class ArrowTests
{
    static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Macp.Protocol"] = [],
        ["Macp.Grpc"] = [],
        ["Macp.Modes"] = ["Macp.Protocol"],
        ["Macp.Runtime"] = ["Macp.Modes", "Macp.Protocol"],
        ["Macp.Client"] = ["Macp.Grpc", "Macp.Modes", "Macp.Protocol"],
        ["Macp.Agents"] = ["Macp.Client", "Macp.Modes", "Macp.Modes.MultiRound", "Macp.Modes.Standard", "Macp.Protocol"],
        ["Macp.Server"] = ["Macp.Grpc", "Macp.Modes", "Macp.Protocol", "Macp.Runtime"],
        ["Macp.Testing"] = ["Macp.Client", "Macp.Grpc", "Macp.Modes", "Macp.Protocol", "Macp.Runtime", "Macp.Server"],
        ["Macp.Samples"] = ["Macp.Agents", "Macp.Client", "Macp.Modes", "Macp.Modes.MultiRound", "Macp.Modes.Standard", "Macp.Protocol", "Macp.Server"],
        ["Macp.Cli"] = ["Macp.Client", "Macp.Grpc", "Macp.Modes", "Macp.Modes.MultiRound", "Macp.Modes.Standard", "Macp.Protocol", "Macp.Runtime", "Macp.Server", "Macp.Testing"],
    };

    // A mode may bring its session client; who hosts it is none of its business.
    static readonly string[] ModesMayKnow = ["Macp.Client", "Macp.Modes", "Macp.Protocol"];

    // Only who speaks HTTP, and who hosts it.
    static readonly string[] MayKnowAspNet = ["Macp.Agents", "Macp.Grpc", "Macp.Server", "Macp.Testing", "Macp.Samples", "Macp.Cli"];

    public static TheoryData<string> Product => [.. Project.Product.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Product))]
    public void An_assembly_knows_only_those_below_it(string name)
    {
        var project = Project.Product.Single(p => p.Name == name);
        string[] allowed = project.Folder == "modes" ? ModesMayKnow : MayKnow[name];

        Assert.Empty(References.Assemblies(project.AssemblyPath).Where(References.IsOurs).Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Product))]
    public void Its_project_file_says_nothing_else(string name)
    {
        var project = Project.Product.Single(p => p.Name == name);
        string[] allowed = project.Folder == "modes" ? ModesMayKnow : MayKnow[name];

        // What is built before it and carried along in its package it does not know.
        var references = project.Xml.Descendants("ProjectReference").Where(r => r.Attribute("ReferenceOutputAssembly")?.Value != "false").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Product))]
    public void Asp_net_is_known_only_where_http_is_spoken(string name)
    {
        var project = Project.Product.Single(p => p.Name == name);
        if (MayKnowAspNet.Contains(name)) return;

        Assert.DoesNotContain(References.Assemblies(project.AssemblyPath), a => a.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.Empty(project.Xml.Descendants("FrameworkReference"));
    }

    [Fact]
    public void The_generator_references_no_assembly_of_ours()
    {
        string output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name; // Debug or Release
        string generator = Path.Combine(SharedFolder.Repository, "generators", "Macp.Modes.Generators", "bin", output, "netstandard2.0", "Macp.Modes.Generators.dll");

        Assert.DoesNotContain(References.Assemblies(generator), References.IsOurs);
        Assert.All(Project.All.Where(p => p.Folder == "generators"), p => Assert.Empty(p.Xml.Descendants("ProjectReference")));
    }

    [Theory]
    [InlineData("Macp.Protocol"), InlineData("Macp.Modes"), InlineData("Macp.Modes.Standard")]
    public void What_modes_are_made_of_reaches_no_clock_no_chance_and_no_outside(string name)
    {
        string[] refused = ["System.TimeProvider", "System.Random", "System.Environment", "System.Console", "System.Diagnostics.Stopwatch", "System.IO.File", "System.IO.FileStream", "System.IO.Directory"];
        var types = References.Types(Project.Product.Single(p => p.Name == name).AssemblyPath);

        Assert.Empty(types.Intersect(refused));
        Assert.DoesNotContain(types, type => type.StartsWith("System.Net.", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_of_the_product_has_its_arrows() =>
        Assert.Equal(Project.All.Where(p => p.Folder == "src").Select(p => p.Name).Order(StringComparer.Ordinal), MayKnow.Keys.Order(StringComparer.Ordinal));
}
