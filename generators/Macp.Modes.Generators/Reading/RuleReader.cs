using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the rules declared beside a [Message].</summary>
internal sealed class RuleReader
{
    readonly ModeDeclaration _mode;
    readonly IMethodSymbol _method;
    readonly PayloadModel _payload;

    RuleReader(ModeDeclaration mode, IMethodSymbol method, PayloadModel payload) => (_mode, _method, _payload) = (mode, method, payload);

    public static IEnumerable<Rule> Read(ModeDeclaration mode, IMethodSymbol method, PayloadModel payload)
    {
        var reader = new RuleReader(mode, method, payload);
        return method.GetAttributes().SelectMany(reader.Read).ToList();
    }

    IEnumerable<Rule> Read(AttributeData attribute) => Attributes.Word(attribute) switch
    {
        Attributes.Required => attribute.Texts(0).Select(name => Field(attribute, name, FieldKind.Text)).OfType<FieldModel>().Select(f => new RequiredRule(f)),
        Attributes.OneOf => One(OneOf(attribute)),
        Attributes.InRange => One(InRange(attribute)),
        Attributes.Reserved => One(Field(attribute, attribute.Text(0), FieldKind.Text, FieldKind.Bytes, FieldKind.Flag, FieldKind.Integer, FieldKind.Number) is { } field ? new ReservedRule(field) : null),
        Attributes.NamesSender => One(Text(attribute, 0) is { } field ? new NamesSenderRule(field) : null),
        Attributes.NamesParticipant => One(Text(attribute, 0) is { } field ? new NamesParticipantRule(field, attribute.NamedFlag("NotSender"), attribute.NamedFlag("Optional")) : null),
        Attributes.References => One(Text(attribute, 0) is { } field ? new StateRuleReader(_mode, _method, attribute).References(field) : null),
        Attributes.Unique => One(Text(attribute, 0) is { } field ? new StateRuleReader(_mode, _method, attribute).Unique(field) : null),
        Attributes.OncePerSession => One(new StateRuleReader(_mode, _method, attribute).OncePerSession()),
        Attributes.OncePerSender => One(OncePerSender(attribute)),
        _ => [],
    };

    OneOfRule? OneOf(AttributeData attribute)
    {
        if (Text(attribute, 0) is not { } field) return null;
        var values = attribute.Texts(1).ToArray();
        string? otherwise = attribute.NamedText("Default");
        bool upper = values.All(v => v == v.ToUpperInvariant()), lower = values.All(v => v == v.ToLowerInvariant());
        bool sound = values.Length > 0 && values.All(v => v.Length > 0) && (upper || lower) && (otherwise is null || values.Contains(otherwise));
        if (!sound) _mode.Findings.Add(ModeRules.WrongValues, _method, attribute, field.Name);
        return sound ? new(field, values.ToEquatableArray(), upper, otherwise) : null;
    }

    RangeRule? InRange(AttributeData attribute)
    {
        if (Field(attribute, attribute.Text(0), FieldKind.Number, FieldKind.Integer) is not { } field) return null;
        double least = attribute.Number(1), most = attribute.Number(2);
        // Not the reverse comparison: NaN is no bound either.
        bool sound = field.Kind == FieldKind.Integer ? Math.Ceiling(least) <= Math.Floor(most) : least <= most;
        if (!sound) _mode.Findings.Add(ModeRules.WrongRange, _method, attribute, field.Name, least, most);
        return sound ? new(field, least, most) : null;
    }

    Rule? OncePerSender(AttributeData attribute)
    {
        FieldModel? key = null;
        if (attribute.NamedText("Key") is { } name && (key = Field(attribute, name, FieldKind.Text)) is null) return null;
        return new StateRuleReader(_mode, _method, attribute).OncePerSender(key);
    }

    FieldModel? Text(AttributeData attribute, int position) => Field(attribute, attribute.Text(position), FieldKind.Text);

    FieldModel? Field(AttributeData attribute, string name, params FieldKind[] kinds)
    {
        var field = _payload.Fields.FirstOrDefault(f => f.Name == name);
        string payload = _payload.Type.Substring(_payload.Type.LastIndexOf('.') + 1);
        if (field is null) _mode.Findings.Add(ModeRules.UnknownField, _method, attribute, payload, name, string.Join(", ", _payload.Fields.Select(f => f.Name)));
        else if (!kinds.Contains(field.Kind))
            _mode.Findings.Add(ModeRules.WrongFieldType, _method, attribute, Attributes.Written(Attributes.Word(attribute)!), $"{payload}.{name}", kinds.Length == 1 ? "text" : string.Join(", ", kinds).ToLowerInvariant());
        return field is not null && kinds.Contains(field.Kind) ? field : null;
    }

    static IEnumerable<Rule> One(Rule? rule) => rule is null ? [] : [rule];
}
