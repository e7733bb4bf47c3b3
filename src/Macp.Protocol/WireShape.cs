using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Unicode;
using Google.Protobuf.Reflection;

namespace Macp.Protocol;

/// <summary>
/// Looks at the bytes of a protobuf message for what the parser lets through: strings that are not UTF-8 (it replaces the bytes silently) and
/// numbers that are not finite. Built once a message type; a look allocates nothing.
/// </summary>
public sealed class WireShape
{
    const int DeepestNesting = 100; // messages in messages: the parser's own limit

    static readonly ConcurrentDictionary<MessageDescriptor, WireShape> Shapes = new();

    // By number, as far as numbers are small, which all but those of strange messages are; the others are looked up.
    readonly Field?[] _fields;
    readonly FrozenDictionary<int, Field> _others;

    WireShape(MessageDescriptor message)
    {
        var fields = message.Fields.InFieldNumberOrder().ToDictionary(f => f.FieldNumber, f => new Field(f));
        _fields = [.. Enumerable.Range(0, 1 + fields.Keys.Where(IsSmall).DefaultIfEmpty().Max()).Select(number => fields.GetValueOrDefault(number))];
        _others = fields.Where(f => !IsSmall(f.Key)).ToFrozenDictionary();
    }

    /// <summary>The shape of a message type.</summary>
    public static WireShape Of(MessageDescriptor message) => Shapes.GetOrAdd(message, static m => new(m));

    /// <summary>The first fault in these bytes, nested messages included.</summary>
    public WireFault Check(ReadOnlySpan<byte> message) => Check(message, DeepestNesting);

    /// <summary>Whether these bytes are a message of which every field, nested messages included, is one that the type declares.</summary>
    public bool HasOnlyKnownFields(ReadOnlySpan<byte> message) => HasOnlyKnownFields(message, DeepestNesting);

    bool HasOnlyKnownFields(ReadOnlySpan<byte> message, int depth)
    {
        if (depth < 0) return false;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (FieldOf(reader.Number) is not { } field || !field.Takes(reader.Type)) return false;
            if (field.Kind is FieldType.Message && !field.Shape.HasOnlyKnownFields(reader.Data, depth - 1)) return false;
        }
        return !reader.IsMalformed;
    }

    WireFault Check(ReadOnlySpan<byte> message, int depth)
    {
        if (depth < 0) return WireFault.Malformed;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (FieldOf(reader.Number) is not { } field || !field.Takes(reader.Type)) continue;
            if (field.Check(reader.Data, depth) is not WireFault.None and var fault) return fault;
        }
        return reader.IsMalformed ? WireFault.Malformed : WireFault.None;
    }

    Field? FieldOf(int number) => (uint)number < (uint)_fields.Length ? _fields[number] : _others.GetValueOrDefault(number);

    static bool IsSmall(int number) => number < 64;

    /// <summary>What a field's bytes must be.</summary>
    sealed class Field(FieldDescriptor descriptor)
    {
        readonly bool _isRepeated = descriptor.IsRepeated;

        readonly WireType _ownType = descriptor.FieldType switch
        {
            FieldType.String or FieldType.Bytes or FieldType.Message => WireType.Length,
            FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireType.Fixed64,
            FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireType.Fixed32,
            _ => WireType.Varint,
        };

        WireShape? _shape;

        public FieldType Kind { get; } = descriptor.FieldType;

        /// <summary>The nested message's shape; found late, since messages may contain themselves.</summary>
        public WireShape Shape => _shape ??= Of(descriptor.MessageType);

        /// <summary>A field on another wire type than its own is an unknown field to the parser; a run of numbers may be packed or not.</summary>
        public bool Takes(WireType type) => type == _ownType || (type == WireType.Length && _isRepeated);

        public WireFault Check(ReadOnlySpan<byte> data, int depth) => Kind switch
        {
            FieldType.String => Utf8.IsValid(data) ? WireFault.None : WireFault.InvalidUtf8,
            FieldType.Message => Shape.Check(data, depth - 1),
            FieldType.Double => AreFinite(data, 8),
            FieldType.Float => AreFinite(data, 4),
            _ => WireFault.None,
        };

        /// <summary>One number, or a packed run of them.</summary>
        static WireFault AreFinite(ReadOnlySpan<byte> data, int width)
        {
            for (; data.Length >= width; data = data[width..])
            {
                double number = width == 8 ? BinaryPrimitives.ReadDoubleLittleEndian(data) : BinaryPrimitives.ReadSingleLittleEndian(data);
                if (!double.IsFinite(number)) return WireFault.NotFinite;
            }
            return data.IsEmpty ? WireFault.None : WireFault.Malformed;
        }
    }
}

/// <summary>What is wrong with the bytes of a message.</summary>
public enum WireFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The bytes are not a protobuf message.</summary>
    Malformed,

    /// <summary>A <c>string</c> field holds bytes that are not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>A <c>double</c> or <c>float</c> field holds NaN or an infinity.</summary>
    NotFinite,
}
