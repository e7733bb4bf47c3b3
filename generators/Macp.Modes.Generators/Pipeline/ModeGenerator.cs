using System.Text;
using Macp.Modes.Generators.Emitting;
using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Macp.Modes.Generators.Pipeline;

/// <summary>Compiles each mode class into its files. Symbols stop at the reader; what flows from there is data and text.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModeGenerator : IIncrementalGenerator
{
    const string SessionBase = "Macp.Client.ModeSession`1";

    /// <summary>The outputs that need nothing but the vocabulary, by the name of their part.</summary>
    static readonly (string Part, Func<ModeModel, string?> Emit)[] Outputs =
    [
        ("Descriptor", DescriptorEmitter.Emit),
        ("Payloads", PayloadsEmitter.Emit),
        ("Validator", ValidatorEmitter.Emit),
        ("Reducer", ReducerEmitter.Emit),
        ("State", StateEmitter.Emit),
        ("Projection", ProjectionEmitter.Emit),
        ("Handler", HandlerEmitter.Emit),
        ("DueMessages", DueEmitter.Emit),
        ("Anomalies", AnomalyEmitter.Emit),
        ("Policy", PolicyEmitter.Emit),
    ];

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var modes = context.SyntaxProvider
            .ForAttributeWithMetadataName(Attributes.ModeMetadataName, static (node, _) => node is ClassDeclarationSyntax, Read)
            .Where(static mode => mode is not null)
            .Select(static (mode, _) => mode!)
            .WithTrackingName(TrackingNames.Modes);

        var namesakes = modes.Collect().Select(FindNamesakes).WithTrackingName(TrackingNames.Namesakes);
        var files = modes.Combine(namesakes).Select(static (pair, _) => (Mode: pair.Left, File: FileName(pair.Left, pair.Right))).WithTrackingName(TrackingNames.Files);
        context.RegisterSourceOutput(files, static (output, file) =>
        {
            foreach (var (part, emit) in Outputs)
                if (emit(file.Mode) is { } text) output.AddSource($"{file.File}.{part}.g.cs", SourceText.From(text, Encoding.UTF8));
        });

        // An assembly that never references the client library gets no session client.
        var hasClient = context.CompilationProvider.Select(static (compilation, _) => compilation.GetTypeByMetadataName(SessionBase) is not null).WithTrackingName(TrackingNames.HasClient);
        var clientFiles = files.Combine(hasClient).Where(static pair => pair.Right).Select(static (pair, _) => pair.Left).WithTrackingName(TrackingNames.ClientFiles);
        context.RegisterSourceOutput(clientFiles, static (output, file) =>
            output.AddSource($"{file.File}.Session.g.cs", SourceText.From(SessionEmitter.Emit(file.Mode), Encoding.UTF8)));
    }

    static ModeModel? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        // A class with the attribute on two parts comes here twice; a second set of files of the same names would take everybody's code away.
        var first = ModeDeclaration.AttributesOf(type)[0].ApplicationSyntaxReference;
        bool isFirst = first is not null && first.SyntaxTree == context.TargetNode.SyntaxTree && context.TargetNode.Span.Contains(first.Span);
        return isFirst && ModeReader.Read(type, cancellationToken).Model is { } model ? Permanence.Read(model, type, context.SemanticModel.Compilation, cancellationToken) : null;
    }

    /// <summary>Compilers take file names that differ only in case for the same.</summary>
    static EquatableArray<string> FindNamesakes(System.Collections.Immutable.ImmutableArray<ModeModel> modes, CancellationToken cancellationToken) => modes
        .Select(m => m.FullName)
        .GroupBy(n => n, StringComparer.OrdinalIgnoreCase)
        .Where(g => g.Count() > 1)
        .SelectMany(g => g)
        .OrderBy(n => n, StringComparer.Ordinal)
        .ToEquatableArray();

    static string FileName(ModeModel mode, EquatableArray<string> namesakes)
    {
        int place = namesakes.ToList().IndexOf(mode.FullName);
        // An escaped keyword in a namespace is no part of a file's name.
        string name = mode.FullName.Replace("@", "");
        return place < 0 ? name : $"{name}.{place + 1}";
    }
}
