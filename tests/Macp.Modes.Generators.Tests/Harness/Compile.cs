using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>Compilations under the law of the repository's build: nullable, documentation checked, warnings are errors.</summary>
internal static class Compile
{
    const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // This assembly has the protobuf messages of the harness; those of the repository's modes are in theirs.
    static readonly MetadataReference[] References =
        [.. Platform().Append(typeof(Compile).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path))];

    static readonly CSharpCompilationOptions Options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: false)
        // The repository's modes are compiled in the sight of the assemblies that hold them already; usings are the project's.
        .WithSpecificDiagnosticOptions(Ignored("CS0436", "CS8019", "CS1591"));

    public static CSharpCompilation Of(params IReadOnlyList<Source> sources) => CSharpCompilation.Create(
        "Under.Test", sources.Select(s => s.Parse()).Prepend(new Source("GlobalUsings.cs", Usings).Parse()), References, Options);

    /// <summary>Everything that the compiler has to say about an assembly and its documentation, as its build would print it.</summary>
    public static IReadOnlyList<string> Complaints(Compilation compilation)
    {
        using var assembly = new MemoryStream();
        using var documentation = new MemoryStream();
        return [.. compilation.Emit(assembly, xmlDocumentationStream: documentation).Diagnostics.Where(d => d.Severity > DiagnosticSeverity.Hidden).Select(d => d.ToString())];
    }

    static IEnumerable<string> Platform() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => IsOurs(Path.GetFileName(path)));

    static bool IsOurs(string file) => file.StartsWith("System.", StringComparison.Ordinal)
        || file is "netstandard.dll" or "mscorlib.dll" or "Google.Protobuf.dll" or "Macp.Protocol.dll" or "Macp.Modes.dll" or "Macp.Modes.Standard.dll" or "Macp.Modes.MultiRound.dll";

    static IEnumerable<KeyValuePair<string, ReportDiagnostic>> Ignored(params string[] ids) => ids.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress));
}
