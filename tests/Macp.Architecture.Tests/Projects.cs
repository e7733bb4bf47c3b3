using System.Xml.Linq;
using Macp.Tests;

namespace Macp.Architecture.Tests;

/// <summary>A project of the repository.</summary>
sealed record Project(string Path)
{
    static readonly string[] NotOurs = [$"{System.IO.Path.DirectorySeparatorChar}bin{System.IO.Path.DirectorySeparatorChar}", $"{System.IO.Path.DirectorySeparatorChar}obj{System.IO.Path.DirectorySeparatorChar}"];

    public static IReadOnlyList<Project> All { get; } = [.. Files("*.csproj").Select(path => new Project(path))];

    /// <summary>The projects whose assemblies are the product. The samples are somebody else's code, in that somebody's namespaces.</summary>
    public static IReadOnlyList<Project> Product { get; } = [.. All.Where(p => p.Folder is "src" or "modes" && !IsSample(p.Path))];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folder at the repository's top in which it stands.</summary>
    public string Folder => Relative(Path).Split('/')[0];

    public string AssemblyName => Xml.Descendants("AssemblyName").SingleOrDefault()?.Value ?? Name;

    /// <summary>The assembly beside these tests.</summary>
    public string AssemblyPath => System.IO.Path.Combine(AppContext.BaseDirectory, AssemblyName + ".dll");

    public XDocument Xml => XDocument.Load(Path);

    /// <summary>The files of this pattern that somebody wrote, in the order of their names.</summary>
    public static IEnumerable<string> Files(params string[] patterns) => new[] { "src", "generators", "modes", "tests", "docs" }
        .Select(folder => System.IO.Path.Combine(SharedFolder.Repository, folder)).Where(Directory.Exists)
        .SelectMany(folder => patterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)))
        .Where(path => !NotOurs.Any(part => path.Contains(part, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal);

    public static bool IsSample(string path) => Relative(path).StartsWith("modes/Samples/", StringComparison.Ordinal);

    public static string Relative(string path) => System.IO.Path.GetRelativePath(SharedFolder.Repository, path).Replace('\\', '/');
}
