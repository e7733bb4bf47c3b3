using System.Globalization;
using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Reading;
using static Macp.Modes.Generators.Emitting.ModeFile;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Emits what policies may rule: the schema of the rules, their reading and writing, and the policy builder; nothing for a mode that none governs.</summary>
internal static class PolicyEmitter
{
    const string Json = "global::Macp.Protocol.CanonicalJson json", Reader = Dsl + "RulesReader rules", Descriptor = "global::Macp.Wire.V1.PolicyDescriptor";

    public static string? Emit(ModeModel mode) => mode.Governance is not { } governance ? null : Write(mode, "The policy builder, and the rules' JSON.", code =>
    {
        string rules = governance.Rules.Type;
        code.Line($"/// <summary>Policies for {Names.Xml(mode.Identity.Identifier)}: what they may rule, and how they are made and read (RFC-MACP-0012).</summary>");
        using (code.Begin($"{(governance.IsPublic ? mode.Accessibility : "internal")} static class {mode.Name}Policy"))
        {
            code.Member("What policies may rule about the mode.");
            code.Line($"public static {Dsl}ModeGovernance<{rules}> Governance {{ get; }} = new(");
            using (code.Indent())
            {
                Schema(code, governance, governance.Rules, "", ",");
                code.Line($"Read{governance.Rules.Name},");
                code.Line($"Write{governance.Rules.Name});");
            }
            Create(code, mode, rules);
            code.Member("The rules of a policy; what it does not say is the mode's default.");
            code.Line($"/// <exception cref=\"{Dsl}InvalidPolicyException\">No runtime would register the policy for this mode.</exception>");
            code.Expression($"public static {rules} RulesOf({Descriptor} policy)", "Governance.RulesOf(policy)");
            foreach (var group in governance.Groups.Prepend(governance.Rules))
            {
                Read(code, group);
                WriteRules(code, group);
            }
        }
        code.Separate();
        using (code.Begin($"partial class {mode.TypeName}"))
            code.Line($"static {Dsl}ModeGovernance? {Dsl}IMode.Governance => {mode.Name}Policy.Governance;");
    });

    static void Create(CodeWriter code, ModeModel mode, string rules)
    {
        code.Member("A policy for this mode, judged as the runtime will judge it. Set its mode to <c>*</c>, and it governs any.");
        code.Line("/// <param name=\"policyId\">Its id; registered ids are never used again for other rules.</param>");
        code.Line("/// <param name=\"description\">A sentence for people.</param>");
        code.Line("/// <param name=\"rules\">What it rules about the mode; the defaults when null.</param>");
        code.Line("/// <param name=\"commitment\">Who may commit; the initiator when null.</param>");
        code.Line("/// <param name=\"schemaVersion\">Under which its rules are read for ever: 1, 2 or 3.</param>");
        code.Line($"/// <exception cref=\"{Dsl}InvalidPolicyException\">No runtime would register it; the message names the rule.</exception>");
        code.Signature(
            $"public static {Descriptor} Create",
            ["string policyId", "string description", $"{rules}? rules = null", $"{Dsl}CommitmentPolicy? commitment = null", "uint schemaVersion = 3"],
            ") =>");
        using (code.Indent()) code.Line($"Governance.CreatePolicy({mode.TypeName}.Descriptor.Identifier, policyId, description, rules, commitment, schemaVersion);");
    }

