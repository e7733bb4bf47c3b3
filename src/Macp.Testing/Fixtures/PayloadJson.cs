using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Fixtures;

/// <summary>Makes payloads of a fixture's JSON: protobuf's own JSON, but for bytes, which stand as text or as a list of numbers.</summary>
static class PayloadJson
{
    /// <summary>The message type of this full name, among a mode's payloads and the protocol's own; null when there is none.</summary>
    public static MessageDescriptor? Find(Macp.Modes.ModeDescriptor mode, string fullName) =>
        mode.Messages.Select(m => m.Payload).Append(CommitmentPayload.Descriptor).Concat(CoreReflection.Descriptor.MessageTypes).FirstOrDefault(d => d.FullName == fullName);

    /// <summary>The payload's bytes.</summary>
    /// <exception cref="FixtureException">The JSON does not fit the message type.</exception>
    public static ByteString Encode(MessageDescriptor type, JsonObject payload)
    {
        try
        {
            return MessageJson.Parse(type, WithBase64(type, payload).ToJsonString(), "it").ToByteString();
        }
        catch (JsonFormException e)
        {
            throw new FixtureException($"is not a {type.FullName}: {e.Message}");
        }
    }

    static JsonObject WithBase64(MessageDescriptor type, JsonObject json)
    {
        var result = new JsonObject();
        foreach (var (name, value) in json)
            if (!name.StartsWith('_')) result[name] = Find(type, name) is { } field ? WithBase64(field, value) : value?.DeepClone();
        return result;
    }

    // Protobuf's JSON knows a field by two names.
    static FieldDescriptor? Find(MessageDescriptor type, string name) =>
        type.FindFieldByName(name) ?? type.Fields.InDeclarationOrder().FirstOrDefault(f => f.JsonName == name);

    static JsonNode? WithBase64(FieldDescriptor field, JsonNode? value) => value switch
    {
        JsonObject entries when field.IsMap => new JsonObject(entries.Select(e => KeyValuePair.Create(e.Key, One(field.MessageType.FindFieldByName("value"), e.Value)))),
        JsonArray items when field.IsRepeated => new JsonArray([.. items.Select(item => One(field, item))]),
        _ => One(field, value),
    };

    static JsonNode? One(FieldDescriptor field, JsonNode? value) => (field.FieldType, value) switch
    {
        (FieldType.Bytes, JsonValue text) when text.GetValueKind() == JsonValueKind.String => Convert.ToBase64String(Encoding.UTF8.GetBytes(text.GetValue<string>())),
        (FieldType.Bytes, JsonArray numbers) => Convert.ToBase64String([.. numbers.Select(number => Byte(field, number))]),
        (FieldType.Message, JsonObject nested) => WithBase64(field.MessageType, nested),
        _ => value?.DeepClone(),
    };

    static byte Byte(FieldDescriptor field, JsonNode? item) =>
        item is JsonValue value && value.TryGetValue(out int number) && number is >= 0 and <= 255 ? (byte)number : throw new FixtureException($"has a {field.Name} that is not a list of bytes");
}
