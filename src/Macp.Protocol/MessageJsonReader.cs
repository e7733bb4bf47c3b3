using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Macp.Protocol;

/// <summary>Reads messages of JSON by their descriptors.</summary>
static class MessageJsonReader
{
    public static IMessage Read(MessageDescriptor type, JsonElement json, string path)
    {
        if (MessageJson.IsWellKnown(type)) return ReadWellKnown(type, json, path);
        var message = type.Parser.ParseFrom(ByteString.Empty);
        var set = new HashSet<object>();
        foreach (var (name, value, at) in JsonInput.Members(json, path))
        {
            var field = MessageJson.Field(type, name) ?? throw new JsonFormException(at, $"is no field of {type.FullName}; {Fields(type)}");
            if (!set.Add(field)) throw JsonInput.Twice(at);
            if (value.ValueKind is JsonValueKind.Null) continue; // the mapping's word for unset
            if (field.RealContainingOneof is { } choice && !set.Add(choice)) throw new JsonFormException(at, $"is set, and so is another of {choice.Name}; only one can be");
            Read(message, field, value, at);
        }
        return message;
    }

    static string Fields(MessageDescriptor type) => type.Fields.InDeclarationOrder() is { Count: > 0 } fields ? $"there are {string.Join(", ", fields.Select(field => field.Name))}" : "it has none";

    static IMessage ReadWellKnown(MessageDescriptor type, JsonElement json, string path)
    {
        try
        {
            return JsonParser.Default.Parse(json.GetRawText(), type);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException)
        {
            throw new JsonFormException(path, $"is not a {type.FullName}: {e.Message}");
        }
    }

    static void Read(IMessage message, FieldDescriptor field, JsonElement value, string path)
    {
        if (field.IsMap) ReadMap((IDictionary)field.Accessor.GetValue(message), field.MessageType, value, path);
        else if (field.IsRepeated) ReadList((IList)field.Accessor.GetValue(message), field, value, path);
        else field.Accessor.SetValue(message, One(field, value, path));
    }

    static void ReadList(IList list, FieldDescriptor field, JsonElement value, string path)
    {
        if (value.ValueKind is not JsonValueKind.Array) throw JsonInput.Misfit(value, path, "a list");
        foreach (var item in value.EnumerateArray()) list.Add(One(field, item, $"{path}[{list.Count}]"));
    }

    static void ReadMap(IDictionary map, MessageDescriptor entry, JsonElement value, string path)
    {
        foreach (var (name, item, at) in JsonInput.Members(value, path))
        {
            object key = Key(entry.FindFieldByNumber(1), name, at);
            if (map.Contains(key)) throw JsonInput.Twice(at);
            map.Add(key, One(entry.FindFieldByNumber(2), item, at));
        }
    }

    static object Key(FieldDescriptor field, string name, string path)
    {
        if (field.FieldType is FieldType.String) return name;
        // A name is text; what it says is read as if it were not.
        if (field.FieldType is FieldType.Bool) return name is "true" or "false" ? name == "true" : throw new JsonFormException(path, "must be named true or false");
        return Integer(field, name) ?? throw new JsonFormException(path, "must be named by a whole number in range");
    }

    static object One(FieldDescriptor field, JsonElement value, string path) => field.FieldType switch
    {
        FieldType.String => JsonInput.Text(value, path),
        FieldType.Bytes => ByteString.CopyFrom(JsonInput.Bytes(value, path)),
        FieldType.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw JsonInput.Misfit(value, path, "true or false"),
        FieldType.Double => Double(value, path),
        FieldType.Float => Float(value, path),
        FieldType.Enum => Enum(field.EnumType, value, path),
        FieldType.Message when MessageJson.IsWrapper(field.MessageType) => One(field.MessageType.FindFieldByNumber(1), value, path),
        FieldType.Message => Read(field.MessageType, value, path),
        _ => Integer(field, value, path) ?? throw JsonInput.Misfit(value, path, $"a whole number {Range(field)}"),
    };

    static int Enum(EnumDescriptor type, JsonElement value, string path)
    {
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int number)) return number;
        if (value.ValueKind is JsonValueKind.String && type.FindValueByName(JsonInput.Text(value, path)) is { } named) return named.Number;
        throw JsonInput.Misfit(value, path, $"one of {string.Join(", ", type.Values.Select(known => known.Name))}");
    }

    static float Float(JsonElement value, string path) =>
        Double(value, path) is var number && (!double.IsFinite(number) || float.IsFinite((float)number)) ? (float)number : throw JsonInput.Misfit(value, path, "a number in the range of a float");

    // JSON has no number that is not finite; the mapping has three texts for them.
    static double Double(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Number when double.IsFinite(value.GetDouble()) => value.GetDouble(),
        JsonValueKind.Number => throw JsonInput.Misfit(value, path, "a number in the range of a double"),
        JsonValueKind.String when JsonInput.Text(value, path) is "NaN" => double.NaN,
        JsonValueKind.String when JsonInput.Text(value, path) is "Infinity" => double.PositiveInfinity,
        JsonValueKind.String when JsonInput.Text(value, path) is "-Infinity" => double.NegativeInfinity,
        _ => throw JsonInput.Misfit(value, path, "a number"),
    };

    static object? Integer(FieldDescriptor field, JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out _) || value.TryGetUInt64(out _) => Integer(field, value.GetRawText()),
        // 2.0 and 2e3 are integers to those who write all their numbers alike.
        JsonValueKind.Number when value.GetDouble() is var number && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 => Integer(field, ((long)number).ToString(CultureInfo.InvariantCulture)),
        JsonValueKind.String => Integer(field, JsonInput.Text(value, path)),
        _ => null,
    };

    static object? Integer(FieldDescriptor field, string digits) => Width(field) switch
    {
        32 => int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null,
        -32 => uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null,
        64 => long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null,
        _ => ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null,
    };

    static string Range(FieldDescriptor field) => Width(field) switch
    {
        32 => $"from {int.MinValue} to {int.MaxValue}",
        -32 => $"from 0 to {uint.MaxValue}",
        64 => $"from {long.MinValue} to {long.MaxValue}",
        _ => $"from 0 to {ulong.MaxValue}",
    };

    /// <summary>The bits of an integer; negative where it cannot be.</summary>
    static int Width(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => 32,
        FieldType.UInt32 or FieldType.Fixed32 => -32,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => 64,
        _ => -64,
    };
}
