using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Macp.Protocol;

/// <summary>
/// Messages as canonical JSON: protobuf's mapping (bytes as base64, 64-bit integers as text, enums by name) in the order and form of RFC 8785, by the names of the
/// .proto files. A field is written also when it is empty; only what can be unset, and is, is left out. Reading takes all that the mapping allows, and nothing else:
/// <see cref="JsonFormException"/> names the place of what does not fit.
/// </summary>
public static class MessageJson
{
    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It holds a number that is not finite.</exception>
    /// <exception cref="InvalidOperationException">It holds a <c>google.protobuf.Any</c>, whose type is not known here.</exception>
    public static CanonicalJson Write(CanonicalJson json, IMessage message)
    {
        if (IsWellKnown(message.Descriptor)) return WriteWellKnown(json, message);
        json.BeginObject();
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().OrderBy(field => field.Name, StringComparer.Ordinal))
            if (!field.HasPresence || field.Accessor.HasValue(message)) Write(json.Key(field.Name), field, field.Accessor.GetValue(message));
        return json.EndObject();
    }

    /// <summary>Reads a message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="json">The text: one object, and nothing behind it.</param>
    /// <param name="path">What the whole is called where a place is named.</param>
    /// <exception cref="JsonFormException">It is not JSON, or not of this type.</exception>
    public static IMessage Parse(MessageDescriptor type, string json, string path = "$") => MessageJsonReader.Read(type, JsonInput.Parse(json, path), path);

    /// <summary>Reads a message of JSON that is parsed already.</summary>
    /// <inheritdoc cref="Parse" path="/param|/exception"/>
    public static IMessage Read(MessageDescriptor type, JsonElement json, string path = "$") => MessageJsonReader.Read(type, json, path);

    /// <summary>The field of this name: protobuf's mapping knows it by that of the .proto file and by one in camel case.</summary>
    internal static FieldDescriptor? Field(MessageDescriptor type, string name) =>
        type.FindFieldByName(name) ?? type.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name);

    /// <summary>Whether protobuf itself has a form of its own for the type.</summary>
    internal static bool IsWellKnown(MessageDescriptor type) => type.File.Package == "google.protobuf";

    /// <summary>Whether a field of the type holds the one value in it and not a message: <c>google.protobuf.StringValue</c> and its like.</summary>
    internal static bool IsWrapper(MessageDescriptor type) => IsWellKnown(type) && type.File.Name.EndsWith("wrappers.proto", StringComparison.Ordinal);

    static CanonicalJson WriteWellKnown(CanonicalJson json, IMessage message)
    {
        using var written = JsonDocument.Parse(JsonFormatter.Default.Format(message));
        return json.Value(written.RootElement);
    }

    static void Write(CanonicalJson json, FieldDescriptor field, object value)
    {
        if (field.IsMap) WriteMap(json, field.MessageType, (IDictionary)value);
        else if (field.IsRepeated) WriteList(json, field, (IList)value);
        else WriteOne(json, field, value);
    }

    static void WriteList(CanonicalJson json, FieldDescriptor field, IList items)
    {
        json.BeginArray();
        foreach (object item in items) WriteOne(json, field, item);
        json.EndArray();
    }

    static void WriteMap(CanonicalJson json, MessageDescriptor entry, IDictionary map)
    {
        json.BeginObject();
        foreach (var (key, value) in map.Keys.Cast<object>().Select(key => (KeyOf(key), map[key]!)).OrderBy(pair => pair.Item1, StringComparer.Ordinal))
            WriteOne(json.Key(key), entry.FindFieldByNumber(2), value);
        json.EndObject();
    }

    static string KeyOf(object key) => key is bool flag ? flag ? "true" : "false" : Convert.ToString(key, CultureInfo.InvariantCulture)!;

    static CanonicalJson WriteOne(CanonicalJson json, FieldDescriptor field, object value) => value switch
    {
        _ when field.FieldType is FieldType.Enum => WriteEnum(json, field.EnumType, (int)value),
        string text => json.Value(text),
        ByteString bytes => json.Value(bytes.ToBase64()),
        bool flag => json.Value(flag),
        int number => json.Value(number),
        uint number => json.Value((long)number),
        long or ulong => json.Value(Convert.ToString(value, CultureInfo.InvariantCulture)),
        float number => json.Value(number),
        double number => json.Value(number),
        _ => Write(json, (IMessage)value),
    };

    // A number that has no name here may have one in a newer .proto file.
    static CanonicalJson WriteEnum(CanonicalJson json, EnumDescriptor type, int number) =>
        type.FindValueByNumber(number) is { } value ? json.Value(value.Name) : json.Value(number);
}
