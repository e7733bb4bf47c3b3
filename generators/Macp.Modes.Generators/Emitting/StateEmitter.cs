using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits what makes a state a value: its phase, equality, and its canonical JSON.</summary>
internal static class StateEmitter
{
    const string Json = "global::Macp.Protocol.CanonicalJson json";

    public static string Emit(ModeModel mode) => Write(mode, "The state as a value: equality and canonical JSON.", code =>
    {
        using (code.Begin($"partial class {mode.TypeName}"))
        using (code.Begin("partial class State : global::System.IEquatable<State>"))
        {
            if (mode.Phases.Computed is null) code.Member("The phase, moved by accepted messages.").Line("public Phase Phase { get; internal set; }");
            else code.Member("Whether a commitment was accepted.").Line("public bool IsCommitted { get; internal set; }");
            Equality(code, mode);
            WriteTo(code, mode);
            foreach (var record in mode.State.Records) Record(code, record);
        }
    });

    static void Equality(CodeWriter code, ModeModel mode)
    {
        string own = mode.Phases.Computed is null ? "Phase" : "IsCommitted";
        code.Member("Whether two states hold the same. Tables and sets have no order; lists do.");
        code.Line("public bool Equals(State? other) =>");
        using (code.Indent())
        {
            code.Line($"other is not null && {own} == other.{own}" + (mode.State.Members.Count == 0 ? ";" : ""));
            for (int i = 0; i < mode.State.Members.Count; i++)
            {
                var member = mode.State.Members[i];
                string name = Names.Escape(member.Name);
                code.Line($"&& {Same(member.Type, name, "other." + name)}{(i == mode.State.Members.Count - 1 ? ";" : "")}");
            }
        }
        code.Separate().Line("/// <inheritdoc/>").Line("public override bool Equals(object? obj) => Equals(obj as State);");
        var counted = mode.State.Members.Where(m => m.Type is TableType or ListType or SetType).Select(m => $", {Names.Escape(m.Name)}.{Count(m.Type)}").Take(7);
        code.Separate().Line("/// <inheritdoc/>").Expression("public override int GetHashCode()", $"global::System.HashCode.Combine({own}{string.Concat(counted)})");
    }

    static void WriteTo(CodeWriter code, ModeModel mode)
    {
        code.Member("Writes this state as canonical JSON, its phase among the keys.");
        using var _ = code.Begin($"public void WriteTo({Json}, Phase phase)");
        code.Line("json.BeginObject();");
        bool phaseWritten = false;
        foreach (var member in mode.State.Members)
        {
            if (!phaseWritten && string.CompareOrdinal(member.Key, "phase") > 0) phaseWritten = WritePhase(code);
            Member(code, member, Names.Escape(member.Name));
        }
        if (!phaseWritten) WritePhase(code);
        code.Line("json.EndObject();");
    }

    static bool WritePhase(CodeWriter code)
    {
        code.Line("json.Key(\"phase\").Value(phase.ToString());");
        return true;
    }

    static void Record(CodeWriter code, RecordModel record)
    {
        code.Separate();
        var same = record.Members.Select(m => Same(m.Type, $"left.{Names.Escape(m.Name)}", $"right.{Names.Escape(m.Name)}")).DefaultIfEmpty("true").ToList();
        code.Conditions($"static bool Same{record.Name}", [$"{record.Type} left", $"{record.Type} right"], same);

        code.Separate();
        using (code.Begin($"static void Write{record.Name}({Json}, {record.Type} value)"))
        {
            code.Line("json.BeginObject();");
            foreach (var member in record.Members) Member(code, member, $"value.{Names.Escape(member.Name)}");
            code.Line("json.EndObject();");
        }
    }

    static void Member(CodeWriter code, MemberModel member, string value)
    {
        if (member.Type is ScalarType scalar && !MayBeMissing(scalar)) code.Line($"json.Key({Names.Literal(member.Key)}).Value({Scalar(scalar, value)});");
        else
        {
            code.Line($"json.Key({Names.Literal(member.Key)});");
            Value(code, member.Type, value, 0);
        }
    }

