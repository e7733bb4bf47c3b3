using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>
/// Emits what a projection reports of messages that contradict what was folded before. It asks those rules of the validator that need neither the
/// policy nor the time: the tables, the phase where messages move it or the state alone tells it, and the guards that name their anomaly.
/// </summary>
internal static class AnomalyEmitter
{
    const string Refuse = Dsl + "Refuse.", Kind = Dsl + "Anomaly.";

    public static string Emit(ModeModel mode) => WriteNested(
        mode, "The anomalies: what a projection reports and does not fold.", "Finds what does not fit in a history.", "internal static class Anomalies", code =>
        {
            code.Member("What is wrong with a message of a history; null when it fits.");
            code.Signature($"public static {Dsl}Anomaly? Find", ["State state", Session, Message, $"{IMessage} payload"], ") => message.Type switch");
            using (code.Body("};"))
            {
                foreach (var message in mode.Messages.Where(m => IsChecked(mode, m)))
                    code.Line($"{Names.Literal(message.Type)} => In{message.Type}(state, session, message, ({message.Payload.Type})payload),");
                code.Line("_ => null,");
            }
            foreach (var message in mode.Messages.Where(m => IsChecked(mode, m))) Check(code, mode, message);
        });

    static bool IsChecked(ModeModel mode, MessageModel message) => HasPhase(mode, message) || message.Anomalies.Count > 0
        || message.Rules.Any(r => r is ReferenceRule or UniqueRule or OncePerSessionRule or OncePerSenderRule);

    // Whoever joins late, or has not been told the policy, would compute another phase than the runtime where it needs more than the state.
    static bool HasPhase(ModeModel mode, MessageModel message) =>
        message.During.Count > 0 && (mode.Phases.Computed is not { } computed || computed.Arguments.All(argument => argument is Argument.State));

    static void Check(CodeWriter code, ModeModel mode, MessageModel message)
    {
        string subject = message.Rules.Select(SubjectOf).FirstOrDefault(f => f is not null) is { } field ? $"payload.{field.Name}" : "\"\"";
        code.Separate();
        using var _ = code.Method($"static {Dsl}Anomaly? In{message.Type}", ["State state", Session, Message, $"{message.Payload.Type} payload"]);
        foreach (var reference in message.All<ReferenceRule>()) Reference(code, reference);
        foreach (var rule in message.Rules) Repeated(code, rule, subject);
        string phase = mode.Phases.Computed is null ? "state.Phase" : "Reducer.PhaseOf(state, session)";
        if (HasPhase(mode, message))
            Report(
                code, $"{phase} is not ({string.Join(" or ", message.During.Select(PhaseOf))})", message.Anomaly is { } named ? Names.Literal(named) : Kind + "WrongPhase", subject,
                $"{Refuse}WrongPhase(message, {phase})");
        foreach (var guard in message.Anomalies)
            Report(code, $"{Call(mode, guard.Guard)} is {{ }} {Variable(guard)}", Names.Literal(guard.Kind), subject, Variable(guard));
        code.Line("return null;");
    }

    static string Variable(AnomalyModel guard) => "by" + guard.Guard.Name;

    static FieldModel? SubjectOf(Rule rule) => rule switch
    {
        ReferenceRule reference => reference.Field,
        UniqueRule unique => unique.Field,
        _ => null,
    };

    static void Reference(CodeWriter code, ReferenceRule rule)
    {
        string field = $"payload.{rule.Field.Name}", entry = "the" + rule.Field.Name;
        Report(code, StateConditions.Unresolved(rule, entry, usesEntry: rule.Where is not null), Kind + "UnknownReference", field);
        if (rule.Where is not null) Report(code, StateConditions.Stale(rule, entry), Kind + "StaleReference", field);
    }

    static void Repeated(CodeWriter code, Rule rule, string subject)
    {
        if (StateConditions.Repeated(rule) is not { } repeated) return;
        var (kind, about) = rule switch
        {
            UniqueRule unique => (Kind + "DuplicateId", $"payload.{unique.Field.Name}"),
            OncePerSessionRule => (Kind + "DuplicateMessage", "\"\""),
            OncePerSenderRule { Anomaly: { } named } => (Names.Literal(named), subject),
            _ => (Kind + "DuplicateAnswer", subject),
        };
        Report(code, repeated, kind, about);
    }

    static void Report(CodeWriter code, Condition condition, string kind, string subject) => Report(code, condition.Broken, kind, subject, condition.Refusal);

    static void Report(CodeWriter code, string condition, string kind, string subject, string broken)
    {
        code.Line($"if ({condition})");
        using var _ = code.Indent();
        code.Signature($"return {Kind}Of", [kind, "session", "message", subject, broken], ");");
    }
}
