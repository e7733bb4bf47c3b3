using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Makes of a valid message one that is nearly valid, by what its type declares; now and then bytes are damaged besides.</summary>
static class Mutation
{
    public static byte[] Of(Random random, IMessage valid) => Of(random, valid.ToByteArray(), valid.Descriptor);

    public static byte[] Of(Random random, ReadOnlySpan<byte> valid, MessageDescriptor type)
    {
        var fields = WireField.Read(valid, type);
        for (int times = random.Next(1, 4); times > 0; times--) Change(random, fields, type);
        byte[] bytes = WireField.Write(fields);
        return random.Next(8) == 0 ? Hostile.Damage(random, bytes) : bytes;
    }

    static void Change(Random random, List<WireField> fields, MessageDescriptor type)
    {
        int at = random.Next(Math.Max(fields.Count, 1));
        var field = fields.Count > 0 ? fields[at] : null;
        if (field is { Inner: { } inner, Declared.FieldType: FieldType.Message } && random.Next(4) > 0)
        {
            Change(random, inner, field.Declared.MessageType);
            return;
        }
        switch (field is null ? random.Next(8, 11) : random.Next(11))
        {
            case 0: fields.RemoveAt(at); break;
            case 1: fields.Insert(random.Next(fields.Count + 1), field!.Copy()); break;
            case 2: (fields[0], fields[at]) = (fields[at], fields[0]); break;
            case 3: TakeValueOf(fields[random.Next(fields.Count)], field!); break;
            case 4: field!.Type = (WireFormat.WireType)random.Next(6); break;
            case 5: (field!.Inner, field.Data) = (null, Nested(random, field.Number)); break;
            case 6 or 7: Spoil(random, field!); break;
            case 8 when type.Fields.InFieldNumberOrder() is { Count: > 0 } declared: fields.Add(Hostilely(random, declared[random.Next(declared.Count)])); break;
            case 9: fields.Add(new() { Number = random.Next(1, 1 << random.Next(1, 29)), Type = WireFormat.WireType.LengthDelimited, Data = Hostile.Bytes(random, 60) }); break;
            default: fields.Add(new() { Number = random.Next(50, 2000), Type = WireFormat.WireType.Varint, Value = Hostile.Number(random) }); break;
        }
    }

    static void TakeValueOf(WireField from, WireField to)
    {
        if (from.Type == to.Type) (to.Value, to.Data, to.Inner) = (from.Value, from.Data, from.Copy().Inner);
    }

    static void Spoil(Random random, WireField field)
    {
        field.Value = Hostile.Number(random);
        field.Inner = null;
        field.Data = field.Type is WireFormat.WireType.Fixed64 ? Hostile.Eight(random)
            // A policy's rules are JSON: nearly valid gets further.
            : field.Data is [(byte)'{', ..] && random.Next(2) == 0 ? Hostile.Damage(random, field.Data)
            : Hostile.Text(random);
    }

    static WireField Hostilely(Random random, FieldDescriptor declared)
    {
        var field = new WireField
        {
            Number = declared.FieldNumber,
            Declared = declared,
            Type = declared.FieldType switch
            {
                FieldType.String or FieldType.Bytes or FieldType.Message => WireFormat.WireType.LengthDelimited,
                FieldType.Double => WireFormat.WireType.Fixed64,
                _ => WireFormat.WireType.Varint,
            },
        };
        Spoil(random, field);
        return field;
    }

    /// <summary>Messages in messages, to below and above the parser's limit.</summary>
    static byte[] Nested(Random random, int number)
    {
        byte[] nested = [];
        for (int depth = random.Next(1, 130); depth > 0; depth--)
            nested = WireField.Write([new() { Number = number, Type = WireFormat.WireType.LengthDelimited, Data = nested }]);
        return nested;
    }
}
