using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits <c>evolve</c>: which reducer folds which message, and what phase follows.</summary>
internal static class ReducerEmitter
{
    public static string Emit(ModeModel mode) => WriteNested(
        mode, "The reducer: what accepted messages mean.", "Folds accepted messages into the state. It cannot refuse.", "public static class Reducer", code =>
        {
            code.Member("Folds one accepted message, with its payload as the validator returned it.");
            using (code.Method("public static void Evolve", ["State state", Session, Message, $"{IMessage} payload"]))
            using (code.Begin("switch (message.Type)"))
            {
                foreach (var message in mode.Messages) Case(code, mode, message);
                code.Line("case \"Commitment\":");
                using (code.Indent())
                {
                    code.Line(mode.Phases.Computed is null ? $"state.Phase = {ModeFile.PhaseOf(mode.Phases.Committed)};" : "state.IsCommitted = true;");
                    code.Line("break;");
                }
                code.Line("default:");
                using (code.Indent())
                    code.Line(UnknownType + ";");
            }

            code.Member("Folds one message of a stored history from its bytes; nothing is decided again.");
            code.Signature("public static void Evolve", ["State state", Session, Message, $"{ByteString} payload"], ") =>");
            using (code.Indent()) code.Line("Evolve(state, session, message, Payloads.Recall(message, payload));");

            code.Member(mode.Phases.Computed is null ? "The phase, as the messages have moved it." : "The phase, computed from the state until there is a commitment.");
            code.Expression(
                $"public static Phase PhaseOf(State state, {Session})",
                mode.Phases.Computed is { } computed ? $"state.IsCommitted ? {ModeFile.PhaseOf(mode.Phases.Committed)} : {Call(mode, computed)}" : "state.Phase");
        });

    static void Case(CodeWriter code, ModeModel mode, MessageModel message)
    {
        code.Line($"case {Names.Literal(message.Type)}:");
        using (code.Indent())
        {
            code.Line($"{Call(mode, message.Reducer, $"({message.Payload.Type})payload")};");
            if (message.MovesTo is not null) code.Line($"state.Phase = {ModeFile.PhaseOf(message.MovesTo)};");
            code.Line("break;");
        }
    }
}
