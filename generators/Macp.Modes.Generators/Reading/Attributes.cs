using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>The vocabulary, by name: the generator references no assembly of the product.</summary>
internal static class Attributes
{
    public const string Namespace = "Macp.Modes";
    public const string Mode = "ModeAttribute";
    public const string ModeMetadataName = Namespace + "." + Mode;
    public const string Message = "MessageAttribute`1";
    public const string Commitment = "CommitmentAttribute`1";
    public const string Guard = "GuardAttribute";
    public const string StartRule = "StartRuleAttribute";
    public const string ComputedPhase = "ComputedPhaseAttribute";
    public const string LegacyPayload = "LegacyPayloadAttribute";
    public const string ComesDue = "ComesDueAttribute";
    public const string Policy = "PolicyAttribute";
    public const string RuleRange = "RuleRangeAttribute";
    public const string Required = "RequiredAttribute";
    public const string OneOf = "OneOfAttribute";
    public const string InRange = "InRangeAttribute";
    public const string Reserved = "ReservedAttribute";
    public const string NamesSender = "NamesSenderAttribute";
    public const string NamesParticipant = "NamesParticipantAttribute";
    public const string References = "ReferencesAttribute";
    public const string Unique = "UniqueAttribute";
    public const string OncePerSession = "OncePerSessionAttribute";
    public const string OncePerSender = "OncePerSenderAttribute";
    public const string Leads = "LeadsAttribute`1";

    /// <summary>The rules that stand beside <c>[Message]</c>.</summary>
    public static readonly string[] Rules = [Required, OneOf, InRange, Reserved, NamesSender, NamesParticipant, References, Unique, OncePerSession, OncePerSender, Leads];

    /// <summary>The attributes that give a method its part in the mode.</summary>
    public static readonly string[] Parts = [Message, Commitment, Policy, Guard, StartRule, ComputedPhase, LegacyPayload, ComesDue];

    /// <summary>The attribute's name in the vocabulary, or null for a foreign one.</summary>
    public static string? Word(AttributeData attribute) =>
        attribute.AttributeClass is { ContainingNamespace: { Name: "Modes", ContainingNamespace: { Name: "Macp", ContainingNamespace.IsGlobalNamespace: true } } } type
            ? type.MetadataName
            : null;

    /// <summary>The attribute as people write it: <c>Message</c>.</summary>
    public static string Written(string word)
    {
        int end = word.IndexOf("Attribute", StringComparison.Ordinal);
        return end < 0 ? word : word.Substring(0, end);
    }

    public static AttributeData? Find(this ISymbol symbol, string word)
    {
        foreach (var attribute in symbol.GetAttributes())
            if (Word(attribute) == word) return attribute;
        return null;
    }

    /// <summary>A positional argument of text; empty where it is missing or malformed, which the compiler reports.</summary>
    public static string Text(this AttributeData attribute, int position) =>
        position < attribute.ConstructorArguments.Length && attribute.ConstructorArguments[position] is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : "";

    /// <summary>A positional argument that is a list of text.</summary>
    public static IEnumerable<string> Texts(this AttributeData attribute, int position) =>
        position < attribute.ConstructorArguments.Length && attribute.ConstructorArguments[position] is { Kind: TypedConstantKind.Array, IsNull: false } array
            ? array.Values.Select(v => v is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : "")
            : [];

    public static double Number(this AttributeData attribute, int position) =>
        position < attribute.ConstructorArguments.Length && attribute.ConstructorArguments[position] is { Kind: TypedConstantKind.Primitive, Value: double number } ? number : 0;

    /// <summary>A named argument, or null where it is not said.</summary>
    public static TypedConstant? Named(this AttributeData attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
            if (argument.Key == name) return argument.Value;
        return null;
    }

    public static string? NamedText(this AttributeData attribute, string name) => attribute.Named(name) is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;

    public static bool NamedFlag(this AttributeData attribute, string name) => attribute.Named(name) is { Kind: TypedConstantKind.Primitive, Value: true };
}
