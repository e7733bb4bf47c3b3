using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the shape of a state: its properties, and those of every type of the author's that it holds.</summary>
internal sealed class StateReader
{
    readonly ModeDeclaration _mode;
    readonly Dictionary<string, RecordModel?> _records = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    StateReader(ModeDeclaration mode) => _mode = mode;

    public static StateModel Read(ModeDeclaration mode)
    {
        var reader = new StateReader(mode);
        var members = reader.Members(mode.State);
        return new(members, reader._records.Values.OfType<RecordModel>().OrderBy(r => r.Type, StringComparer.Ordinal).ToEquatableArray());
    }

    /// <summary>The properties that hold something, in the ordinal order of their JSON keys; computed ones follow from the others.</summary>
    EquatableArray<MemberModel> Members(INamedTypeSymbol type)
    {
        FindHidden(type);
        return Lineage(type).SelectMany(t => t.GetMembers().OfType<IPropertySymbol>())
            .Where(p => !p.IsStatic && !p.IsIndexer && IsVisible(p) && !ModeDeclaration.IsGenerated(p) && HoldsSomething(p))
            // By key before they are read: what namesakes are called follows from the order, and must not follow from that of the files.
            .OrderBy(p => Names.Snake(p.Name), StringComparer.Ordinal)
            .Select(p => (Property: p, Type: Type(p.Type, p)))
            .Where(m => m.Type is not null)
            .Select(m => new MemberModel(m.Property.Name, m.Type!, IsShown(m.Property)))
            .ToEquatableArray();
    }

    /// <summary>What equality and JSON would never see.</summary>
    void FindHidden(INamedTypeSymbol type)
    {
        var fields = Lineage(type).SelectMany(t => t.GetMembers().OfType<IFieldSymbol>())
            .Where(f => !f.IsStatic && !f.IsConst && !ModeDeclaration.IsGenerated(f))
            .Select(f => f.AssociatedSymbol ?? f)
            .Where(s => s is IFieldSymbol { IsImplicitlyDeclared: false } or IPropertySymbol { DeclaredAccessibility: Accessibility.Private or Accessibility.Protected });
        foreach (var hidden in fields) _mode.Findings.Add(ModeRules.HiddenState, hidden, $"{type.Name}.{hidden.Name}");
    }

    /// <summary>The type, and what it inherits from types of the author's.</summary>
    static IEnumerable<INamedTypeSymbol> Lineage(INamedTypeSymbol type)
    {
        for (var at = type; at is { SpecialType: SpecialType.None, DeclaringSyntaxReferences.IsEmpty: false }; at = at.BaseType) yield return at;
    }

    /// <summary>Whether the projection shows it: not what it has itself, which is a finding.</summary>
    static bool IsShown(IPropertySymbol property) =>
        property is { DeclaredAccessibility: Accessibility.Public, GetMethod.DeclaredAccessibility: Accessibility.Public } && !QueryReader.ProjectionMembers.Contains(property.Name);

    static bool IsVisible(IPropertySymbol property) =>
        property is { DeclaredAccessibility: Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal, GetMethod: not null, IsOverride: false };

    static bool HoldsSomething(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    TypeModel? Type(ITypeSymbol type, ISymbol holder)
    {
        // A collection of what is no value was reported for that.
        int before = _mode.Findings.All.Count;
        var model = TypeModels.Scalar(type) ?? Collection(type, holder) ?? Record(type);
        if (model is null && _mode.Findings.All.Count == before) _mode.Findings.Add(ModeRules.NotAValue, holder, $"{holder.ContainingType.Name}.{holder.Name}", type.ToDisplayString());
        return model;
    }

    TypeModel? Collection(ITypeSymbol type, ISymbol holder)
    {
        // Empty says as much as missing, and can be read without a question.
        if (type.NullableAnnotation == NullableAnnotation.Annotated || type.IsValueType) return null;
        string name = type.ToDisplayString(PayloadReader.TypeFormat);
        if (Collections.TableOf(type) is { } table)
            return TypeModels.Scalar(table.Key) is { } key && Type(table.Value, holder) is { } value ? new TableType(name, key, value) : null;
        if (Collections.SetOf(type) is { } member) return TypeModels.Scalar(member) is { } scalar ? new SetType(name, scalar) : null;
        return Collections.ListOf(type) is { } item && Type(item, holder) is { } model ? new ListType(name, model) : null;
    }

    /// <summary>A type of the author's own. It is entered before its members are read, since it may hold itself.</summary>
    RecordType? Record(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { IsGenericType: false, TypeKind: TypeKind.Class or TypeKind.Struct } named) return null;
        if (named.DeclaringSyntaxReferences.IsEmpty || PayloadReader.IsMessage(type)) return null;
        string name = type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(PayloadReader.TypeFormat);
        if (!_records.ContainsKey(name))
        {
            _names.Add(name, Unique(named));
            _records.Add(name, null);
            _records[name] = new(name, _names[name], Members(named));
        }
        return new(name, _names[name], type.NullableAnnotation == NullableAnnotation.Annotated);
    }

    /// <summary>A method name for the type; a namesake in another place gets its container's name before it.</summary>
    string Unique(INamedTypeSymbol type) =>
        _names.ContainsValue(type.Name) ? (type.ContainingType?.Name ?? type.ContainingNamespace.Name) + type.Name : type.Name;
}

/// <summary>Recognises the single values that a state may hold.</summary>
internal static class TypeModels
{
    public static ScalarType? Scalar(ITypeSymbol type)
    {
        bool nullable = type.NullableAnnotation == NullableAnnotation.Annotated || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        var value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped ? wrapped.TypeArguments[0] : type;
        return Kind(value) is { } kind ? new(type.ToDisplayString(PayloadReader.TypeFormat), kind, nullable) : null;
    }

    static ScalarKind? Kind(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String => ScalarKind.Text,
        SpecialType.System_Boolean => ScalarKind.Flag,
        SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 => ScalarKind.Signed,
        SpecialType.System_Byte or SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 => ScalarKind.Unsigned,
        SpecialType.System_Double or SpecialType.System_Single => ScalarKind.Number,
        _ when type.TypeKind == TypeKind.Enum => ScalarKind.Enumeration,
        _ when type is { Name: "ByteString", ContainingNamespace: { Name: "Protobuf", ContainingNamespace: { Name: "Google", ContainingNamespace.IsGlobalNamespace: true } } } => ScalarKind.Bytes,
        _ => null,
    };
}