    static void Value(CodeWriter code, TypeModel type, string value, int depth)
    {
        string item = "item" + (depth == 0 ? "" : depth.ToString(System.Globalization.CultureInfo.InvariantCulture));
        switch (type)
        {
            case ScalarType scalar when MayBeMissing(scalar):
                code.Line($"_ = {value}.HasValue ? json.Value({Scalar(scalar, value + ".GetValueOrDefault()")}) : json.Value((string?)null);");
                break;
            case ScalarType scalar:
                code.Line($"json.Value({Scalar(scalar, value)});");
                break;
            case RecordType { Nullable: true }:
                code.Line($"if ({value} is null) json.Value((string?)null);");
                code.Line($"else Write{RecordName(type)}(json, {value});");
                break;
            case RecordType:
                code.Line($"Write{RecordName(type)}(json, {value});");
                break;
            case TableType table:
                code.Line("json.BeginObject();");
                using (code.Begin($"foreach (var {item} in {Dsl}InOrder.Of({value}))"))
                {
                    code.Line($"json.Key({(table.Key is ScalarType { Kind: ScalarKind.Text } ? $"{item}.Key" : $"{Dsl}InOrder.Key({item}.Key)")});");
                    Value(code, table.Value, item + ".Value", depth + 1);
                }
                code.Line("json.EndObject();");
                break;
            case SetType set:
                code.Line("json.BeginArray();");
                code.Line($"foreach (var {item} in {Dsl}InOrder.Of({value})) json.Value({Scalar((ScalarType)set.Item, item)});");
                code.Line("json.EndArray();");
                break;
            case ListType list:
                code.Line("json.BeginArray();");
                if (list.Item is ScalarType element && !MayBeMissing(element)) code.Line($"foreach (var {item} in {value}) json.Value({Scalar(element, item)});");
                else if (list.Item is RecordType { Nullable: false }) code.Line($"foreach (var {item} in {value}) Write{RecordName(list.Item)}(json, {item});");
                else
                {
                    using (code.Begin($"foreach (var {item} in {value})")) Value(code, list.Item, item, depth + 1);
                }
                code.Line("json.EndArray();");
                break;
        }
    }

    /// <summary>A nullable value type; a missing text or bytes is null by itself.</summary>
    static bool MayBeMissing(ScalarType type) => type is { Nullable: true, Kind: not (ScalarKind.Text or ScalarKind.Bytes) };

    static string Scalar(ScalarType type, string value) => type.Kind switch
    {
        ScalarKind.Bytes => $"{value}{(type.Nullable ? "?" : "")}.ToBase64()",
        ScalarKind.Enumeration => $"{value}.ToString()",
        _ => value,
    };

    static string Same(TypeModel type, string left, string right) => type switch
    {
        ScalarType { Kind: ScalarKind.Number } => $"{left}.Equals({right})",
        ScalarType => $"{left} == {right}",
        RecordType { Nullable: true } => $"{Dsl}Same.OrNull({left}, {right}, Same{RecordName(type)})",
        RecordType => $"Same{RecordName(type)}({left}, {right})",
        SetType => $"{Dsl}Same.Set({left}, {right})",
        ListType list => $"{Dsl}Same.List({left}, {right}{Comparer(list.Item)})",
        TableType table => $"{Dsl}Same.Table({left}, {right}{Comparer(table.Value)})",
        _ => $"Equals({left}, {right})",
    };

    static string Comparer(TypeModel item) => item switch
    {
        ScalarType => "",
        RecordType { Nullable: false } => $", Same{RecordName(item)}",
        _ => $", static (left, right) => {Same(item, "left", "right")}",
    };

    static string RecordName(TypeModel type) => ((RecordType)type).Short;

    static string Count(TypeModel type) => type.Name.EndsWith("[]", StringComparison.Ordinal) ? "Length" : "Count";
}
