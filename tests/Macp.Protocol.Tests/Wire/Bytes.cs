using Google.Protobuf;

namespace Macp.Protocol.Tests.Wire;

/// <summary>Writes the bytes of messages field by field, right or wrong.</summary>
static class Bytes
{
    public static byte[] Tag(int field, int wireType) => Varint(((ulong)field << 3) | (uint)wireType);

    public static byte[] Text(int field, params byte[] text) => [.. Tag(field, 2), .. Varint((ulong)text.Length), .. text];

    public static byte[] Number(int field, double value) => [.. Tag(field, 1), .. BitConverter.GetBytes(value)];

    public static byte[] Number(int field, float value) => [.. Tag(field, 5), .. BitConverter.GetBytes(value)];

    public static byte[] Packed(int field, params double[] values) => Text(field, [.. values.SelectMany(BitConverter.GetBytes)]);

    public static byte[] Packed(int field, params float[] values) => Text(field, [.. values.SelectMany(BitConverter.GetBytes)]);

    public static byte[] Varint(ulong value)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) output.WriteUInt64(value);
        return stream.ToArray();
    }

    /// <summary>A message nested in itself this many times.</summary>
    public static byte[] Nested(int field, int times, params byte[] innermost)
    {
        for (int i = 0; i < times; i++) innermost = Text(field, innermost);
        return innermost;
    }
}
