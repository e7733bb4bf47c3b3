using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>
/// Emits what a client may refuse before it sends. It knows a beginning of the history, and the runtime more of it: so it refuses by those conditions
/// of <c>decide</c> alone that stay broken whatever is accepted afterwards, and with what <c>decide</c> says.
/// </summary>
internal static class PreflightEmitter
{
    const string Refuse = Dsl + "Refuse.", Rejection = Dsl + "Rejection?";

    static readonly string[] Parameters = ["State state", Session, Message, $"{ByteString} payload"];

    public static void Emit(CodeWriter code, ModeModel mode)
    {
        code.Member("Judges a message by a beginning of the history: why it is refused for good; null where it may yet be accepted.");
        using (code.Method($"public static {Rejection} Preflight", Parameters))
        {
            code.Line("// Another version of the mode has rules of its own.");
            code.If("session.ModeVersion != Descriptor.Version || !IsRefusedForGood(state, session, message, payload)", "return null;");
            code.Line("// Once a session is committed its mode is not asked any more.");
            string committed = mode.Phases.Computed is null ? $"state.Phase is {PhaseOf(mode.Phases.Committed)}" : "state.IsCommitted";
            code.Line($"return {committed} ? {Refuse}AlreadyCommitted() : Decide(state, session, message, payload).Rejection;");
        }

        code.Separate();
        code.Signature("static bool IsRefusedForGood", Parameters, ") => message.Type switch");
        using (code.Body("};"))
        {
            foreach (var message in mode.Messages) code.Line($"{Names.Literal(message.Type)} => NeverAccepts{message.Type}(state, session, message, payload),");
            code.Line("\"Commitment\" => NeverAcceptsCommitment(state, session, message, payload),");
            code.Line("_ => false,");
        }
        foreach (var message in mode.Messages) NeverAccepts(code, message.Type, MessageConditions.Of(mode, message));
        NeverAccepts(code, "Commitment", MessageConditions.OfCommitment(mode).Append(Committed(mode)));
    }

    static void NeverAccepts(CodeWriter code, string type, IEnumerable<Condition> conditions)
    {
        code.Separate();
        code.Conditions($"static bool NeverAccepts{type}", ["State state", Session, Message, $"{ByteString} bytes"], [.. conditions.Select(c => c.Forever).OfType<string>()], "||");
    }

    static Condition Committed(ModeModel mode)
    {
        string committed = mode.Phases.Computed is null ? $"state.Phase is {PhaseOf(mode.Phases.Committed)}" : "state.IsCommitted";
        return new(committed, $"{Refuse}AlreadyCommitted()", mode.Phases.MayBeSet ? null : committed);
    }
}