    static void Schema(CodeWriter code, GovernanceModel governance, RuleGroup group, string head, string tail)
    {
        code.Line($"{head}new {Dsl}RuleSchema({(group.Keys.Count == 0 ? ")" + tail : "")}");
        using var _ = code.Indent();
        for (int i = 0; i < group.Keys.Count; i++)
        {
            var key = group.Keys[i];
            string end = i == group.Keys.Count - 1 ? ")" + tail : ",";
            if (key.Kind is RuleKind.Group) Schema(code, governance, GroupOf(governance, key), $"new {Dsl}GroupRule({Names.Literal(key.Key)}, ", ")" + end);
            else code.Line($"{Rule(key)}{end}");
        }
    }

    static RuleGroup GroupOf(GovernanceModel governance, RuleKeyModel key) => governance.Groups.First(g => g.Type == key.Type);

    static string Rule(RuleKeyModel key) => key.Kind switch
    {
        RuleKind.Flag => $"new {Dsl}FlagRule({Names.Literal(key.Key)})",
        RuleKind.Integer => Number(key.Key, key.Range!, whole: true),
        RuleKind.Number => Number(key.Key, key.Range!, whole: false),
        RuleKind.Choice => $"new {Dsl}ChoiceRule({Names.Literal(key.Key)}, {string.Join(", ", key.Values.Select(v => Names.Literal(Names.Snake(v))))})",
        RuleKind.Texts => $"new {Dsl}TextsRule({Names.Literal(key.Key)})",
        RuleKind.Numbers => $"new {Dsl}NumbersRule({Names.Literal(key.Key)}, {Number("", key.Range!, whole: false)})",
        _ => $"new {Dsl}TextRule({Names.Literal(key.Key)})",
    };

    static string Number(string key, RuleRangeModel range, bool whole) =>
        $"new {Dsl}NumberRule({Names.Literal(key)}, {Value(range.Least)}, {Value(range.Most)}{(range.Above ? ", Above: true" : "")}{(whole ? ", Whole: true" : "")})";

    static string Value(double value) => value switch
    {
        double.MinValue => "double.MinValue",
        double.MaxValue => "double.MaxValue",
        long.MinValue => "long.MinValue",
        long.MaxValue => "long.MaxValue",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    static void Read(CodeWriter code, RuleGroup group)
    {
        code.Separate();
        code.Signature($"static {group.Type} Read{group.Name}", [Reader, $"{group.Type} unset"], ") => new()");
        using (code.Body("};"))
            foreach (var key in group.Keys) Read(code, key);
    }

    static void Read(CodeWriter code, RuleKeyModel key)
    {
        string at = $"({Names.Literal(key.Key)})", name = Names.Escape(key.Name), unset = $"unset.{name}";
        if (key.Kind is RuleKind.Choice)
        {
            using var _ = code.Begin($"{name} = rules.Text{at} switch", "},");
            foreach (string member in key.Values) code.Line($"{Names.Literal(Names.Snake(member))} => {key.Type}.{Names.Escape(member)},");
            code.Line($"_ => {unset},");
            return;
        }
        string value = key.Kind switch
        {
            RuleKind.Group => $"Read{key.Group}(rules.In{at}, {unset})",
            RuleKind.Integer when key.Type != "long" => $"({key.Type}?)rules.Integer{at} ?? {unset}",
            _ => $"rules.{key.Kind}{at} ?? {unset}",
        };
        code.Line($"{name} = {value},");
    }

    static void WriteRules(CodeWriter code, RuleGroup group)
    {
        code.Separate();
        using var _ = code.Method($"static void Write{group.Name}", [$"{group.Type} rules", Json]);
        foreach (var key in group.Keys.OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            string value = $"rules.{Names.Escape(key.Name)}", said = Names.Parameter(key.Name);
            if (!key.Nullable)
            {
                WriteKey(code, key, value);
                continue;
            }
            using (code.Begin($"if ({value} is {{ }} {said})")) WriteKey(code, key, said);
        }
    }

    static void WriteKey(CodeWriter code, RuleKeyModel key, string value)
    {
        string at = $"json.Key({Names.Literal(key.Key)})";
        switch (key.Kind)
        {
            case RuleKind.Group:
                code.Line($"{at}.BeginObject();");
                code.Line($"Write{key.Group}({value}, json);");
                code.Line("json.EndObject();");
                break;
            case RuleKind.Choice:
                using (code.Begin($"{at}.Value({value} switch", "});"))
                {
                    foreach (string member in key.Values) code.Line($"{key.Type}.{Names.Escape(member)} => {Names.Literal(Names.Snake(member))},");
                    code.Line($"_ => {value}.ToString(),");
                }
                break;
            case RuleKind.Number or RuleKind.Texts or RuleKind.Numbers:
                code.Line($"{Dsl}RulesWriter.{key.Kind}({at}, {value});");
                break;
            default:
                code.Line($"{at}.Value({value});");
                break;
        }
    }
}
