using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits the typed session client: one method a message. Starting, committing and the rest of a session's life are its base's.</summary>
internal static class SessionEmitter
{
    const string Client = "global::Macp.Client.";

    // What stands in every method besides the payload's fields.
    static readonly string[] Own = ["payload", "call", "cancellationToken"];

    public static string Emit(ModeModel mode) => Write(mode, "The session client: one method a message.", code =>
    {
        code.Line($"/// <summary>A session of {Names.Xml(mode.Identity.Identifier)} {Names.Xml(mode.Identity.Version)}, as a client drives it.</summary>");
        using (code.Begin($"{mode.Accessibility} sealed class {mode.Name}Session : {Client}ModeSession<{mode.Name}Projection>"))
        {
            code.Member("A session that is about to be started, or that is there already: name it in the options then.");
            code.Line("/// <param name=\"client\">The connection.</param>");
            code.Line("/// <param name=\"options\">The session's id, the versions it binds and its credential; a new id and the protocol's defaults when not said.</param>");
            code.Line($"public {mode.Name}Session({Client}MacpClient client, {Client}SessionOptions? options = null)");
            using (code.Indent()) code.Line($": base(client, {mode.TypeName}.Descriptor, new {mode.Name}Projection(), options)");
            code.Line("{").Line("}");
            foreach (var message in mode.Messages) Method(code, mode, message);
        }
    });

    static void Method(CodeWriter code, ModeModel mode, MessageModel message)
    {
        var required = message.Rules.Select(Demands).OfType<FieldModel>().ToList();
        var fields = message.Payload.Fields.Where(f => !message.All<ReservedRule>().Any(r => r.Field == f)).ToList();
        var ordered = fields.Where(required.Contains).Concat(fields.Where(f => !required.Contains(f))).ToList();

        code.Member($"Sends {message.Type}.");
        foreach (var field in ordered) code.Line($"/// <param name=\"{Parameter(field).TrimStart('@')}\">{Describe(message, field)}</param>");
        code.Line("/// <param name=\"call\">What differs for this call alone.</param>");
        code.Line("/// <param name=\"cancellationToken\">Ends the wait; the message may have been accepted by then.</param>");
        code.Line("/// <returns>The runtime's ack.</returns>");
        code.Line($"/// <exception cref=\"{Client}MacpException\">The message was refused, or the runtime could not be reached.</exception>");
        code.Line($"public global::System.Threading.Tasks.Task<{Client}MacpAck> {message.Client}Async(");
        using (code.Indent())
        {
            foreach (var field in ordered) code.Line($"{Declaration(field, required.Contains(field))},");
            code.Line($"{Client}MacpCallOptions? call = null,");
            code.Line("global::System.Threading.CancellationToken cancellationToken = default)");
        }
        using (code.Body())
        {
            Payload(code, message, ordered, required);
            code.Line($"return SendAsync({Names.Literal(message.Type)}, payload, {mode.TypeName}.Validator.Check{message.Type}(payload), call, cancellationToken);");
        }
    }

    /// <summary>The field that a rule does not let be empty; null for a rule that asks nothing of the kind.</summary>
    static FieldModel? Demands(Rule rule) => rule switch
    {
        RequiredRule required => required.Field,
        OneOfRule { Default: null } values => values.Field,
        RangeRule range => range.Field,
        UniqueRule unique => unique.Field,
        ReferenceRule reference => reference.Field,
        NamesParticipantRule { Optional: false } named => named.Field,
        _ => null,
    };

