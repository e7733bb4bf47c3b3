using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Macp.Benchmarks.Generating;

/// <summary>The control: what Roslyn itself takes to find the mode classes. It reads nothing of them and writes nothing.</summary>
sealed class FloorGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var found = context.SyntaxProvider.ForAttributeWithMetadataName("Macp.Modes.ModeAttribute", static (node, _) => node is ClassDeclarationSyntax, static (_, _) => true);
        context.RegisterSourceOutput(found, static (_, _) => { });
    }
}
