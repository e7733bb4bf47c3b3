using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>
/// The rules about the state as code: when each is broken, and the refusal that says so. Said once, for the validator that refuses and for the
/// anomalies that a projection reports.
/// </summary>
internal static class StateConditions
{
    const string Refuse = Dsl + "Refuse.";

    /// <summary>A reference to nothing. The entry is named where it is asked for more.</summary>
    public static Condition Unresolved(ReferenceRule rule, string entry, bool usesEntry)
    {
        string field = Field(rule.Field), table = Table(rule.Table);
        string missing = rule.Key is not null ? $"{table} is not {{ }} {entry} || {entry}.{rule.Key} != {field}"
            : usesEntry ? $"!{table}.TryGetValue({field}, out var {entry})"
            : $"!{table}.ContainsKey({field})";
        return new(missing, $"{Refuse}Unknown({Wire(rule.Field)}, {field}, {Names.Literal(Names.Snake(rule.Table))})");
    }

    /// <summary>A reference to an entry that is not what it must be.</summary>
    public static Condition Stale(ReferenceRule rule, string entry) => new(
        $"!{entry}.{Names.Escape(rule.Where!)}", $"{Refuse}NoLonger({Wire(rule.Field)}, {Field(rule.Field)}, {Names.Literal(Names.Snake(rule.Where!))})");

    /// <summary>A key, a message or a sender that is there already; null for a rule of another kind.</summary>
    public static Condition? Repeated(Rule rule) => rule switch
    {
        UniqueRule unique => new(
            $"{Table(unique.Table)}.ContainsKey({Field(unique.Field)})",
            $"{Refuse}NotUnique({Wire(unique.Field)}, {Field(unique.Field)}, {Names.Literal(Names.Snake(unique.Table))})"),
        OncePerSessionRule once => new($"{Table(once.Property)} is not null", $"{Refuse}AlreadySent(message)"),
        OncePerSenderRule { Key: { } key } once => new(
            $"{Table(once.Table)}.TryGetValue({Field(key)}, out var senders) && senders.{once.Lookup}(message.Sender)", $"{Refuse}AlreadySentBySender(message)"),
        OncePerSenderRule once => new($"{Table(once.Table)}.{once.Lookup}(message.Sender)", $"{Refuse}AlreadySentBySender(message)"),
        _ => null,
    };

    static string Field(FieldModel field) => $"payload.{field.Name}";

    static string Wire(FieldModel field) => Names.Literal(field.WireName);

    static string Table(string property) => "state." + Names.Escape(property);
}

/// <summary>When a rule is broken, and the refusal that says so; all of it is C#.</summary>
/// <param name="Broken">When it is.</param>
/// <param name="Refusal">What says so.</param>
/// <param name="Forever">When it is, and stays so whatever is accepted afterwards; null where it may always be mended.</param>
internal sealed record Condition(string Broken, string Refusal, string? Forever = null)
{
    /// <summary>A rule that asks nothing of the state: once broken it stays so.</summary>
    public static Condition Lasting(string broken, string refusal) => new(broken, refusal, broken);
}
