using Macp.Modes.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the fields of a protobuf message class, as protoc writes it.</summary>
internal static class PayloadReader
{
    public static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayFormat.FullyQualifiedFormat.MiscellaneousOptions | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static bool IsMessage(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Class && type.AllInterfaces.Any(i => i is { Name: "IMessage", ContainingNamespace: { Name: "Protobuf", ContainingNamespace.Name: "Google" } });

    public static PayloadModel Read(INamedTypeSymbol payload) => new(
        payload.ToDisplayString(TypeFormat),
        IsPublic(payload) ? "public" : "internal",
        payload.GetMembers().OfType<IPropertySymbol>().Select(Field).OfType<FieldModel>().ToEquatableArray());

    static FieldModel? Field(IPropertySymbol property)
    {
        if (property.IsStatic || property.IsIndexer || property.DeclaredAccessibility != Accessibility.Public) return null;
        if (property.Type is not INamedTypeSymbol type) return null;
        if (type.Name == "RepeatedField") return new(property.Name, FieldKind.Repeated, type.TypeArguments[0].ToDisplayString(TypeFormat));
        if (type.Name == "MapField") return new(property.Name, FieldKind.Map, $"{type.TypeArguments[0].ToDisplayString(TypeFormat)}, {type.TypeArguments[1].ToDisplayString(TypeFormat)}");
        // What has no setter is not a field: the case of a oneof, the presence of an optional one.
        if (property.SetMethod is null) return null;
        // A wrapper such as Int32Value; the field is nullable.
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return new(property.Name, FieldKind.Message, type.TypeArguments[0].ToDisplayString(TypeFormat));
        bool hasPresence = property.ContainingType.GetMembers("Has" + property.Name).Length > 0 || IsOneOfSeveral(property);
        return new(property.Name, Kind(type), type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(TypeFormat), hasPresence);
    }

    /// <summary>Whether the field is a case of a oneof: protoc nests an enum that lists them.</summary>
    static bool IsOneOfSeveral(IPropertySymbol property) => property.ContainingType.GetTypeMembers()
        .Any(t => t.TypeKind == TypeKind.Enum && t.Name.EndsWith("OneofCase", StringComparison.Ordinal) && t.GetMembers(property.Name).Length > 0);

    static bool IsPublic(INamedTypeSymbol? type) => type is null || (type.DeclaredAccessibility == Accessibility.Public && IsPublic(type.ContainingType));

    static FieldKind Kind(INamedTypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String => FieldKind.Text,
        SpecialType.System_Boolean => FieldKind.Flag,
        SpecialType.System_Double or SpecialType.System_Single => FieldKind.Number,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64 => FieldKind.Integer,
        _ when type.TypeKind == TypeKind.Enum => FieldKind.Enumeration,
        _ when type.Name == "ByteString" => FieldKind.Bytes,
        _ => FieldKind.Message,
    };
}
