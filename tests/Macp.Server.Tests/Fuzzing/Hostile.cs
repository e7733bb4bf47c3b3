using System.Buffers.Binary;
using System.Text;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Values that nobody sends who means well.</summary>
static class Hostile
{
    const int Long = 30_000;

    static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "\n", "%", "\u202etxet", "\u200b", "\ufeff", "\ufffd", "e\u0301", "\U0001f9e8", "../../etc/passwd", "'; drop table", "null", "NaN", "-1", "0",
        "SessionStart", "Commitment", "Signal", "Progress", "SessionCancel", "TtlExpired", "implicit-accept:x", "implicit-accept:", "1.0", "2.0", "1.0.0", "policy.default", "policy.std.x",
        "macp.mode.decision.v1", "ext.multi_round.v1", "macp.mode.nothing.v1", "ext.fuzz.v1", "{}", "[]", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "{\"value\":\"x\"}", "1e999", "agent://lead", "*",
    ];

    // Half a surrogate, an overlong form, bytes that nothing has, and an end in the middle.
    static readonly byte[][] NotUtf8 = [[0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xff, 0xfe], [0x61, 0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]];

    static readonly ulong[] Numbers =
        [0, 1, 2, 127, 128, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 1, 86_400_000, 86_400_001];

    static readonly double[] Doubles = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue, -1, 0.5, 1, 1.0000001, 2];

    public static byte[] Text(Random random) => random.Next(20) switch
    {
        0 => NotUtf8[random.Next(NotUtf8.Length)],
        1 => Encoding.UTF8.GetBytes(new string((char)random.Next('!', 0x500), random.Next(Long))),
        2 => Bytes(random, 40),
        3 => Encoding.ASCII.GetBytes(new string('[', random.Next(Long))),
        _ => Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]),
    };

    public static byte[] Bytes(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    public static ulong Number(Random random) => random.Next(4) == 0 ? (ulong)random.NextInt64() >> random.Next(64) : Numbers[random.Next(Numbers.Length)];

    /// <summary>Eight bytes that are a double, or any.</summary>
    public static byte[] Eight(Random random)
    {
        byte[] eight = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, Doubles[random.Next(Doubles.Length)]);
        if (random.Next(4) == 0) random.NextBytes(eight);
        return eight;
    }

    /// <summary>A few of the bytes changed, taken out, put in or repeated.</summary>
    public static byte[] Damage(Random random, byte[] bytes)
    {
        var damaged = bytes.ToList();
        for (int times = random.Next(1, 5); times > 0; times--)
        {
            int at = random.Next(damaged.Count + 1);
            int length = Math.Min(random.Next(1, 9), damaged.Count - at);
            switch (random.Next(5))
            {
                case 0 when at < damaged.Count: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged.RemoveRange(at, length); break;
                case 2: damaged.InsertRange(at, Bytes(random, 9)); break;
                case 3: damaged.InsertRange(at, damaged.GetRange(at, length)); break;
                case 4: damaged.RemoveRange(at, damaged.Count - at); break;
            }
        }
        return [.. damaged];
    }
}
