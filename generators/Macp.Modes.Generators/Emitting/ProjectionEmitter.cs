using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits the projection: what clients, replays and tests read.</summary>
internal static class ProjectionEmitter
{
    public static string Emit(ModeModel mode) => Write(mode, "The projection: what an accepted history adds up to.", code =>
    {
        string type = mode.TypeName, state = $"{type}.State state";
        code.Line("/// <summary>What the accepted history of a session adds up to. Every member hands out a copy, safe while a stream applies envelopes.</summary>");
        using (code.Begin($"{mode.Accessibility} sealed class {mode.Name}Projection : {Dsl}Projection<{type}.State, {type}.Phase>"))
        {
            code.Member("An empty projection.");
            using (code.Begin($"public {mode.Name}Projection() : base({type}.Descriptor.Identifier{(mode.Governance is null ? "" : $", {mode.Name}Policy.Governance")})")) { }

            foreach (var member in mode.State.Members.Where(m => m.IsPublic))
            {
                code.Separate().Line($"/// <inheritdoc cref=\"{type}.State.{Names.Escape(member.Name)}\"/>");
                string name = Names.Escape(member.Name);
                code.Expression($"public {View(member.Type)} {name}", $"Query(static (state, _) => {Copy(member.Type, "state." + name)})");
            }
            foreach (var query in mode.Queries) Query(code, mode, query);

            code.Member("Whether the session may be committed to this sign now: the rule that the runtime asks. Null when it may.");
            code.Expression($"public {Dsl}Rejection? CanCommit(bool positive)", $"Query((state, session) => {type}.Validator.CanCommit(state, session, positive))");
            code.Separate().Line("/// <inheritdoc/>");
            code.Expression($"protected override {type}.Phase PhaseOf({state}, {Session})", $"{type}.Reducer.PhaseOf(state, session)");
            code.Separate().Line("/// <inheritdoc/>");
            using (code.Method($"protected override {Dsl}Anomaly? Evolve", [state, Session, Message, $"{ByteString} payload"]))
            {
                code.Line($"var accepted = {type}.Payloads.Recall(message, payload);");
                code.If($"{type}.Anomalies.Find(state, session, message, accepted) is {{ }} anomaly", "return anomaly;");
                code.Line($"{type}.Reducer.Evolve(state, session, message, accepted);");
                code.Line("return null;");
            }
            code.Separate().Line("/// <inheritdoc/>");
            code.Signature($"protected override {Dsl}Rejection? Preflight", [state, Session, Message, $"{ByteString} payload"], ") =>");
            using (code.Indent()) code.Line($"{type}.Validator.Preflight(state, session, message, payload);");
            code.Separate().Line("/// <inheritdoc/>");
            code.Signature("protected override void WriteState", [state, Session, "global::Macp.Protocol.CanonicalJson json"], ") =>");
            using (code.Indent()) code.Line("state.WriteTo(json, PhaseOf(state, session));");
        }
    });

    static void Query(CodeWriter code, ModeModel mode, QueryModel query)
    {
        var own = query.Parameters.Where(p => p.Supplied is null).ToList();
        // The lambda's parameters keep out of the way of the query's own.
        string state = own.Any(p => p.Name == "state") ? "theState" : "state", session = own.Any(p => p.Name == "session") ? "theSession" : "session";
        string arguments = string.Join(", ", query.Parameters.Select(p => p.Supplied is { } supplied ? Supply(mode, supplied, state: state, session: session) : p.Name));
        string call = $"{mode.TypeName}.{Names.Escape(query.Name)}({arguments})";
        bool usesSession = query.Parameters.Any(p => p.Supplied is Argument.Session or Argument.Rules);
        string lambda = $"{(own.Count == 0 ? "static " : "")}({state}, {(usesSession ? session : "_")}) => {Copy(query.Result, call)}";

        code.Separate().Line($"/// <inheritdoc cref=\"{mode.TypeName}.{Names.Escape(query.Name)}\"/>");
        string parameters = string.Join(", ", own.Select(p => $"{p.Type} {p.Name}{(p.Default is null ? "" : $" = {p.Default}")}"));
        code.Expression($"public {View(query.Result)} {Names.Escape(query.Name)}{(query.IsProperty ? "" : $"({parameters})")}", $"Query({lambda})");
    }

    /// <summary>The type in which a reader gets a value: collections as their read-only interfaces.</summary>
    static string View(TypeModel type) => type switch
    {
        ListType list => $"global::System.Collections.Generic.IReadOnlyList<{View(list.Item)}>",
        SetType set => $"global::System.Collections.Generic.IReadOnlySet<{set.Item.Name}>",
        TableType table => $"global::System.Collections.Generic.IReadOnlyDictionary<{table.Key.Name}, {View(table.Value)}>",
        RecordType { Nullable: true } => type.Name + "?",
        _ => type.Name,
    };

    static string Copy(TypeModel type, string value) => type switch
    {
        ListType { Item: ListType or SetType or TableType } list => $"{Dsl}ReadOnly.List({value}, static item => {Copy(list.Item, "item")})",
        ListType => $"{Dsl}ReadOnly.List({value})",
        SetType => $"{Dsl}ReadOnly.Set({value})",
        TableType { Value: ListType or SetType or TableType } table => $"{Dsl}ReadOnly.Table({value}, static item => {Copy(table.Value, "item")})",
        TableType => $"{Dsl}ReadOnly.Table({value})",
        _ => value,
    };
}
