using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the methods that are about the mode as a whole: the computed phase and the start rules.</summary>
internal static class PartReader
{
    public static MethodModel? ReadComputedPhase(ModeDeclaration mode)
    {
        var methods = mode.Methods.Where(m => m.Find(Attributes.ComputedPhase) is not null).ToArray();
        foreach (var second in methods.Skip(1)) mode.Findings.Add(ModeRules.TwoCommitments, second, second.Name, "ComputedPhase", methods[0].Name);
        return methods.Length == 0 ? null : MethodBinder.Bind(
            mode, methods[0], "a static method that returns Phase", r => SymbolEqualityComparer.Default.Equals(r, mode.Phase), null,
            Argument.State, Argument.Session, Argument.Rules);
    }

    public static EquatableArray<MethodModel> ReadStartRules(ModeDeclaration mode) => mode.Methods
        .Where(m => m.Find(Attributes.StartRule) is not null)
        .Select(m => MethodBinder.Bind(mode, m, "a static method that returns Rejection?", MethodBinder.ReturnsRejection, null, Argument.Session, Argument.Rules)?.Saying(m, Attributes.StartRule))
        .OfType<MethodModel>()
        .ToEquatableArray();
}

/// <summary>Reads the commitment rule.</summary>
internal static class CommitmentReader
{
    public static (MethodModel? Rule, string Committed, CommitmentText? Text) Read(ModeDeclaration mode)
    {
        var methods = mode.Methods.Where(m => m.Find(Attributes.Commitment) is not null).ToArray();
        if (methods.Length == 0)
        {
            mode.Findings.Add(ModeRules.NoCommitment, mode.Type, mode.Type.Name);
            return (null, mode.PhaseNames.Last(), null);
        }
        foreach (var second in methods.Skip(1)) mode.Findings.Add(ModeRules.TwoCommitments, second, second.Name, "Commitment", methods[0].Name);

        var rule = MethodBinder.Bind(
            mode, methods[0], "a static method that returns Rejection?", MethodBinder.ReturnsRejection, null,
            Argument.State, Argument.Positive, Argument.Session, Argument.Rules)?.Saying(methods[0], Attributes.Commitment, "Positive");
        var attribute = methods[0].Find(Attributes.Commitment)!;
        string committed = PhaseReader.Read(mode, methods[0], attribute, "MovesTo").FirstOrDefault() ?? mode.PhaseNames.Last();

        var positive = Phases("PositiveDuring", mode.PhaseNames.Where(p => p != committed));
        return (rule, committed, rule is null ? null : new(
            attribute.NamedText("Negative") is { Length: > 0 } negative ? negative : rule.Says, positive.ToEquatableArray(), Phases("NegativeDuring", positive).ToEquatableArray()));

        IEnumerable<string> Phases(string argument, IEnumerable<string> otherwise)
        {
            var said = PhaseReader.Read(mode, methods[0], attribute, argument);
            if (said.Contains(committed)) mode.Findings.Add(ModeRules.UnknownPhase, methods[0], attribute, "Phase." + committed, methods[0].Name);
            return said.Count > 0 ? said.Where(phase => phase != committed) : otherwise;
        }
    }
}

/// <summary>Reads the phases that an attribute names.</summary>
internal static class PhaseReader
{
    public static IReadOnlyList<string> Read(ModeDeclaration mode, IMethodSymbol method, AttributeData attribute, string argument) =>
        attribute.Named(argument) is { } value ? Read(mode, method, attribute, value) : [];

    public static IReadOnlyList<string> Read(ModeDeclaration mode, IMethodSymbol method, AttributeData attribute, TypedConstant value)
    {
        var constants = value.Kind != TypedConstantKind.Array ? [value] : value.IsNull ? [] : value.Values;
        var names = new List<string>();
        foreach (var constant in constants)
        {
            if (Name(mode, constant) is { } name) names.Add(name);
            else mode.Findings.Add(ModeRules.UnknownPhase, method, attribute, constant.ToCSharpStringSafe(), method.Name);
        }
        return names;
    }

    static string? Name(ModeDeclaration mode, TypedConstant constant) =>
        SymbolEqualityComparer.Default.Equals(constant.Type, mode.Phase)
            ? mode.Phase.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, constant.Value))?.Name
            : null;

    static string ToCSharpStringSafe(this TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error ? "The value" : Microsoft.CodeAnalysis.CSharp.TypedConstantExtensions.ToCSharpString(constant);
}
