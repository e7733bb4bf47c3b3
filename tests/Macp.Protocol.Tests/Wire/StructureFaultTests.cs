using Google.Protobuf;
using Macp.Tests.Wire;
using Macp.Wire.V1;

namespace Macp.Protocol.Tests.Wire;

public class StructureFaultTests
{
    static readonly WireShape Shape = WireShape.Of(EveryKind.Descriptor);

    [Theory]
    [InlineData("0a", "no length")]
    [InlineData("0a01", "no content")]
    [InlineData("0a8080808008", "a length of 2 GiB")]
    [InlineData("0affffffffffffffffff01", "a length of 16 EiB")]
    [InlineData("0affffffffffffffffffff01", "a length of eleven bytes")]
    [InlineData("8801", "a number without bytes")]
    [InlineData("880180", "a number without end")]
    [InlineData("880180808080808080808080", "a number of eleven bytes without end")]
    [InlineData("80", "a tag without end")]
    [InlineData("0000", "field number zero")]
    [InlineData("0200", "field number zero, with a length")]
    [InlineData("1900000000000000", "seven bytes of eight")]
    [InlineData("25000000", "three bytes of four")]
    [InlineData("0e00", "wire type six")]
    [InlineData("0f00", "wire type seven")]
    [InlineData("c43e", "the end of a group that never began")]
    [InlineData("c33e", "a group without end")]
    [InlineData("c33e0a05c43e", "a group whose content is cut off")]
    [InlineData("c33ecc3e", "a group that ends as another")]
    [InlineData("c33ec33ec43e", "a group in a group, and one end")]
    [InlineData("4a020a01", "a nested field without content")]
    [InlineData("4a01c33e", "a group that leaves its message")]
    [InlineData("c33e80", "a group with a tag without end")]
    public void What_is_no_message_is_malformed_and_the_parser_refuses_it_too(string hex, string why)
    {
        byte[] message = Convert.FromHexString(hex);
        Assert.True(Shape.Check(message) == WireFault.Malformed, why);
        Assert.False(Shape.HasOnlyKnownFields(message), why);
        Assert.Throws<InvalidProtocolBufferException>(() => EveryKind.Parser.ParseFrom(message));
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("0a8000", "a padded length")]
    [InlineData("8a0000", "a padded tag")]
    [InlineData("8801ffffffffffffffffff01", "the longest number")]
    [InlineData("c33ec43e", "an unknown group")]
    [InlineData("c33ec33e0801c43e1100000000000000001d000000000a0161c43e", "an unknown group with everything in it")]
    [InlineData("0b0c", "a known field as a group, which is unknown then")]
    [InlineData("0801", "a text as a number, which is unknown then")]
    [InlineData("c03e01ca3e01ff", "unknown fields")]
    public void What_is_one_passes_and_the_parser_takes_it_too(string hex, string why)
    {
        byte[] message = Convert.FromHexString(hex);
        Assert.True(Shape.Check(message) == WireFault.None, why);
        EveryKind.Parser.ParseFrom(message);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(16)]
    public void Nesting_ends_where_the_parsers_does(int field)
    {
        for (int times = 95; times <= 105; times++)
        {
            byte[] message = Bytes.Nested(field, times);
            var parse = Record.Exception(() => EveryKind.Parser.ParseFrom(message));
            Assert.Equal((times, parse is null ? WireFault.None : WireFault.Malformed), (times, Shape.Check(message)));
            Assert.Equal((times, parse is null), (times, Shape.HasOnlyKnownFields(message)));
        }
    }

    [Fact]
    public void No_nesting_overflows_the_stack()
    {
        // A tag, then a length: messages in messages, as many as the bytes allow.
        var layers = new List<byte[]>();
        int length = 0;
        while (length < 1_000_000)
        {
            byte[] head = [.. Bytes.Tag(9, 2), .. Bytes.Varint((ulong)length)];
            layers.Add(head);
            length += head.Length;
        }
        layers.Reverse();
        byte[] message = [.. layers.SelectMany(layer => layer)];
        Assert.Equal(WireFault.Malformed, Shape.Check(message));
        Assert.False(Shape.HasOnlyKnownFields(message));
        Assert.Equal(WireFault.Malformed, Shape.Check(Enumerable.Repeat((byte)0x4b, 1_000_000).ToArray()));
    }

    [Theory]
    [InlineData("", true, "nothing")]
    [InlineData("0a0161", true, "a text")]
    [InlineData("c03e01", false, "another number")]
    [InlineData("0801", false, "another wire type")]
    [InlineData("1a0161", false, "a run of bytes in a number's place")]
    [InlineData("4a030a0161", true, "nested")]
    [InlineData("4a03c03e01", false, "another number, nested")]
    [InlineData("52005203c03e01", false, "in the second of two messages")]
    [InlineData("5a060a0161120162", true, "a table")]
    [InlineData("5a021801", false, "a third field in a table's entry")]
    [InlineData("6a05080112011801", false, "an entry cut off")]
    [InlineData("820103c03e01", false, "in a oneof")]
    [InlineData("ba010101", true, "packed numbers")]
    [InlineData("b80101", true, "unpacked numbers")]
    [InlineData("8a010101", false, "a single number, packed")]
    [InlineData("c33ec43e", false, "a group")]
    public void Known_fields_are_known_in_their_own_wire_type_only(string hex, bool isKnown, string why) =>
        Assert.True(isKnown == Shape.HasOnlyKnownFields(Convert.FromHexString(hex)), why);

    [Fact]
    public void Everything_that_is_declared_is_known()
    {
        var messages = new RandomMessages(2);
        for (int i = 0; i < 200; i++) Assert.True(Shape.HasOnlyKnownFields(messages.Next<EveryKind>().ToByteArray()));
    }

    [Fact]
    public void Unknown_fields_survive_the_parser()
    {
        byte[] more = [.. Bytes.Text(1000, 0xff), .. Bytes.Number(1001, double.NaN)];
        byte[] message = [.. new SessionStartPayload { Intent = "x" }.ToByteArray(), .. more];
        Assert.Equal(WireFault.None, WireShape.Of(SessionStartPayload.Descriptor).Check(message));
        Assert.Equal(message, SessionStartPayload.Parser.ParseFrom(message).ToByteArray());
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        byte[] message = new RandomMessages(3).Next<EveryKind>().ToByteArray();
        Allocations.AreNone(() => WireShape.Of(EveryKind.Descriptor).Check(message));
        Allocations.AreNone(() => Shape.HasOnlyKnownFields(message));
    }
}