    static void Payload(CodeWriter code, MessageModel message, List<FieldModel> fields, List<FieldModel> required)
    {
        using (code.Begin($"var payload = new {message.Payload.Type}", "};"))
            foreach (var field in fields.Where(f => f.Kind is not (FieldKind.Repeated or FieldKind.Map) && !IsSetLater(f, required)))
                code.Line($"{field.Name} = {Value(message, field, required.Contains(field))},");
        foreach (var field in fields.Where(f => IsSetLater(f, required)))
            code.Line($"if ({Parameter(field)} is {{ }} {Parameter(field).TrimStart('@')}Set) payload.{field.Name} = {Parameter(field).TrimStart('@')}Set;");
        foreach (var field in fields.Where(f => f.Kind == FieldKind.Repeated))
            code.Line($"if ({Parameter(field)} is not null) payload.{field.Name}.AddRange({Parameter(field)});");
        foreach (var field in fields.Where(f => f.Kind == FieldKind.Map))
            code.Line($"if ({Parameter(field)} is not null) payload.{field.Name}.Add({Parameter(field)});");
    }

    /// <summary>Empty is not unset: such a field stays unset unless it is said.</summary>
    static bool IsSetLater(FieldModel field, List<FieldModel> required) => field.HasPresence && !required.Contains(field);

    static string Declaration(FieldModel field, bool required)
    {
        string name = Parameter(field);
        return field.Kind switch
        {
            FieldKind.Text => required ? $"string {name}" : $"string? {name} = null",
            FieldKind.Bytes => $"{ByteString}? {name} = null",
            FieldKind.Repeated => $"global::System.Collections.Generic.IEnumerable<{field.Type}>? {name} = null",
            FieldKind.Map => $"global::System.Collections.Generic.IDictionary<{field.Type}>? {name} = null",
            FieldKind.Message => $"{field.Type}? {name} = null",
            _ when required => $"{field.Type} {name}",
            _ when field.HasPresence => $"{field.Type}? {name} = null",
            _ => $"{field.Type} {name} = default",
        };
    }

    /// <summary>The parameter for a field; a field called as one that every method has is told apart.</summary>
    static string Parameter(FieldModel field) => Names.Parameter(field.Name) is var name && Own.Contains(name) ? name + "Value" : name;

    static string Value(MessageModel message, FieldModel field, bool required)
    {
        string name = Parameter(field);
        return field.Kind switch
        {
            FieldKind.Text when message.All<NamesSenderRule>().Any(r => r.Field == field) => $"{name} ?? SenderOf(call)",
            FieldKind.Text when !required => $"{name} ?? \"\"",
            FieldKind.Bytes => $"{name} ?? {ByteString}.Empty",
            _ => name,
        };
    }

    /// <summary>What the rules say of a field, in words.</summary>
    static string Describe(MessageModel message, FieldModel field)
    {
        var words = new List<string>();
        if (message.All<RequiredRule>().Any(r => r.Field == field)) words.Add("Not blank.");
        foreach (var rule in message.All<OneOfRule>().Where(r => r.Field == field))
            words.Add($"One of {Names.Xml(string.Join(", ", rule.Values))}, in any case{(rule.Default is null ? "" : $"; {Names.Xml(rule.Default)} when empty")}.");
        foreach (var rule in message.All<RangeRule>().Where(r => r.Field == field))
            words.Add(double.IsInfinity(rule.Most) ? System.FormattableString.Invariant($"At least {rule.Least}.")
                : double.IsInfinity(rule.Least) ? System.FormattableString.Invariant($"At most {rule.Most}.")
                : System.FormattableString.Invariant($"From {rule.Least} to {rule.Most}."));
        foreach (var rule in message.All<ReferenceRule>().Where(r => r.Field == field)) words.Add($"Names {(rule.Key is null ? "one of " : "")}the session's {Names.Words(rule.Table)}.");
        if (message.All<UniqueRule>().Any(r => r.Field == field)) words.Add("New to the session.");
        if (message.All<NamesSenderRule>().Any(r => r.Field == field)) words.Add("The sender when not said.");
        if (message.All<NamesParticipantRule>().Any(r => r.Field == field)) words.Add("A declared participant.");
        return words.Count == 0 ? $"The payload's <c>{field.WireName}</c>." : string.Join(" ", words);
    }
}
