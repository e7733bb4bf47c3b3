using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Macp.Protocol.Tests.Wire;

/// <summary>Makes messages with anything in them, the same ones in every run; each text is a marker that occurs once.</summary>
sealed class RandomMessages(int seed)
{
    const int Deepest = 3;

    readonly Random _random = new(seed);

    /// <summary>The texts of the messages made so far.</summary>
    public List<string> Texts { get; } = [];

    public T Next<T>()
        where T : IMessage, new() => (T)Fill(new T(), 0);

    IMessage Fill(IMessage message, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (_random.Next(3) == 0) continue;
            if (field.IsMap) FillMap(message, field, depth);
            else if (field.IsRepeated) FillList(message, field, depth);
            else if (ValueOf(field, depth) is { } value) field.Accessor.SetValue(message, value);
        }
        return message;
    }

    void FillList(IMessage message, FieldDescriptor field, int depth)
    {
        var list = (System.Collections.IList)field.Accessor.GetValue(message);
        for (int i = _random.Next(4); i > 0; i--)
            if (ValueOf(field, depth) is { } value) list.Add(value);
    }

    void FillMap(IMessage message, FieldDescriptor field, int depth)
    {
        var map = (System.Collections.IDictionary)field.Accessor.GetValue(message);
        for (int i = _random.Next(4); i > 0; i--)
            if (ValueOf(field.MessageType.FindFieldByNumber(1), depth) is { } key && ValueOf(field.MessageType.FindFieldByNumber(2), depth) is { } value) map[key] = value;
    }

    object? ValueOf(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => NextText(),
        FieldType.Bytes => ByteString.CopyFrom(NextBytes()),
        FieldType.Double => _random.NextDouble() * Math.Pow(10, _random.Next(-300, 300)),
        FieldType.Float => (float)_random.NextDouble(),
        FieldType.Bool => _random.Next(2) == 0,
        FieldType.Enum => _random.Next(4),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => _random.Next() - _random.Next(),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)_random.Next(),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => _random.NextInt64() - _random.NextInt64(),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)_random.NextInt64(),
        // The parser makes the messages of the generated types.
        FieldType.Message => depth < Deepest ? Fill(field.MessageType.Parser.ParseFrom(ByteString.Empty), depth + 1) : null,
        var other => throw new NotSupportedException($"{other} does not occur in proto3."),
    };

    byte[] NextBytes()
    {
        byte[] bytes = new byte[_random.Next(6)];
        _random.NextBytes(bytes);
        return bytes;
    }

    string NextText()
    {
        Texts.Add($"<{Texts.Count:000000}>");
        return Texts[^1];
    }
}
