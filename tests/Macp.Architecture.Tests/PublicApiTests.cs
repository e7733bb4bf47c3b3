using System.Reflection;
using System.Xml.Linq;
using Macp.Tests;

namespace Macp.Architecture.Tests;

/// <summary>What is public is approved: a change of it is seen in review. And what is public is documented.</summary>
public class PublicApiTests
{
    const string Accept = "MACP_ACCEPT_SNAPSHOTS";

    public static TheoryData<string> Product => [.. Project.Product.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Product))]
    public void Is_as_approved(string name)
    {
        string approved = Path.Combine(SharedFolder.Repository, "tests", "Macp.Architecture.Tests", "Approved", name + ".approved.txt");
        string actual = PublicApi.Write(Load(name));
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllText(approved, actual);

        string[] before = File.Exists(approved) ? File.ReadAllLines(approved) : [], now = actual.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (before.SequenceEqual(now)) return;
        Assert.Fail($"""
            The public API of {name} is not the one that is approved in {Project.Relative(approved)}:
            {string.Join('\n', before.Except(now).Select(line => "- " + line.Trim()).Concat(now.Except(before).Select(line => "+ " + line.Trim())).DefaultIfEmpty("the same lines in another order"))}
            If this is meant, accept it: {Accept}=1 dotnet test tests/Macp.Architecture.Tests, and commit the file.
            """);
    }

    [Theory]
    [MemberData(nameof(Product))]
    public void Is_documented(string name)
    {
        var project = Project.Product.Single(p => p.Name == name);
        var documented = XDocument.Load(Path.ChangeExtension(project.AssemblyPath, ".xml")).Descendants("member")
            .Where(member => member.HasElements).Select(member => WithoutSignature(member.Attribute("name")!.Value)).ToHashSet(StringComparer.Ordinal);

        var undocumented = PublicApi.Types(Load(name)).SelectMany(type => PublicApi.Members(type)
            .Where(member => !IsSaidElsewhere(member) && !(project.Folder == "modes" && IsPositional(member))).Select(member => Id(member)).Prepend($"T:{Name(type)}")).Where(id => !documented.Contains(id)).Distinct();

        Assert.Empty(undocumented);
    }

    [Fact]
    public void Every_approved_text_is_that_of_a_project() => Assert.Empty(
        Directory.GetFiles(Path.Combine(SharedFolder.Repository, "tests", "Macp.Architecture.Tests", "Approved")).Select(f => Path.GetFileName(f).Replace(".approved.txt", "", StringComparison.Ordinal)).Except(Project.Product.Select(p => p.Name)));

    static Assembly Load(string name) => Assembly.Load(Project.Product.Single(p => p.Name == name).AssemblyName);

    // An override means what it overrides; a constructor without a written one says nothing; a delegate is documented as a type.
    static bool IsSaidElsewhere(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetBaseDefinition() != method || member.DeclaringType!.BaseType == typeof(MulticastDelegate),
        ConstructorInfo constructor => constructor.GetParameters().Length == 0 || member.DeclaringType!.BaseType == typeof(MulticastDelegate),
        PropertyInfo property => property.GetMethod is { } get && get.GetBaseDefinition() != get,
        _ => false,
    };

    // What a mode's records hold is what its messages carry, and the .proto file tells that.
    static bool IsPositional(MemberInfo member) => member is PropertyInfo && member.DeclaringType!.GetConstructors().Any(c => c.GetParameters().Any(p => p.Name == member.Name));

    static string Id(MemberInfo member) => $"{member switch { FieldInfo => 'F', PropertyInfo => 'P', EventInfo => 'E', _ => 'M' }}:{Name(member.DeclaringType!)}.{member.Name.Replace('.', '#')}";

    static string Name(Type type) => type.FullName!.Replace('+', '.');

    // Overloads share an entry here: the compiler asks for each of them where a project is built.
    static string WithoutSignature(string id) => id.Split('(')[0].Split("``")[0].Split('~')[0];
}
