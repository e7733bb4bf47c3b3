using System.Globalization;
using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits what the mode says of itself, and what a host adds it by.</summary>
internal static class DescriptorEmitter
{
    public static string Emit(ModeModel mode) => Write(mode, "The descriptor: what this mode says of itself.", code =>
    {
        var identity = mode.Identity;
        using (code.Begin($"partial class {mode.TypeName} : {Dsl}IMode"))
        {
            code.Line("/// <inheritdoc/>");
            using (code.Begin($"public static {Dsl}ModeDescriptor Descriptor {{ get; }} = new()", "};"))
            {
                code.Line($"Identifier = {Names.Literal(identity.Identifier)},");
                code.Line($"Version = {Names.Literal(identity.Version)},");
                code.Line($"Title = {Names.Literal(identity.Title)},");
                code.Line($"Description = {Names.Literal(identity.Description)},");
                code.Line($"Participants = {Dsl}ParticipantModel.{identity.Participants},");
                code.Line($"Determinism = {Dsl}DeterminismClass.{identity.Determinism},");
                code.Line($"MinimumParticipants = {identity.MinimumParticipants.ToString(CultureInfo.InvariantCulture)},");
                code.Line($"Phases = [{List(mode.Phases.Names)}],");
                code.Line($"CommittedPhase = {Names.Literal(mode.Phases.Committed)},");
                code.Line("Messages =");
                code.Line("[");
                using (code.Indent())
                    foreach (var message in mode.Messages) Message(code, mode, message);
                code.Line("],");
                if (mode.StartRules.Count > 0) Items(code, "StartRules", mode.StartRules.Select(rule => Names.Literal(rule.Says)));
                Commitment(code, mode);
            }
            // Explicit, so that an author's method may be called Open.
            code.Separate().Expression($"static {Dsl}SessionHandler {Dsl}IMode.Open({Session})", $"new {mode.Name}Handler(session)");
        }
    });

    static void Message(CodeWriter code, ModeModel mode, MessageModel message)
    {
        using var _ = code.Begin("new()", "},");
        var during = message.During.Count > 0 ? message.During : mode.Phases.Names.Where(p => p != mode.Phases.Committed).ToEquatableArray();
        code.Line($"Type = {Names.Literal(message.Type)},");
        code.Line($"Payload = {message.Payload.Type}.Descriptor,");
        code.Line($"From = {Dsl}Role.{(message.FromInitiator ? "Initiator" : "Participant")},");
        code.Line($"During = [{List(during)}],");
        if (message.MovesTo is not null) code.Line($"MovesTo = {Names.Literal(message.MovesTo)},");
        code.Line($"ClientMethod = {Names.Literal(message.Client + "Async")},");
        Items(code, "Checks", CheckEmitter.Of(message));
        if (message.Dues.Count > 0) Items(code, "ComesDue", message.Dues.Select(due => Names.Literal(due.Says)));
        if (message.Leads.Count > 0) Items(code, "Leads", message.Leads.Select(lead => $"new({Names.Literal(lead.From)}, [{List(lead.To)}])"));
    }

    static void Commitment(CodeWriter code, ModeModel mode)
    {
        if (mode.Eligibility is not { } eligibility) return;
        code.Line("Commitment = new()");
        using var _ = code.Body("},");
        Items(code, "Checks", CheckEmitter.OfCommitment(mode));
        code.Line($"PositiveDuring = [{List(eligibility.PositiveDuring)}],");
        code.Line($"NegativeDuring = [{List(eligibility.NegativeDuring)}],");
    }

    /// <summary>A list that is read line by line.</summary>
    static void Items(CodeWriter code, string name, IEnumerable<string> items)
    {
        code.Line($"{name} =").Line("[");
        using (code.Indent())
            foreach (string item in items) code.Line(item + ",");
        code.Line("],");
    }

    static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Names.Literal));
}
