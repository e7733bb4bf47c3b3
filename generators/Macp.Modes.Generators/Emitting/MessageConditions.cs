using System.Globalization;
using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>
/// Everything that is asked of a message, in the order that all modes share: role, payload, fields, references, the sender against what they resolve
/// to, phase and the like. Said once, for the validator that refuses and for the preflight that tells which refusals stand for good.
/// </summary>
internal static class MessageConditions
{
    const string Refuse = Dsl + "Refuse.";

    public static IEnumerable<Condition> Of(ModeModel mode, MessageModel message)
    {
        var references = message.All<ReferenceRule>().ToList();
        return
        [
            Sender(message),
            Readable(message.Type),
            .. message.All<ReservedRule>().Select(rule => Condition.Lasting($"!message.IsFromRuntime && {IsSet(rule.Field)}", $"{Refuse}Reserved({Wire(rule.Field)})")),
            new($"Check{message.Type}(payload) is {{ }} wrongField", "wrongField", $"Check{message.Type}(payload) is not null"),
            .. message.All<NamesParticipantRule>().SelectMany(NamesParticipant),
            .. references.SelectMany((rule, index) => Resolve(rule, Entry(index))),
            .. references.Where(rule => rule.Permits is not null).Select(rule => SentBy(
                rule, $"!{Call(mode, rule.Permits!)}", rule.Permits!.Name, Stateless(rule.Permits!, $"!{Call(mode, rule.Permits!)}"))),
            .. references.Where(rule => rule.By is not null).Select(rule => SentByNamed(mode, rule, Entry(references.IndexOf(rule)))),
            Phase(mode, message),
            .. message.Rules.SelectMany(rule => Rest(mode, rule)),
            .. message.Guards.Select((guard, index) => new Condition(
                $"{Call(mode, guard)} is {{ }} guarded{Suffix(index)}", $"guarded{Suffix(index)}", Stateless(guard, $"{Call(mode, guard)} is not null"))),
        ];
    }

    /// <summary>What is asked of a commitment before it is asked whether the session is ready for one.</summary>
    public static IEnumerable<Condition> OfCommitment(ModeModel mode) =>
    [
        mode.Governance is null ? Condition.Lasting("message.Sender != session.Initiator", $"{Refuse}NotTheInitiator(message)")
            : new("!session.MayCommit(message.Sender)", $"{Refuse}MayNotCommit(message)", "session.Policy.IsResolved && !session.MayCommit(message.Sender)"),
        Readable("Commitment"),
        Field("CheckFields(payload)", "wrongField"),
        Field("CheckBinding(payload, session)", "unbound"),
    ];

    static Condition Sender(MessageModel message) => message.FromInitiator
        ? Condition.Lasting("message.Sender != session.Initiator", $"{Refuse}NotTheInitiator(message)")
        : Condition.Lasting("!session.IsParticipant(message.Sender)", $"{Refuse}NotAParticipant(message)");

    static Condition Readable(string type)
    {
        string read = $"Payloads.Of{type}.Read(bytes, out var payload)";
        return new($"{read} is {{ }} unreadable", "unreadable", $"{read} is not null");
    }

    static Condition Field(string check, string refused) =>
        new($"{Dsl}CommitmentRules.{check} is {{ }} {refused}", refused, $"{Dsl}CommitmentRules.{check} is not null");

    static IEnumerable<Condition> NamesParticipant(NamesParticipantRule rule)
    {
        string field = $"payload.{rule.Field.Name}", named = rule.Optional ? $"{field}.Length > 0 && " : "";
        yield return Condition.Lasting($"{named}!session.IsParticipant({field})", $"{Refuse}NamesNoParticipant({Wire(rule.Field)}, {field})");
        if (rule.NotSender) yield return Condition.Lasting($"{field} == message.Sender", $"{Refuse}NamesTheSender({Wire(rule.Field)})");
    }

    static IEnumerable<Condition> Resolve(ReferenceRule rule, string entry)
    {
        yield return StateConditions.Unresolved(rule, entry, usesEntry: rule.Where is not null || rule.By is not null);
        if (rule.Where is not null) yield return StateConditions.Stale(rule, entry);
    }

    static Condition SentByNamed(ModeModel mode, ReferenceRule rule, string entry)
    {
        string isAnother = $"message.Sender != {entry}.{Names.Escape(rule.By!)}";
        // Whom an entry names is known once the entry is there.
        string forever = $"state.{Names.Escape(rule.Table)}.TryGetValue(payload.{rule.Field.Name}, out var {entry}) && {isAnother}";
        return SentBy(rule, isAnother, rule.By!, mode.Permanent.Contains(rule) ? forever : null);
    }

    static Condition SentBy(ReferenceRule rule, string broken, string who, string? forever) =>
        new(broken, $"{Refuse}NotBy(message, {Wire(rule.Field)}, payload.{rule.Field.Name}, {Names.Literal(Names.Words(who))})", forever);

    static Condition Phase(ModeModel mode, MessageModel message)
    {
        var phases = message.During.Count > 0 ? message.During.ToArray() : [mode.Phases.Committed];
        // A phase that is computed is computed once, and only where a message asks for it; whether a session is committed is always known.
        string phase = mode.Phases.Computed is null ? "state.Phase" : message.During.Count == 0 ? "" : "Reducer.PhaseOf(state, session)";
        string broken = phase.Length == 0 ? "state.IsCommitted" : $"{phase} is {(message.During.Count > 0 ? "not " : "")}{OneOf(phases)}";
        string? forever = PhaseGraph.Closed(mode, message) is not { Count: > 0 } closed ? null
            : mode.Phases.Computed is null ? $"state.Phase is {OneOf(closed)}" : "state.IsCommitted";
        return new(broken, $"{Refuse}WrongPhase(message, {(phase.Length == 0 ? PhaseOf(mode.Phases.Committed) : phase)})", forever);
    }

    // With "not" before them several need parentheses, and without it they do no harm.
    static string OneOf(IReadOnlyList<string> phases) => phases.Count == 1 ? PhaseOf(phases[0]) : $"({string.Join(" or ", phases.Select(PhaseOf))})";

    static IEnumerable<Condition> Rest(ModeModel mode, Rule rule)
    {
        if (rule is NamesSenderRule { Field: var field })
            yield return Condition.Lasting(
                $"payload.{field.Name}.Length > 0 && payload.{field.Name} != message.Sender", $"{Refuse}NamesSomebodyElse({Wire(field)}, payload.{field.Name})");
        if (StateConditions.Repeated(rule) is { } repeated) yield return mode.Permanent.Contains(rule) ? repeated with { Forever = repeated.Broken } : repeated;
    }

    /// <summary>A method of the author's that takes no state always answers the same; where it may ask the policy, once that is known.</summary>
    static string? Stateless(MethodModel method, string broken) => method.Arguments.Contains(Argument.State) ? null
        : method.Arguments.Any(argument => argument is Argument.Session or Argument.Rules) ? $"session.Policy.IsResolved && {broken}" : broken;

    static string Entry(int index) => $"entry{Suffix(index)}";

    static string Suffix(int index) => index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture);

    static string Wire(FieldModel field) => Names.Literal(field.WireName);

    static string IsSet(FieldModel field) => field.Kind switch
    {
        FieldKind.Flag => $"payload.{field.Name}",
        FieldKind.Text or FieldKind.Bytes => $"payload.{field.Name}.Length > 0",
        _ => $"payload.{field.Name} != 0",
    };
}
