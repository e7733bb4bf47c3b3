using Google.Protobuf.Reflection;

namespace Macp.Protocol.Tests.Wire;

/// <summary>Says what a compiled .proto file declares, in the words of the wire page: one line a message, enum or method.</summary>
static class DescriptorText
{
    public static IEnumerable<string> Of(FileDescriptor file) =>
        [.. file.MessageTypes.SelectMany(OfMessage), .. file.EnumTypes.Select(OfEnum), .. file.Services.SelectMany(OfService)];

    static IEnumerable<string> OfMessage(MessageDescriptor message)
    {
        var fields = message.Fields.InFieldNumberOrder();
        yield return $"{NameOf(message)}: {(fields.Count == 0 ? "no fields" : string.Join(", ", fields.Select(OfField)))}";
        foreach (string line in message.EnumTypes.Select(OfEnum)) yield return line;
        // The entries of maps are nested messages without a type of their own.
        foreach (string line in message.NestedTypes.Where(nested => nested.ClrType is not null).SelectMany(OfMessage)) yield return line;
    }

    static string OfField(FieldDescriptor field)
    {
        string repeated = field is { IsRepeated: true, IsMap: false } ? "repeated " : "";
        string oneof = field.RealContainingOneof is { } choice ? $" (oneof {choice.Name})" : "";
        return $"{field.FieldNumber} {field.Name} {repeated}{TypeOf(field)}{oneof}";
    }

    static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message when field.IsMap => $"map<{TypeOf(field.MessageType.FindFieldByNumber(1))}, {TypeOf(field.MessageType.FindFieldByNumber(2))}>",
        FieldType.Message => field.MessageType.Name,
        FieldType.Enum => field.EnumType.Name,
        var scalar => scalar.ToString().ToLowerInvariant(),
    };

    static string OfEnum(EnumDescriptor type) =>
        $"enum {NameOf(type)}: {string.Join(", ", type.Values.OrderBy(value => value.Number).Select(value => $"{value.Number} {value.Name}"))}";

    static IEnumerable<string> OfService(ServiceDescriptor service) => service.Methods.Select(method =>
        $"{method.Name}: {(method.IsClientStreaming ? "stream " : "")}{method.InputType.Name} -> {(method.IsServerStreaming ? "stream " : "")}{method.OutputType.Name}");

    // Nested types are named with what they stand in, but without the package.
    static string NameOf(IDescriptor type) => type.File.Package.Length == 0 ? type.FullName : type.FullName[(type.File.Package.Length + 1)..];
}
