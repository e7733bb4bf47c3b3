using System.Globalization;
using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the queries: public static methods that take the state first and have no other part in the mode.</summary>
internal static class QueryReader
{
    /// <summary>Members that every projection has.</summary>
    public static readonly string[] ProjectionMembers =
        ["Session", "Phase", "Anomalies", "Transcript", "Commitment", "IsCommitted", "IsPositiveOutcome", "Apply", "Reset", "UsePolicy", "CopyState", "ToJson", "CanCommit", "Preflight", "Query", "Evolve", "PhaseOf", "WriteState",
        "Equals", "ReferenceEquals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize"];

    public static EquatableArray<QueryModel> Read(ModeDeclaration mode, StateModel state)
    {
        var taken = new HashSet<string>(ProjectionMembers.Concat(state.Members.Select(m => m.Name)), StringComparer.Ordinal);
        foreach (var member in state.Members.Where(m => ProjectionMembers.Contains(m.Name)))
            mode.Findings.Add(ModeRules.NameTaken, mode.State.GetMembers(member.Name)[0], "State", member.Name);

        var queries = new List<QueryModel>();
        foreach (var method in mode.Methods.Where(m => IsQuery(mode, m)))
        {
            if (!taken.Add(method.Name)) mode.Findings.Add(ModeRules.NameTaken, method, mode.Type.Name, method.Name);
            else queries.Add(new(method.Name, Result(method.ReturnType), method.Parameters.Select(p => Parameter(mode, p)).ToEquatableArray()));
        }
        return queries.ToEquatableArray();
    }

    static bool IsQuery(ModeDeclaration mode, IMethodSymbol method) =>
        method is { IsStatic: true, IsGenericMethod: false, ReturnsVoid: false, DeclaredAccessibility: Accessibility.Public, Parameters.Length: > 0 }
        && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, mode.State)
        && method.Parameters.All(p => p.RefKind is RefKind.None or RefKind.In)
        && !method.GetAttributes().Any(a => Attributes.Word(a) is { } word && Attributes.Parts.Contains(word));

    static QueryParameter Parameter(ModeDeclaration mode, IParameterSymbol parameter)
    {
        var supplied = MethodBinder.Argument(mode, parameter.Type, null) is Argument.State or Argument.Session or Argument.Rules
            ? MethodBinder.Argument(mode, parameter.Type, null)
            : null;
        return new(Names.Escape(parameter.Name), parameter.Type.ToDisplayString(PayloadReader.TypeFormat), supplied, parameter.HasExplicitDefaultValue ? Default(parameter) : null);
    }

    /// <summary>Collections are told apart from the rest: the projection hands out copies of them.</summary>
    static TypeModel Result(ITypeSymbol type)
    {
        string name = type.ToDisplayString(PayloadReader.TypeFormat);
        if (type.NullableAnnotation == NullableAnnotation.Annotated || type.SpecialType == SpecialType.System_String) return new OtherType(name);
        if (Collections.TableOf(type) is { } table) return new TableType(name, Result(table.Key), Result(table.Value));
        if (Collections.SetOf(type) is { } member) return new SetType(name, Result(member));
        return Collections.ListOf(type) is { } item ? new ListType(name, Result(item)) : new OtherType(name);
    }

    static string Default(IParameterSymbol parameter) => parameter.ExplicitDefaultValue switch
    {
        null => "default",
        string text => Names.Literal(text),
        bool flag => flag ? "true" : "false",
        double number => Special(number, "double") ?? number.ToString("R", CultureInfo.InvariantCulture),
        float number => Special(number, "float") ?? number.ToString("R", CultureInfo.InvariantCulture) + "f",
        decimal number => number.ToString(CultureInfo.InvariantCulture) + "m",
        var value when Enumeration(parameter.Type) is { } type => $"({type.ToDisplayString(PayloadReader.TypeFormat)})({Convert.ToString(value, CultureInfo.InvariantCulture)})",
        var value => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
    };

    static string? Special(double number, string type) =>
        double.IsNaN(number) ? type + ".NaN" : double.IsPositiveInfinity(number) ? type + ".PositiveInfinity" : double.IsNegativeInfinity(number) ? type + ".NegativeInfinity" : null;

    static ITypeSymbol? Enumeration(ITypeSymbol type)
    {
        var value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped ? wrapped.TypeArguments[0] : type;
        return value.TypeKind == TypeKind.Enum ? value : null;
    }
}
