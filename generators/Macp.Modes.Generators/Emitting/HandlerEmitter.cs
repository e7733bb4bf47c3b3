using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits what the kernel hosts: the state of one session, with decide and evolve over it.</summary>
internal static class HandlerEmitter
{
    public static string Emit(ModeModel mode) => Write(mode, "The handler: this mode at work in a session of the runtime.", code =>
    {
        string type = mode.TypeName;
        code.Line("/// <inheritdoc cref=\"global::Macp.Modes.SessionHandler\"/>");
        using (code.Begin($"{mode.Accessibility} sealed class {mode.Name}Handler({Session}) : {Dsl}SessionHandler"))
        {
            code.Line($"readonly {type}.State _state = new();");
            Inherited(code, $"public override {Dsl}SessionContext Session => session;");
            Inherited(code, $"public override string Phase => {type}.Reducer.PhaseOf(_state, session).ToString();");
            Inherited(code, $"public override bool IsCommitted => {(mode.Phases.Computed is null ? $"_state.Phase is {type}.{PhaseOf(mode.Phases.Committed)}" : "_state.IsCommitted")};");
            Inherited(code, $"public override {Dsl}Rejection? CanStart() => {type}.Validator.CanStart(session);");
            Inherited(code, $"public override {Dsl}Verdict Decide({Message}, {ByteString} payload) =>", $"{type}.Validator.Decide(_state, session, message, payload);");
            Inherited(code, $"public override void Evolve({Message}, {IMessage} payload) =>", $"{type}.Reducer.Evolve(_state, session, message, payload);");
            code.Separate().Line("/// <inheritdoc/>");
            code.Signature($"public override {IMessage} Recall", [Message, $"{ByteString} payload"], $") => {type}.Payloads.Recall(message, payload);");
            code.Separate().Line("/// <inheritdoc/>");
            code.Signature($"public override global::System.Collections.Generic.IReadOnlyList<{Dsl}DueMessage> ComesDue", [Message, $"{IMessage} payload"], $") => {ComesDue(mode)};");
            Inherited(code, $"public override void WriteState(global::Macp.Protocol.CanonicalJson json) =>", $"_state.WriteTo(json, {type}.Reducer.PhaseOf(_state, session));");
        }
    });

    /// <summary>The mode class calls the author's methods, which may be private to it.</summary>
    static string ComesDue(ModeModel mode) => mode.Messages.Any(m => m.Dues.Count > 0) ? $"{mode.TypeName}.DueMessages.After(_state, session, message, payload)" : "[]";

    static void Inherited(CodeWriter code, string member, string? body = null)
    {
        code.Separate().Line("/// <inheritdoc/>").Line(member);
        if (body is null) return;
        using (code.Indent()) code.Line(body);
    }
}

/// <summary>Emits what comes due after a message; nothing for a mode without such messages.</summary>
internal static class DueEmitter
{
    public static string? Emit(ModeModel mode) => mode.Messages.All(m => m.Dues.Count == 0) ? null : WriteNested(
        mode, "What comes due: messages that the runtime appends by itself.", "Tells what comes due after an accepted message.", "internal static class DueMessages", code =>
        {
            code.Member("What comes due because this message was accepted.");
            code.Signature($"public static global::System.Collections.Generic.IReadOnlyList<{Dsl}DueMessage> After", ["State state", Session, Message, $"{IMessage} payload"], ") => message.Type switch");
            using (code.Body("};"))
            {
                foreach (var message in mode.Messages.Where(m => m.Dues.Count > 0))
                    code.Line($"{Names.Literal(message.Type)} => {After(mode, message)},");
                code.Line("_ => [],");
            }
            if (mode.Messages.Any(m => m.Dues.Count > 1))
                code.Separate().Expression($"static {Dsl}DueMessage[] Some({Dsl}DueMessage? due)", "due is null ? [] : [due]");
        });

    static string After(ModeModel mode, MessageModel message)
    {
        var calls = message.Dues.Select(due => Call(mode, due, $"({message.Payload.Type})payload")).ToList();
        return calls.Count == 1 ? $"{calls[0]} is {{ }} due ? [due] : []" : $"[{string.Join(", ", calls.Select(call => $".. Some({call})"))}]";
    }
}
