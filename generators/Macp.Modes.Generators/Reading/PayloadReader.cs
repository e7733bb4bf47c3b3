using Macp.Modes.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the fields of a protobuf message class, as protoc writes it.</summary>
internal static class PayloadReader
{
    const string Protobuf = "Google.Protobuf";

    public static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayFormat.FullyQualifiedFormat.MiscellaneousOptions | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static bool IsMessage(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Class && type.AllInterfaces.Any(i => i.Name == "IMessage" && i.ContainingNamespace.ToDisplayString() == Protobuf);

    public static PayloadModel Read(INamedTypeSymbol payload) => new(
        payload.ToDisplayString(TypeFormat),
        payload.GetMembers().OfType<IPropertySymbol>().Select(Field).OfType<FieldModel>().ToEquatableArray());

    static FieldModel? Field(IPropertySymbol property)
    {
        if (property.IsStatic || property.IsIndexer || property.DeclaredAccessibility != Accessibility.Public) return null;
        var type = (property.Type as INamedTypeSymbol)!;
        if (type.Name == "RepeatedField") return new(property.Name, FieldKind.Repeated, type.TypeArguments[0].ToDisplayString(TypeFormat));
        if (type.Name == "MapField") return new(property.Name, FieldKind.Map, $"{type.TypeArguments[0].ToDisplayString(TypeFormat)}, {type.TypeArguments[1].ToDisplayString(TypeFormat)}");
        // What has no setter is not a field: the case of a oneof, the presence of an optional one.
        return property.SetMethod is null ? null : new(property.Name, Kind(type), type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(TypeFormat));
    }

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
