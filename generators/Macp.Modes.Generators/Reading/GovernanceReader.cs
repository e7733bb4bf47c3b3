using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads what policies may rule about a mode: the shape of its rules type, and the evaluator.</summary>
internal sealed class GovernanceReader
{
    readonly ModeDeclaration _mode;
    readonly Dictionary<string, RuleGroup?> _groups = new(StringComparer.Ordinal);

    GovernanceReader(ModeDeclaration mode) => _mode = mode;

    public static GovernanceModel? Read(ModeDeclaration mode)
    {
        var evaluator = ReadEvaluator(mode);
        if (mode.RulesType is not { } type) return null;
        var reader = new GovernanceReader(mode);
        reader._groups.Add(Format(type), null);
        var rules = reader.Group(type, type.Name);
        return new(IsPublic(type), rules, reader._groups.Values.OfType<RuleGroup>().OrderBy(g => g.Type, StringComparer.Ordinal).ToEquatableArray(), evaluator);
    }

    static MethodModel? ReadEvaluator(ModeDeclaration mode)
    {
        var methods = mode.Methods.Where(m => m.Find(Attributes.Policy) is not null).ToArray();
        foreach (var second in methods.Skip(1)) mode.Findings.Add(ModeRules.TwoCommitments, second, second.Name, "Policy", methods[0].Name);
        if (methods.FirstOrDefault() is not { } method) return null;
        if (mode.RulesType is null)
        {
            if (mode.Attribute.Named("Rules") is null) mode.Findings.Add(ModeRules.NotGoverned, method, method.Name, mode.Type.Name);
            return null;
        }
        return MethodBinder.Bind(
            mode, method, "a static method that returns IEnumerable<string>", ReturnsReasons, null,
            Argument.State, Argument.Positive, Argument.Session, Argument.Rules);
    }

    static bool ReturnsReasons(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T } reasons && IsText(reasons.TypeArguments[0]);

    RuleGroup Group(INamedTypeSymbol type, string name)
    {
        if (!type.InstanceConstructors.Any(c => c.DeclaredAccessibility is Accessibility.Public && c.Parameters.All(p => p.IsOptional)) || type.IsAbstract || type.IsGenericType)
            _mode.Findings.Add(ModeRules.WrongRule, type, type.Name, "needs a constructor that can be called without arguments");
        return new(Format(type), name, Properties(type).InOrder().Select(Key).OfType<RuleKeyModel>().ToEquatableArray());
    }

    static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type) => type.GetMembers().OfType<IPropertySymbol>()
        .Where(p => !p.IsStatic && !p.IsIndexer && !p.IsImplicitlyDeclared && p.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal)
        // What is computed from the others is no key. What an assembly's properties hold it does not tell, but whether they can be set.
        .Where(p => p.SetMethod is not null || HoldsSomething(p));

    static bool HoldsSomething(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    RuleKeyModel? Key(IPropertySymbol property)
    {
        bool nullable = property.Type.NullableAnnotation is NullableAnnotation.Annotated;
        var type = property.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped
            ? wrapped.TypeArguments[0] : property.Type.WithNullableAnnotation(NullableAnnotation.None);
        if (property.SetMethod is null) return Wrong(property, "can be set by nobody; give it an init accessor");
        if (KindOf(type) is not { } kind)
            return Wrong(property, $"has type {type.ToDisplayString()}, which is not read from JSON: use bool, int, uint, long, double, string, an enum, IReadOnlyList<string>, IReadOnlyDictionary<string, double>, or a record of these");

        if (kind is RuleKind.Group && nullable) return Wrong(property, "is an object that may be missing; leave the question mark out, since what a policy does not say is the default");
        if (kind is RuleKind.Group && IsBeingRead(type)) return Wrong(property, $"has type {type.ToDisplayString()}, which would hold itself, so that its JSON would never end");

        string? group = kind is RuleKind.Group ? Enter((INamedTypeSymbol)type) : null;
        var values = kind is RuleKind.Choice ? type.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue).Select(f => f.Name) : [];
        return new(property.Name, kind, Format(type), nullable, group, values.ToEquatableArray(), Range(property, type, kind));
    }

    bool IsBeingRead(ITypeSymbol type) => _groups.TryGetValue(Format(type), out var group) && group is null;

    /// <summary>A type that is an object; entered before it is read, so that it can be told when it holds itself.</summary>
    string Enter(INamedTypeSymbol type)
    {
        string key = Format(type), name = type.ContainingType is { } outer && !SymbolEqualityComparer.Default.Equals(outer, _mode.RulesType) ? outer.Name + type.Name : type.Name;
        if (_groups.ContainsKey(key)) return name;
        _groups.Add(key, null);
        _groups[key] = Group(type, name);
        return name;
    }

    RuleRangeModel? Range(IPropertySymbol property, ITypeSymbol type, RuleKind kind)
    {
        bool isNumber = kind is RuleKind.Integer or RuleKind.Number or RuleKind.Numbers;
        var all = AllOf(type);
        if (property.Find(Attributes.RuleRange) is { } attribute)
        {
            double least = attribute.Number(0), most = attribute.Number(1);
            if (isNumber && least <= most) return new(Math.Max(least, all.Least), Math.Min(most, all.Most), attribute.NamedFlag("Above"));
            _mode.Findings.Add(ModeRules.WrongRule, property, attribute, property.Name, isNumber ? $"has a range without a value, from {least} to {most}" : "is no number, and has a range");
        }
        return isNumber ? all : null;
    }

    static RuleRangeModel AllOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Int32 => new(int.MinValue, int.MaxValue, false),
        SpecialType.System_UInt32 => new(0, uint.MaxValue, false),
        SpecialType.System_Int64 => new(long.MinValue, long.MaxValue, false),
        _ => new(double.MinValue, double.MaxValue, false),
    };

    RuleKeyModel? Wrong(IPropertySymbol property, string why)
    {
        _mode.Findings.Add(ModeRules.WrongRule, property, property.Name, why);
        return null;
    }

    static RuleKind? KindOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean => RuleKind.Flag,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 => RuleKind.Integer,
        SpecialType.System_Double => RuleKind.Number,
        SpecialType.System_String => RuleKind.Text,
        _ when type.TypeKind is TypeKind.Enum => RuleKind.Choice,
        _ when type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IReadOnlyList_T } list && IsText(list.TypeArguments[0]) => RuleKind.Texts,
        _ when type is INamedTypeSymbol { MetadataName: "IReadOnlyDictionary`2" } table && IsText(table.TypeArguments[0]) && table.TypeArguments[1].SpecialType is SpecialType.System_Double => RuleKind.Numbers,
        _ when type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsGenericType: false, SpecialType: SpecialType.None } => RuleKind.Group,
        _ => null,
    };

    static bool IsText(ITypeSymbol type) => type.SpecialType is SpecialType.System_String;

    static string Format(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(PayloadReader.TypeFormat);

    static bool IsPublic(ISymbol type) => type.DeclaredAccessibility is Accessibility.Public && (type.ContainingType is null || IsPublic(type.ContainingType));
}
