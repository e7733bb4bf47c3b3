using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Macp.Tests;
using Macp.Wire.V1;

namespace Macp.Protocol.Tests.Wire;

/// <summary>The .proto files against the specification's page of packages, messages, fields and methods.</summary>
public partial class WirePageTests
{
    const string Page = "spec/wire.md";

    // Those of macp.v1 by name; those of the standard modes as far as there are any.
    static readonly FileDescriptor[] Files =
    [
        EnvelopeReflection.Descriptor, CoreReflection.Descriptor, PolicyReflection.Descriptor,
        .. typeof(WirePageTests).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Macp.Wire.Modes.", StringComparison.Ordinal) is true && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!),
    ];

    [SharedFact(Page)]
    public void Every_message_field_enum_and_method_is_the_one_of_the_page()
    {
        var page = Read();
        foreach (var file in Files)
        {
            Assert.True(page.TryGetValue((file.Package, file.Name), out var lines), $"the page has no file {file.Name} of package {file.Package}");
            Assert.Equal(lines.Order(StringComparer.Ordinal), DescriptorText.Of(file).Order(StringComparer.Ordinal));
        }
    }

    [SharedFact(Page)]
    public void The_page_is_read_whole()
    {
        var page = Read();
        Assert.Equal(9, page.Count);
        Assert.Equal(24, page.Values.Sum(lines => lines.Count(line => line.Contains(" -> ", StringComparison.Ordinal))));
        Assert.Equal(3, page.Keys.Count(file => file.Package == "macp.v1"));
    }

    [Fact]
    public void Decision_is_among_the_files() => Assert.Contains(Files, file => file.Package == "macp.modes.decision.v1");

    [Fact]
    public void The_runtime_is_one_service_of_24_methods()
    {
        var service = Assert.Single(CoreReflection.Descriptor.Services);
        Assert.Equal("macp.v1.MACPRuntimeService", service.FullName);
        Assert.Equal(24, service.Methods.Count);
    }

    [Fact]
    public void Generated_code_stands_in_namespaces_in_which_nobody_writes_code() => Assert.All(Files, file =>
        Assert.All(file.MessageTypes, message => Assert.Matches(@"^Macp\.Wire\.(V1|Modes\.[A-Za-z]+\.V1)$", message.ClrType.Namespace)));

    /// <summary>The lines of the page by package and file, without the mark-up.</summary>
    static Dictionary<(string Package, string File), List<string>> Read()
    {
        var files = new Dictionary<(string, string), List<string>>();
        List<string>? lines = null;
        foreach (string line in File.ReadLines(SharedFolder.Of(Page)))
        {
            if (Heading().Match(line) is { Success: true } heading) files.Add((heading.Groups[1].Value, heading.Groups[2].Value), lines = []);
            else if (lines is not null && line.StartsWith("- ", StringComparison.Ordinal)) lines.Add(line[2..].Replace("`", "", StringComparison.Ordinal));
        }
        return files;
    }

    [GeneratedRegex(@"^## Package `([\w.]+)` \(file `([\w./]+)`\)$")]
    private static partial Regex Heading();
}
