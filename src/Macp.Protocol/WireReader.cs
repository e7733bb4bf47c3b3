namespace Macp.Protocol;

/// <summary>The wire types of protobuf.</summary>
enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

/// <summary>Walks the fields of one protobuf message without decoding their values.</summary>
ref struct WireReader(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> _rest = message;

    public int Number { get; private set; }
    public WireType Type { get; private set; }

    /// <summary>The field's bytes: of a string or a nested message, its content.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    public bool IsMalformed { get; private set; }

    /// <summary>Steps to the next field; false at the end and at the first malformed one.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = Varint();
        Number = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        if (Number == 0 || tag >> 32 != 0) return Malformed();
        Data = Type switch
        {
            WireType.Varint => VarintBytes(),
            WireType.Fixed64 => Take(8),
            WireType.Fixed32 => Take(4),
            WireType.Length => Take(Varint()),
            WireType.StartGroup => Group(Number),
            _ => Take(ulong.MaxValue),
        };
        return !IsMalformed;
    }

    bool Malformed()
    {
        IsMalformed = true;
        _rest = default;
        return false;
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            Malformed();
            return default;
        }
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }
        Malformed();
        return 0;
    }

    ReadOnlySpan<byte> VarintBytes()
    {
        var before = _rest;
        Varint();
        return IsMalformed ? default : before[..(before.Length - _rest.Length)];
    }

    /// <summary>No message of the protocol has groups; an unknown one is skipped to its end.</summary>
    ReadOnlySpan<byte> Group(int number)
    {
        var before = _rest;
        for (int open = 1; open > 0;)
        {
            if (_rest.IsEmpty)
            {
                Malformed();
                return default;
            }
            ulong tag = Varint();
            switch ((WireType)(tag & 7))
            {
                case WireType.Varint: Varint(); break;
                case WireType.Fixed64: Take(8); break;
                case WireType.Fixed32: Take(4); break;
                case WireType.Length: Take(Varint()); break;
                case WireType.StartGroup: open++; break;
                case WireType.EndGroup: open--; break;
                default: Malformed(); break;
            }
            if (IsMalformed || (open == 0 && (int)(tag >> 3) != number)) { Malformed(); return default; }
        }
        return before[..(before.Length - _rest.Length)];
    }
}
