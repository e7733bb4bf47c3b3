using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>One field of a message as it travels, so that it can be what no generated class would write.</summary>
sealed class WireField
{
    public required int Number { get; init; }

    public required WireFormat.WireType Type { get; set; }

    /// <summary>What the type declares of it; null for a field that it does not know.</summary>
    public FieldDescriptor? Declared { get; init; }

    /// <summary>Of a varint.</summary>
    public ulong Value { get; set; }

    /// <summary>Of any other.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>The fields of a nested message; null for what is none, or is not to be one any more.</summary>
    public List<WireField>? Inner { get; set; }

    /// <summary>The fields of a valid message.</summary>
    public static List<WireField> Read(ReadOnlySpan<byte> message, MessageDescriptor type)
    {
        var fields = new List<WireField>();
        var input = new CodedInputStream(message.ToArray());
        while (input.ReadTag() is var tag and not 0)
        {
            var wire = WireFormat.GetTagWireType(tag);
            var field = new WireField { Number = WireFormat.GetTagFieldNumber(tag), Type = wire, Declared = type.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag)) };
            if (wire is WireFormat.WireType.Varint) field.Value = input.ReadUInt64();
            else if (wire is WireFormat.WireType.Fixed64) field.Data = BitConverter.GetBytes(input.ReadFixed64());
            else field.Data = input.ReadBytes().ToByteArray();
            if (field.Declared is { FieldType: FieldType.Message } nested) field.Inner = Read(field.Data, nested.MessageType);
            fields.Add(field);
        }
        return fields;
    }

    public static byte[] Write(List<WireField> fields)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        foreach (var field in fields) field.Write(output);
        output.Flush();
        return stream.ToArray();
    }

    public WireField Copy() => new() { Number = Number, Type = Type, Declared = Declared, Value = Value, Data = Data, Inner = Inner is null ? null : [.. Inner.Select(field => field.Copy())] };

    void Write(CodedOutputStream output)
    {
        output.WriteTag(Number, Type);
        if (Type is WireFormat.WireType.Varint) output.WriteUInt64(Value);
        else if (Type is WireFormat.WireType.LengthDelimited) output.WriteBytes(ByteString.CopyFrom(Inner is null ? Data : Write(Inner)));
        else if (Type is WireFormat.WireType.Fixed64) output.WriteFixed64(BitConverter.ToUInt64([.. Data, .. new byte[8]]));
        else if (Type is WireFormat.WireType.Fixed32) output.WriteFixed32(BitConverter.ToUInt32([.. Data, .. new byte[8]]));
    }
}
