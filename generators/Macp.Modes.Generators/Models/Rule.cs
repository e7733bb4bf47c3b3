namespace Macp.Modes.Generators.Models;

/// <summary>A declared rule about a message. Its kind is its type; where it is asked follows from the order that all modes share.</summary>
internal abstract record Rule;

internal sealed record RequiredRule(FieldModel Field) : Rule;

/// <param name="Upper">Whether the values are upper case, so that input is folded to that.</param>
internal sealed record OneOfRule(FieldModel Field, EquatableArray<string> Values, bool Upper, string? Default) : Rule;

internal sealed record RangeRule(FieldModel Field, double Least, double Most) : Rule;

internal sealed record ReservedRule(FieldModel Field) : Rule;

internal sealed record NamesSenderRule(FieldModel Field) : Rule;

internal sealed record NamesParticipantRule(FieldModel Field, bool NotSender, bool Optional) : Rule;

/// <param name="Table">The state's property.</param>
/// <param name="Key">For a single entry, its property that the field must equal; null for a table.</param>
/// <param name="By">The entry's property that names the sender; null where nobody or <paramref name="Permits"/> tells.</param>
/// <param name="Permits">The mode's method that tells whether the sender may.</param>
internal sealed record ReferenceRule(FieldModel Field, string Table, string? Key, string? Where, string? By, MethodModel? Permits) : Rule;

internal sealed record UniqueRule(FieldModel Field, string Table) : Rule;

internal sealed record OncePerSessionRule(string Property) : Rule;

/// <param name="Lookup">The membership method of the inner collection: <c>ContainsKey</c> or <c>Contains</c>.</param>
/// <param name="Anomaly">What a projection calls a second one; null for the usual word.</param>
internal sealed record OncePerSenderRule(string Table, FieldModel? Key, string Lookup, string? Anomaly) : Rule;
