using System.Globalization;
using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>
/// Emits <c>decide</c>, by the conditions of each message in their order (<see cref="MessageConditions"/>) and for a commitment versions, sign and
/// eligibility.
/// </summary>
internal static class ValidatorEmitter
{
    const string Refuse = Dsl + "Refuse.", Rejection = Dsl + "Rejection?", Verdict = Dsl + "Verdict";

    public static string Emit(ModeModel mode) => WriteNested(
        mode, "The validator: what this mode accepts.", "Decides what this mode accepts. It refuses, and never changes the state.", "public static class Validator", code =>
        {
            CanStart(code, mode);
            Decide(code, mode);
            CanCommit(code, mode);
            foreach (var message in mode.Messages) Check(code, message);
            foreach (var message in mode.Messages) DecideMessage(code, mode, message);
            DecideCommitment(code, mode);
            PreflightEmitter.Emit(code, mode);
        });

    static void CanStart(CodeWriter code, ModeModel mode)
    {
        code.Member("Judges a session's start.");
        string head = $"public static {Rejection} CanStart({Session})";
        int least = mode.Identity.MinimumParticipants;
        if (least <= 0 && mode.StartRules.Count == 0)
        {
            code.Expression(head, "null");
            return;
        }
        using var _ = code.Begin(head);
        if (least > 0) code.If($"session.Participants.Count < {least}", $"return {Refuse}TooFewParticipants({least});");
        for (int i = 0; i < mode.StartRules.Count; i++) code.If($"{Call(mode, mode.StartRules[i])} is {{ }} refused{Suffix(i)}", $"return refused{Suffix(i)};");
        code.Line("return null;");
    }

    static void Decide(CodeWriter code, ModeModel mode)
    {
        code.Member("Judges one message of an open session.");
        code.Signature($"public static {Verdict} Decide", ["State state", Session, Message, $"{ByteString} payload"], ") => message.Type switch");
        using var _ = code.Body("};");
        foreach (var message in mode.Messages) code.Line($"{Names.Literal(message.Type)} => Decide{message.Type}(state, session, message, payload),");
        code.Line("\"Commitment\" => DecideCommitment(state, session, message, payload),");
        code.Line($"_ => {Refuse}UnknownType(message, session),");
    }

    static void CanCommit(CodeWriter code, ModeModel mode)
    {
        code.Member("Whether the session may be committed to this sign now; null when it may.");
        using var _ = code.Begin($"public static {Rejection} CanCommit(State state, {Session}, bool positive)");
        code.If($"Reducer.PhaseOf(state, session) is {PhaseOf(mode.Phases.Committed)}", $"return {Refuse}AlreadyCommitted();");
        string eligible = mode.Commitment is null ? $"{Dsl}Rejection.InvalidEnvelope(\"the mode has no commitment rule\")" : Call(mode, mode.Commitment);
        if (mode.Governance?.Evaluator is not { } evaluator)
        {
            code.Line($"return {eligible};");
            return;
        }
        // The policy is asked last, so that a commitment that breaks a rule of the mode too gets the mode's code (RFC-MACP-0002 section 6.1).
        code.If($"{eligible} is {{ }} notEligible", "return notEligible;");
        code.Signature($"var reasons = {mode.TypeName}.{Names.Escape(evaluator.Name)}", [.. evaluator.Arguments.Select(argument => Supply(mode, argument))], ");");
        code.Line($"return {Refuse}Denied(reasons);");
    }

    static void Check(CodeWriter code, MessageModel message)
    {
        code.Member($"Judges the fields of {message.Type} as far as that needs no session{(PayloadsEmitter.Folds(message) ? ", and folds its enum-like values" : "")}.");
        string head = $"{message.Payload.Accessibility} static {Rejection} Check{message.Type}";
        if (!message.Rules.Any(r => r is RequiredRule or OneOfRule or RangeRule))
        {
            code.Expression($"{head}({message.Payload.Type} payload)", "null");
            return;
        }
        using var _ = code.Method(head, [$"{message.Payload.Type} payload"]);
        if (PayloadsEmitter.Folds(message)) code.Line($"Payloads.Fold{message.Type}(payload);");
        foreach (var rule in message.Rules)
        {
            switch (rule)
            {
                case RequiredRule { Field: var field }:
                    code.If($"string.IsNullOrWhiteSpace(payload.{field.Name})", $"return {Refuse}Blank({Wire(field)});");
                    break;
                case OneOfRule { Field: var field } values:
                    code.If(
                        $"payload.{field.Name} is not ({string.Join(" or ", values.Values.Select(Names.Literal))})",
                        $"return {Refuse}NotOneOf({Wire(field)}, payload.{field.Name}, {Names.Literal(string.Join(", ", values.Values))});");
                    break;
                case RangeRule { Field: var field } range:
                    code.If($"payload.{field.Name} is not ({Pattern(range)})", $"return {Refuse}OutOfRange({Wire(field)}, payload.{field.Name}, {Number(range.Least)}, {Number(range.Most)});");
                    break;
            }
        }
        code.Line("return null;");
    }

    static void DecideMessage(CodeWriter code, ModeModel mode, MessageModel message)
    {
        code.Separate();
        using var _ = code.Method($"static {Verdict} Decide{message.Type}", ["State state", Session, Message, $"{ByteString} bytes"]);
        foreach (var condition in MessageConditions.Of(mode, message)) Refused(code, condition);
        code.Line($"return {Verdict}.Accept(payload);");
    }

    static void DecideCommitment(CodeWriter code, ModeModel mode)
    {
        code.Separate();
        using var _ = code.Method($"static {Verdict} DecideCommitment", ["State state", Session, Message, $"{ByteString} bytes"]);
        foreach (var condition in MessageConditions.OfCommitment(mode)) Refused(code, condition);
        code.If("CanCommit(state, session, payload.OutcomePositive) is { } notReady", "return notReady;");
        code.Line($"return {Verdict}.Accept(payload);");
    }

    static void Refused(CodeWriter code, Condition condition) => code.If(condition.Broken, $"return {condition.Refusal};");

    static string Suffix(int index) => index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture);

    static string Wire(FieldModel field) => Names.Literal(field.WireName);

    /// <summary>The bounds as a pattern of the field's type; a bound that every value of the type keeps is not asked for.</summary>
    static string Pattern(RangeRule rule)
    {
        var (lowest, highest, suffix) = rule.Field.Type switch
        {
            "int" => (int.MinValue, int.MaxValue, ""),
            "uint" => (uint.MinValue, uint.MaxValue, ""),
            "long" => (long.MinValue, long.MaxValue, ""),
            "ulong" => (ulong.MinValue, ulong.MaxValue, ""),
            "float" => (double.NegativeInfinity, double.PositiveInfinity, "f"),
            _ => (double.NegativeInfinity, double.PositiveInfinity, ""),
        };
        bool isInteger = rule.Field.Kind == FieldKind.Integer;
        // Whole numbers lie within 0.5 and 2.5 when they lie within 1 and 2.
        double least = isInteger ? Math.Ceiling(rule.Least) : rule.Least, most = isInteger ? Math.Floor(rule.Most) : rule.Most;
        string[] bounds = [.. least > lowest ? [$">= {Number(least)}{suffix}"] : (string[])[], .. most < highest ? [$"<= {Number(most)}{suffix}"] : (string[])[]];
        return bounds.Length == 0 ? "_" : string.Join(" and ", bounds);
    }

    static string Number(double value) => double.IsPositiveInfinity(value) ? "double.PositiveInfinity" : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : value == Math.Floor(value) && Math.Abs(value) < 1e18 ? value.ToString("F0", CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);
}
