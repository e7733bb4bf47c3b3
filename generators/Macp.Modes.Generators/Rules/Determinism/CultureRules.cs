using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Finds calls that read, write or compare text as the machine's culture says, because they do not say how.</summary>
sealed class CultureRules(TextForms texts)
{
    const string Ordinal = "Pass StringComparison.Ordinal or StringComparer.Ordinal";
    const string Invariant = "Pass CultureInfo.InvariantCulture";

    /// <summary>Why this use of a member depends on culture; null when it does not.</summary>
    public Refusal? Judge(ISymbol member, ITypeSymbol? receiver, IReadOnlyList<IArgumentOperation> arguments) =>
        Collates(member, arguments) ? Refuse("which compares text by culture", Ordinal)
        : OrderRules.IsUnspecified(member, arguments) ? Refuse("which orders text by culture when no comparer is given", Ordinal)
        : member is IMethodSymbol method && Formats(method, receiver, arguments) ? Refuse("which reads or writes text by culture", Invariant)
        : null;

    /// <summary>Why a format is refused that asks for the culture's digit groups or decimal point.</summary>
    public static readonly Refusal Format = Refuse("which the culture fills in", "Use string.Create(CultureInfo.InvariantCulture, ...)");

    /// <summary>
    /// Why the value of an enum is refused: the comparisons that follow a culture, the invariant one among them, since its tables differ between
    /// platforms.
    /// </summary>
    public static Refusal? JudgeConstant(IFieldSymbol field) =>
        field.ContainingType.Is("System.StringComparison") && !field.Name.StartsWith("Ordinal", StringComparison.Ordinal)
            ? Refuse("which compares text by culture", "Use StringComparison.Ordinal or OrdinalIgnoreCase")
            : null;

    /// <summary>Why a value may not be written into text without a culture; null when its text is always the same.</summary>
    public Refusal? JudgeText(ITypeSymbol? type) => texts.DependOnCulture(type)
        ? Refuse("whose text depends on culture or on the run-time type",
            "Use string.Create(CultureInfo.InvariantCulture, ...) or ToString(CultureInfo.InvariantCulture)")
        : null;

    static Refusal Refuse(string why, string wayOut) => new(DeterminismRules.Culture, why, wayOut);

    static bool Collates(ISymbol member, IReadOnlyList<IArgumentOperation> arguments)
    {
        if (member is not IMethodSymbol method) return false;
        if (method.Name is "CompareTo" && method.ContainingType.Is("System.IComparable"))
            return method.ContainingType.TypeArguments.All(OrderRules.IsTextual);
        if (method.ContainingType.SpecialType is not SpecialType.System_String) return false;
        if (method.Parameters.Any(static p => p.Type.Is("System.StringComparison"))) return false;
        return method.Name switch
        {
            "Compare" or "CompareTo" => true,
            "StartsWith" or "EndsWith" or "IndexOf" or "LastIndexOf" => method.Parameters.Any(static p => p.Type.SpecialType is SpecialType.System_String),
            _ => false,
        };
    }

    bool Formats(IMethodSymbol method, ITypeSymbol? receiver, IReadOnlyList<IArgumentOperation> arguments)
    {
        var provider = arguments.FirstOrDefault(static a => a.Parameter is { } p && IsProvider(p.Type));
        if (provider is not null) return provider.Value.Unwrapped() is { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation;
        if (method.Name is "ToString" && method.Parameters.Length is 0) return texts.DependOnCulture(receiver);
        if (WritesItsArguments(method)) return arguments.Any(a => WritesByCulture(a.Value.Unwrapped()));
        return !SaysNothingOfCulture(method) && HasOverloadWithProvider(method);
    }

    // string.Concat and string.Join call ToString on what they are given, and so does a StringBuilder.
    static bool WritesItsArguments(IMethodSymbol method) => method.ContainingType.SpecialType is SpecialType.System_String
        ? method.Name is "Concat" or "Join"
        : method.ContainingType.Is("System.Text.StringBuilder") && method.Name is "Append" or "Insert" or "AppendJoin";

    bool WritesByCulture(IOperation value) => value switch
    {
        IArrayCreationOperation { Initializer: { } items } => items.ElementValues.Any(item => WritesByCulture(item.Unwrapped())),
        ICollectionExpressionOperation list => list.Elements.Any(item => WritesByCulture(item.Unwrapped())),
        // An interpolated string that is appended is judged value by value.
        IInterpolatedStringHandlerCreationOperation => false,
        _ => texts.DependOnCulture(TextForms.ItemOf(value.Type) ?? value.Type),
    };

    static bool SaysNothingOfCulture(IMethodSymbol method)
    {
        var type = method.ContainingType;
        if (type.Is("System.Guid") || type.SpecialType is SpecialType.System_Boolean) return true;
        if (type.SpecialType is SpecialType.System_Char or SpecialType.System_String)
            return method.Name is "ToString" or "Parse" or "TryParse" or "TryFormat" or "Create";
        return type.Is("System.Convert") && method.Parameters.Length is 1 && method.Name is "ToString" && TextForms.IsPlain(method.Parameters[0].Type);
    }

    static bool HasOverloadWithProvider(IMethodSymbol method) =>
        method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(other =>
            other.DeclaredAccessibility is Accessibility.Public
            && other.Parameters.Length == method.Parameters.Length + 1
            && other.Parameters.Any(static p => IsProvider(p.Type))
            && other.Parameters.Where(static p => !IsProvider(p.Type)).Select(static p => p.Type)
                .SequenceEqual(method.OriginalDefinition.Parameters.Select(static p => p.Type), SymbolEqualityComparer.Default));

    /// <summary>Whether a parameter says which culture.</summary>
    public static bool IsProvider(ITypeSymbol type) => type.Is("System.IFormatProvider") || type.Is("System.Globalization.CultureInfo");
}
