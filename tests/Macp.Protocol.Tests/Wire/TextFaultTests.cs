using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Tests.Wire;
using Macp.Wire.V1;

namespace Macp.Protocol.Tests.Wire;

public class TextFaultTests
{
    static readonly WireShape Shape = WireShape.Of(EveryKind.Descriptor);

    // Eight bytes each: the length of a marker.
    static readonly (string Name, byte[] Bytes)[] NotUtf8 =
    [
        ("a lone continuation", [0x80, .. "abcdefg"u8]),
        ("a byte that never occurs", [.. "abcdefg"u8, 0xff]),
        ("an overlong slash", [.. "abc"u8, 0xc0, 0xaf, .. "def"u8]),
        ("an overlong null", [0xe0, 0x80, 0x80, .. "abcde"u8]),
        ("an overlong euro sign", [0xf0, 0x82, 0x82, 0xac, .. "abcd"u8]),
        ("a high surrogate", [0xed, 0xa0, 0x80, .. "abcde"u8]),
        ("a low surrogate", [.. "abcde"u8, 0xed, 0xbf, 0xbf]),
        ("a pair of surrogates", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, .. "ab"u8]),
        ("beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80, .. "abcd"u8]),
        ("a truncated pair", [.. "abcdefg"u8, 0xc3]),
        ("a truncated triple", [.. "abcdef"u8, 0xe2, 0x82]),
        ("a truncated quadruple", [.. "abcde"u8, 0xf0, 0x9f, 0xa6]),
        ("a triple cut short by a letter", [0xe2, 0x82, .. "abcdef"u8]),
    ];

    [Fact]
    public void Whatever_is_encoded_properly_passes()
    {
        var messages = new RandomMessages(1);
        for (int i = 0; i < 500; i++) Assert.Equal(WireFault.None, Shape.Check(messages.Next<EveryKind>().ToByteArray()));
    }

    [Fact]
    public void Wherever_a_text_is_not_UTF8_it_is_found()
    {
        int tried = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            var messages = new RandomMessages(seed);
            byte[] bytes = messages.Next<EveryKind>().ToByteArray();
            for (int i = 0; i < messages.Texts.Count; i++)
            {
                // A text that a map or a oneof let go again is not in the bytes.
                int at = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(messages.Texts[i]));
                if (at < 0) continue;
                var (name, wrong) = NotUtf8[tried++ % NotUtf8.Length];
                byte[] broken = [.. bytes];
                wrong.CopyTo(broken, at);
                Assert.Equal((name, messages.Texts[i], WireFault.InvalidUtf8), (name, messages.Texts[i], Shape.Check(broken)));
            }
        }
        Assert.True(tried > 500, $"only {tried} texts were tried");
    }

    [Fact]
    public void Every_text_field_of_the_protocol_is_looked_at()
    {
        var payloads = CoreReflection.Descriptor.MessageTypes.Concat(EnvelopeReflection.Descriptor.MessageTypes).Concat(PolicyReflection.Descriptor.MessageTypes);
        foreach (var field in payloads.SelectMany(message => message.Fields.InFieldNumberOrder()).Where(field => field.FieldType == FieldType.String))
            foreach (var (name, bytes) in NotUtf8)
                Assert.Equal((field.FullName, name, WireFault.InvalidUtf8), (field.FullName, name, WireShape.Of(field.ContainingType).Check(Bytes.Text(field.FieldNumber, bytes))));
    }

    public static TheoryData<string, byte[]> Places
    {
        get
        {
            byte[] wrong = [0xff];
            return new()
            {
                { "single", Bytes.Text(1, wrong) },
                { "the first of two, though the last wins", [.. Bytes.Text(1, wrong), .. Bytes.Text(1, (byte)'a')] },
                { "repeated", [.. Bytes.Text(5, (byte)'a'), .. Bytes.Text(5, wrong)] },
                { "nested", Bytes.Nested(9, 50, Bytes.Text(1, wrong)) },
                { "repeated messages", Bytes.Text(10, Bytes.Text(5, wrong)) },
                { "a key of a table", Bytes.Text(11, Bytes.Text(1, wrong)) },
                { "a value of a table", Bytes.Text(11, [.. Bytes.Text(1, (byte)'a'), .. Bytes.Text(2, wrong)]) },
                { "a message in a table", Bytes.Text(13, Bytes.Text(2, Bytes.Text(1, wrong))) },
                { "a oneof", Bytes.Text(14, wrong) },
                { "a oneof that another member replaces", [.. Bytes.Text(14, wrong), .. Bytes.Number(15, 1d)] },
                { "a message of a oneof", Bytes.Text(16, Bytes.Text(1, wrong)) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_text_has_no_place_to_hide(string place, byte[] message) =>
        Assert.True(Shape.Check(message) == WireFault.InvalidUtf8, place);

    [Theory]
    [InlineData(2)]
    [InlineData(1000)]
    public void Bytes_and_unknown_fields_hold_what_they_like(int field) => Assert.Equal(WireFault.None, Shape.Check(Bytes.Text(field, 0xff, 0xfe)));

    [Fact]
    public void The_replacement_character_itself_is_text() => Assert.Equal(WireFault.None, Shape.Check(Bytes.Text(1, 0xef, 0xbf, 0xbd)));
}
