using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits the readers of the mode's payloads, and the folding of enum-like values that reducers rely on.</summary>
internal static class PayloadsEmitter
{
    public static string Emit(ModeModel mode) => ModeFile.WriteNested(
        mode, "The payloads: strict reading, and the form of values that reducers see.", "Reads the payloads of this mode.", "internal static class Payloads", code =>
        {
            foreach (var message in mode.Messages)
                Field(code, message.Type, message.Payload.Type, message.Legacy is null ? "" : $"{mode.TypeName}.{Names.Escape(message.Legacy)}");
            Field(code, "Commitment", ModeFile.Commitment, "");

            code.Member("The payload of an accepted message of a history, as reducers see it.");
            code.Signature($"public static {ModeFile.IMessage} Recall", [ModeFile.Message, $"{ModeFile.ByteString} bytes"], ") => message.Type switch");
            using (code.Body("};"))
            {
                foreach (var message in mode.Messages)
                    code.Line($"{Names.Literal(message.Type)} => {(Folds(message) ? $"Fold{message.Type}(Of{message.Type}.Recall(bytes))" : $"Of{message.Type}.Recall(bytes)")},");
                code.Line("\"Commitment\" => OfCommitment.Recall(bytes),");
                code.Line($"_ => {ModeFile.UnknownType},");
            }
            foreach (var message in mode.Messages.Where(Folds)) Fold(code, message);
        });

    /// <summary>Whether a message has values to fold.</summary>
    public static bool Folds(MessageModel message) => message.All<OneOfRule>().Any();

    static void Field(CodeWriter code, string type, string payload, string legacy)
    {
        // 'Of' keeps a message called Recall, or FoldVote, apart from the methods of these names.
        code.Separate();
        code.Expression($"public static readonly {ModeFile.Dsl}PayloadReader<{payload}> Of{type}", $"new({legacy})", "=");
    }

    static void Fold(CodeWriter code, MessageModel message)
    {
        code.Member($"Folds the enum-like values of {message.Type} to the case in which rules and reducers see them; history keeps the bytes.");
        using (code.Method($"public static {message.Payload.Type} Fold{message.Type}", [$"{message.Payload.Type} payload"]))
        {
            foreach (var rule in message.All<OneOfRule>())
            {
                string field = $"payload.{rule.Field.Name}", folded = $"{ModeFile.Dsl}TextValues.{(rule.Upper ? "ToUpper" : "ToLower")}({field}, {string.Join(", ", rule.Values.Select(Names.Literal))})";
                if (rule.Default is not null) code.If($"{field}.Length == 0", $"{field} = {Names.Literal(rule.Default)};");
                code.Line($"{field} = {folded};");
            }
            code.Line("return payload;");
        }
    }
}
