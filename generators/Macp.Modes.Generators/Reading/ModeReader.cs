using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Macp.Protocol;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>
/// Reads a mode class: one reader, two hosts. The generator takes the model, which holds no symbol; the analyzer takes the findings. Where a
/// finding spoils a part of the class the model goes on without that part, so that one mistake does not become forty.
/// </summary>
internal static class ModeReader
{
    public static (ModeModel? Model, IReadOnlyList<Finding> Findings) Read(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var declaration = ModeDeclaration.Of(type, findings, cancellationToken);
        return (declaration is null ? null : Read(declaration), findings.All);
    }

    static ModeModel Read(ModeDeclaration mode)
    {
        var identity = ReadIdentity(mode);
        var commitment = CommitmentReader.Read(mode);
        var computed = PartReader.ReadComputedPhase(mode);
        var messages = MessageReader.Read(mode, computed);
        var startRules = PartReader.ReadStartRules(mode);
        var state = StateReader.Read(mode);
        var queries = QueryReader.Read(mode, state);
        var governance = GovernanceReader.Read(mode);
        return new(
            mode.Type.ContainingNamespace.IsGlobalNamespace ? "" : mode.Type.ContainingNamespace.ToDisplayString(NamespaceFormat),
            mode.Type.Name,
            mode.Type.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            identity,
            new(mode.PhaseNames.ToEquatableArray(), commitment.Committed, computed),
            messages,
            commitment.Rule,
            startRules,
            state,
            queries,
            governance,
            commitment.Text);
    }

    static readonly SymbolDisplayFormat NamespaceFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces, miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    static ModeIdentity ReadIdentity(ModeDeclaration mode)
    {
        var attribute = mode.Attribute;
        string identifier = attribute.Text(0), version = attribute.NamedText("Version") ?? "1.0.0";
        if (!Identifiers.IsMode(identifier)) mode.Findings.Add(ModeRules.WrongIdentifier, mode.Type, attribute, identifier);
        if (!Identifiers.IsVersion(version)) mode.Findings.Add(ModeRules.WrongVersion, mode.Type, attribute, version);

        return new(
            identifier,
            version,
            attribute.NamedText("Title") is { Length: > 0 } title ? title : mode.Type.Name.Substring(0, mode.Type.Name.Length - "Mode".Length) + " Mode",
            attribute.NamedText("Description") ?? "",
            EnumName(attribute.Named("Participants")) ?? "Declared",
            EnumName(attribute.Named("Determinism")) ?? "SemanticDeterministic",
            attribute.Named("MinimumParticipants")?.Value as int? ?? 1,
            mode.RulesType?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat));
    }

    static string? EnumName(TypedConstant? constant) =>
        constant is { Kind: TypedConstantKind.Enum, Type: { } type, Value: { } value }
            ? type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => Equals(f.ConstantValue, value))?.Name
            : null;
}
