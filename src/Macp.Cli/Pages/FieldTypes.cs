using Google.Protobuf.Reflection;

namespace Macp.Cli.Pages;

/// <summary>Types of payload fields as a .proto file writes them.</summary>
static class FieldTypes
{
    /// <summary>The field's type.</summary>
    public static string Of(FieldDescriptor field) =>
        field.IsMap ? $"map<{Single(field.MessageType.FindFieldByNumber(1))}, {Single(field.MessageType.FindFieldByNumber(2))}>"
        : field.IsRepeated ? "repeated " + Single(field)
        : Single(field);

    static string Single(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var scalar => scalar.ToString().ToLowerInvariant(), // UInt32 is uint32, SFixed64 is sfixed64
    };
}
