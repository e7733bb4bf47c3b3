using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the rules that look into the state, and checks that what they look in is there and has the right key.</summary>
internal sealed class StateRuleReader(ModeDeclaration mode, IMethodSymbol method, AttributeData attribute)
{
    public Rule? References(FieldModel field)
    {
        if (Property("In") is not { } property) return null;
        string? where = attribute.NamedText("Where"), by = attribute.NamedText("By"), key = null;
        ITypeSymbol entry;
        if (Collections.TableOf(property.Type) is { } table)
        {
            if (!IsText(table.Key)) return Wrong(property, field, $"its key is {table.Key.ToDisplayString()}, the field is text");
            entry = table.Value;
        }
        else
        {
            entry = property.Type;
            key = field.Name;
            if (!Has(entry, key, IsText)) return Wrong(property, field, $"{entry.Name} has no text property '{key}'");
        }
        if (where is not null && !Has(entry, where, t => t.SpecialType == SpecialType.System_Boolean)) return Missing("entry with a bool property", where);
        if (by is null || Has(entry, by, IsText)) return new ReferenceRule(field, property.Name, key, where, by, Permits: null);
        if (mode.Methods.FirstOrDefault(m => m.Name == by) is not { } method) return Missing("entry with a text property, nor the mode a method", by);
        return MethodBinder.Bind(
            mode, method, "a static method that returns bool", r => r.SpecialType == SpecialType.System_Boolean, null,
            Argument.State, Argument.Message, Argument.Session, Argument.Rules) is { } permits ? new ReferenceRule(field, property.Name, key, where, By: null, permits) : null;
    }

    public Rule? Unique(FieldModel field)
    {
        if (Property("In") is not { } property) return null;
        return Collections.TableOf(property.Type) is not { } table ? Wrong(property, field, "it is not a dictionary")
            : !IsText(table.Key) ? Wrong(property, field, $"its key is {table.Key.ToDisplayString()}, the field is text")
            : new UniqueRule(field, property.Name);
    }

    public Rule? OncePerSession()
    {
        if (Property("In") is not { } property) return null;
        if (property.Type.IsReferenceType || property.Type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return new OncePerSessionRule(property.Name);
        mode.Findings.Add(ModeRules.WrongKey, method, attribute, property.Name, "null", $"{property.Type.ToDisplayString()} is never null");
        return null;
    }

    public Rule? OncePerSender(FieldModel? key)
    {
        if (Property("In") is not { } property) return null;
        var senders = property.Type;
        if (key is not null)
        {
            if (Collections.TableOf(senders) is not { } outer || !IsText(outer.Key)) return Wrong(property, key, "it is not a dictionary keyed by text");
            senders = outer.Value;
        }
        string? lookup = Collections.TableOf(senders) is { } table && IsText(table.Key) ? "ContainsKey" : Collections.SetOf(senders) is { } item && IsText(item) ? "Contains" : null;
        if (lookup is not null) return new OncePerSenderRule(property.Name, key, lookup, attribute.NamedText("Anomaly"));
        mode.Findings.Add(ModeRules.WrongKey, method, attribute, property.Name, "the sender", $"{senders.ToDisplayString()} is neither a dictionary nor a set of text");
        return null;
    }

    IPropertySymbol? Property(string argument)
    {
        string name = attribute.NamedText(argument) ?? "";
        var property = mode.State.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault(p => p is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null });
        if (property is null) mode.Findings.Add(ModeRules.UnknownState, method, attribute, "property", name);
        return property;
    }

    Rule? Wrong(IPropertySymbol property, FieldModel field, string why)
    {
        mode.Findings.Add(ModeRules.WrongKey, method, attribute, property.Name, field.Name, why);
        return null;
    }

    Rule? Missing(string what, string name)
    {
        mode.Findings.Add(ModeRules.UnknownState, method, attribute, what, name);
        return null;
    }

    static bool Has(ITypeSymbol type, string property, Func<ITypeSymbol, bool> fits)
    {
        for (var at = type; at is not null; at = at.BaseType)
            if (at.GetMembers(property).OfType<IPropertySymbol>().Any(p => !p.IsStatic && fits(p.Type))) return true;
        return false;
    }

    static bool IsText(ITypeSymbol type) => type.SpecialType == SpecialType.System_String;
}
