using System.Globalization;
using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;

namespace Macp.Modes.Generators.Emitting;

/// <summary>
/// Tells, as data, what <see cref="ValidatorEmitter"/> emits as code, and in its order; a test compares the two. The words stand in
/// <c>Macp.Modes.Check</c>.
/// </summary>
internal static class CheckEmitter
{
    const string New = "new " + ModeFile.Dsl + "Check.";

    /// <summary>Everything that is asked of a message.</summary>
    public static IEnumerable<string> Of(MessageModel message)
    {
        var references = message.All<ReferenceRule>().ToList();
        return
        [
            $"{New}Sender({ModeFile.Dsl}Role.{(message.FromInitiator ? "Initiator" : "Participant")})",
            $"{New}Readable({(message.Legacy is null ? "" : "Legacy: true")})",
            .. message.All<ReservedRule>().Select(rule => $"{New}Reserved({Wire(rule.Field)})"),
            .. message.Rules.Select(OfField).OfType<string>(),
            .. message.All<NamesParticipantRule>().Select(rule => $"{New}NamesParticipant({Wire(rule.Field)}{Flag("NotSender", rule.NotSender)}{Flag("Optional", rule.Optional)})"),
            .. references.Select(rule => $"{New}References({Wire(rule.Field)}, {Key(rule.Table)}{Flag("IsSingle", rule.Key is not null)}{(rule.Where is null ? "" : $", Where: {Key(rule.Where)}")})"),
            .. references.Where(rule => rule.Permits is not null).Select(rule => SentBy(rule, rule.Permits!.Name)),
            .. references.Where(rule => rule.By is not null).Select(rule => SentBy(rule, rule.By!)),
            $"{New}During({string.Join(", ", message.During.Select(Names.Literal))})",
            .. message.Rules.Select(OfState).OfType<string>(),
            .. message.Guards.Select(guard => $"{New}Written({Names.Literal(guard.Says)})"),
        ];
    }

    /// <summary>Everything that is asked of a commitment.</summary>
    public static IEnumerable<string> OfCommitment(ModeModel mode)
    {
        string positive = mode.Commitment!.Says, negative = mode.Eligibility!.Negative;
        return
        [
            mode.Governance is null ? $"{New}Sender({ModeFile.Dsl}Role.Initiator)" : $"{New}MayCommit()",
            $"{New}Readable()",
            $".. {ModeFile.Dsl}CommitmentRules.Checks",
            $"{New}NotCommitted()",
            .. positive == negative ? [$"{New}Eligible({Names.Literal(positive)})"]
                : (string[])[$"{New}Eligible({Names.Literal(positive)}, Positive: true)", $"{New}Eligible({Names.Literal(negative)}, Positive: false)"],
            .. mode.Governance?.Evaluator is null ? [] : (string[])[$"{New}AllowedByPolicy()"],
        ];
    }

    static string? OfField(Rule rule) => rule switch
    {
        RequiredRule required => $"{New}Required({Wire(required.Field)})",
        OneOfRule values => $"{New}OneOf({Wire(values.Field)}, [{string.Join(", ", values.Values.Select(Names.Literal))}]{(values.Default is null ? "" : $", {Names.Literal(values.Default)}")})",
        RangeRule range => $"{New}InRange({Wire(range.Field)}, {Number(range.Least)}, {Number(range.Most)})",
        _ => null,
    };

    static string? OfState(Rule rule) => rule switch
    {
        NamesSenderRule names => $"{New}NamesSender({Wire(names.Field)})",
        UniqueRule unique => $"{New}Unique({Wire(unique.Field)}, {Key(unique.Table)})",
        OncePerSessionRule once => $"{New}OncePerSession({Key(once.Property)})",
        OncePerSenderRule once => $"{New}OncePerSender({Key(once.Table)}{(once.Key is null ? "" : $", {Wire(once.Key)}")})",
        _ => null,
    };

    static string SentBy(ReferenceRule rule, string who) => $"{New}SentBy({Wire(rule.Field)}, {Key(who)})";

    static string Wire(FieldModel field) => Names.Literal(field.WireName);

    static string Key(string member) => Names.Literal(Names.Snake(member));

    static string Flag(string name, bool value) => value ? $", {name}: true" : "";

    static string Number(double value) => double.IsPositiveInfinity(value) ? "double.PositiveInfinity" : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
