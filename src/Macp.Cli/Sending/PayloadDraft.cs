using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol;

namespace Macp.Cli.Sending;

/// <summary>A payload that is put together: JSON first, then field by field.</summary>
sealed class PayloadDraft
{
    const string Root = "payload";

    readonly HashSet<string> _said = new(StringComparer.Ordinal), _set = new(StringComparer.Ordinal);

    /// <summary>Begins with JSON, or with nothing.</summary>
    /// <exception cref="JsonFormException">The JSON is not of this type.</exception>
    public PayloadDraft(MessageDescriptor type, string? json)
    {
        Message = MessageJson.Parse(type, json ?? "{}", Root);
        if (json is null) return;
        foreach (var (name, _) in JsonNode.Parse(json)!.AsObject()) _said.Add(Field(type, name, Root).Name);
    }

    /// <summary>What it has come to.</summary>
    public IMessage Message { get; }

    /// <summary>Whether a field was said, be it that it is empty.</summary>
    public bool Says(string field) => _said.Contains(field);

    /// <summary>Sets a field, or adds to a list: <c>reason=late</c>, <c>participants=bob</c>, <c>supersedes.session_id=...</c>, <c>extensions.KEY=text</c>.</summary>
    /// <exception cref="JsonFormException">There is no such field, it is set twice, or it does not take the value.</exception>
    public void Set(string assignment)
    {
        int at = assignment.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0) throw new JsonFormException("--set", $"must be FIELD=VALUE; it is '{assignment}'");
        Set(Message, assignment[..at], assignment[(at + 1)..], Root);
    }

    void Set(IMessage message, string name, string value, string path)
    {
        string[] names = name.Split('.', 2);
        var field = Field(message.Descriptor, names[0], path);
        string at = $"{path}.{field.Name}";
        if (path == Root) _said.Add(field.Name);

        if (names.Length == 2 && field is { FieldType: FieldType.Message, IsRepeated: false })
        {
            var inner = (IMessage?)field.Accessor.GetValue(message) ?? field.MessageType.Parser.ParseFrom(ByteString.Empty);
            Set(inner, names[1], value, at);
            field.Accessor.SetValue(message, inner);
            return;
        }
        if (!field.IsRepeated || field.IsMap)
        {
            if (!_set.Add($"{path}.{name}")) throw new JsonFormException($"{path}.{name}", "is set twice");
        }
        if (!field.IsRepeated) field.Accessor.Clear(message);
        else if (field.IsMap && names.Length == 2) ((IDictionary)field.Accessor.GetValue(message)).Remove(names[1]);
        message.MergeFrom(Alone(message.Descriptor, field, names, value, path).ToByteString());
    }

    /// <summary>A message in which this field alone is set.</summary>
    static IMessage Alone(MessageDescriptor type, FieldDescriptor field, string[] names, string value, string path)
    {
        JsonNode node = field switch
        {
            { IsMap: true } when names.Length == 2 => new JsonObject { [names[1]] = Node(field.MessageType.FindFieldByNumber(2), value) },
            _ when names.Length == 2 => throw new JsonFormException($"{path}.{field.Name}", $"has no field {names[1]}"),
            { IsMap: true } => throw new JsonFormException($"{path}.{field.Name}", $"has entries; set one as {field.Name}.KEY=VALUE"),
            { IsRepeated: true } => new JsonArray(Node(field, value)),
            _ => Node(field, value),
        };
        return MessageJson.Parse(type, new JsonObject { [field.Name] = node }.ToJsonString(), path);
    }

    // What does not read as its type stays text, and is then told as what it is.
    static JsonNode Node(FieldDescriptor field, string value) => field.FieldType switch
    {
        FieldType.Bytes => JsonValue.Create(Convert.ToBase64String(Encoding.UTF8.GetBytes(value))),
        FieldType.Bool when value is "true" or "false" => JsonValue.Create(value == "true"),
        FieldType.Double or FieldType.Float when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(value),
    };

    static FieldDescriptor Field(MessageDescriptor type, string name, string path) =>
        type.FindFieldByName(name) ?? type.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name)
        ?? throw new JsonFormException($"{path}.{name}", $"is no field of {type.FullName}; there are {string.Join(", ", type.Fields.InDeclarationOrder().Select(field => field.Name))}");
}
