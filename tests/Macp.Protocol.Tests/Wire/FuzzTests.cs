using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Tests.Wire;

namespace Macp.Protocol.Tests.Wire;

public class FuzzTests
{
    const int Rounds = 20_000;

    static readonly byte[] Replacement = [0xef, 0xbf, 0xbd];

    [Fact]
    public void Random_bytes_never_throw_and_what_passes_parses_to_text_and_finite_numbers()
    {
        var random = new Random(4);
        int passed = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = new byte[random.Next(24)];
            random.NextBytes(bytes);
            // Small tags and lengths get further.
            for (int at = 0; at < bytes.Length; at += random.Next(1, 4)) bytes[at] &= 0x1f;
            passed += IsTakenByBoth(EveryKind.Descriptor, bytes) ? 1 : 0;
        }
        Assert.InRange(passed, Rounds / 100, Rounds - 1);
    }

    [Fact]
    public void Damaged_messages_never_throw_and_what_passes_parses_to_text_and_finite_numbers()
    {
        var random = new Random(5);
        var messages = new RandomMessages(6);
        int passed = 0;
        byte[][] proper = [.. Enumerable.Range(0, 200).Select(_ => messages.Next<EveryKind>().ToByteArray()).Where(bytes => bytes.Length is > 0 and < 4000)];
        for (int i = 0; i < Rounds; i++) passed += IsTakenByBoth(EveryKind.Descriptor, Damage(proper[random.Next(proper.Length)], random)) ? 1 : 0;
        Assert.InRange(passed, Rounds / 100, Rounds - 1);
    }

    [Fact]
    public void Verifying_damaged_commitments_never_throws()
    {
        var random = new Random(7);
        var commitment = Hashing.CommitmentHashTests.Sample();
        commitment.Supersedes = new() { SessionId = "s", CommitmentHash = "h" };
        byte[] proper = commitment.ToByteArray();
        string hash = CommitmentHash.Compute(commitment);
        for (int i = 0; i < Rounds; i++)
        {
            byte[] damaged = Damage(proper, random);
            var expected = damaged.AsSpan().SequenceEqual(proper) ? CommitmentVerification.Match : CommitmentHash.Verify(damaged, hash);
            Assert.Equal(expected, CommitmentHash.Verify(damaged, hash));
        }
    }

    /// <summary>Whether the shape and the parser take these bytes. The shape may be the stricter, never the one that misses something.</summary>
    static bool IsTakenByBoth(MessageDescriptor type, byte[] bytes)
    {
        var fault = WireShape.Of(type).Check(bytes);
        _ = WireShape.Of(type).HasOnlyKnownFields(bytes);
        IMessage parsed;
        try
        {
            parsed = type.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
        if (fault is not WireFault.None) return false;
        Inspect(parsed, mayHoldReplacements: bytes.AsSpan().IndexOf(Replacement) >= 0, Convert.ToHexStringLower(bytes));
        return true;
    }

    static void Inspect(IMessage message, bool mayHoldReplacements, string origin)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.Accessor.GetValue(message) is not { } value) continue;
            System.Collections.IEnumerable values = value switch
            {
                System.Collections.IDictionary map => map.Keys.Cast<object>().Concat(map.Values.Cast<object>()),
                System.Collections.IList list => list,
                _ => new[] { value },
            };
            foreach (object one in values)
            {
                if (one is string text) Assert.True(mayHoldReplacements || !text.Contains('\ufffd'), origin);
                else if (one is double number) Assert.True(double.IsFinite(number), origin);
                else if (one is float small) Assert.True(float.IsFinite(small), origin);
                else if (one is IMessage nested) Inspect(nested, mayHoldReplacements, origin);
            }
        }
    }

    static byte[] Damage(byte[] proper, Random random)
    {
        byte[] bytes = [.. proper];
        for (int i = random.Next(3); i >= 0; i--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return random.Next(4) switch
        {
            0 => bytes[..random.Next(bytes.Length)],
            1 => [.. bytes, .. bytes[random.Next(bytes.Length)..]],
            _ => bytes,
        };
    }
}
