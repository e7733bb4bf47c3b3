namespace Macp.Modes.Generators.Models;

/// <summary>What policies may rule about a mode.</summary>
/// <param name="IsPublic">Whether the rules type is.</param>
/// <param name="Rules">The rules type's own keys.</param>
/// <param name="Groups">The types that it holds as objects, each once.</param>
/// <param name="Evaluator">The method that says why a policy denies an outcome; null where none does.</param>
internal sealed record GovernanceModel(bool IsPublic, RuleGroup Rules, EquatableArray<RuleGroup> Groups, MethodModel? Evaluator);

/// <summary>A type of the author's that is a JSON object.</summary>
/// <param name="Type">As C# writes it, <c>global::</c> included.</param>
/// <param name="Name">What methods about it are named after.</param>
/// <param name="Keys">Its properties, in the order of their declaration.</param>
internal sealed record RuleGroup(string Type, string Name, EquatableArray<RuleKeyModel> Keys);

/// <summary>A property of a rules type.</summary>
/// <param name="Name">The property.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Type">As C# writes it, without the question mark; of an object, its group's.</param>
/// <param name="Nullable">Whether it may say nothing.</param>
/// <param name="Group">For an object, the name of its group.</param>
/// <param name="Values">For a choice, the members of the enum.</param>
/// <param name="Range">For a number, or a table of numbers, its bounds.</param>
internal sealed record RuleKeyModel(
    string Name, RuleKind Kind, string Type, bool Nullable, string? Group, EquatableArray<string> Values, RuleRangeModel? Range)
{
    /// <summary>Its key in JSON.</summary>
    public string Key => Reading.Names.Snake(Name);
}

/// <summary>The bounds of a number; <paramref name="Above"/> excludes the least.</summary>
internal sealed record RuleRangeModel(double Least, double Most, bool Above);

internal enum RuleKind
{
    Flag,
    Integer,
    Number,
    Text,
    Choice,
    Texts,
    Numbers,
    Group,
}
