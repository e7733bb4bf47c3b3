using Macp.Tests.Wire;
using Macp.Wire.V1;

namespace Macp.Protocol.Tests.Wire;

public class NumberFaultTests
{
    static readonly WireShape Shape = WireShape.Of(EveryKind.Descriptor);

    public static TheoryData<string, byte[]> Places
    {
        get
        {
            var places = new TheoryData<string, byte[]>();
            foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, BitConverter.UInt64BitsToDouble(0x7ff0000000000001)])
            {
                places.Add("single", Bytes.Number(3, wrong));
                places.Add("float", Bytes.Number(4, (float)wrong));
                places.Add("packed", Bytes.Packed(6, 1, 2, wrong));
                places.Add("declared packed, sent unpacked", Bytes.Number(6, wrong));
                places.Add("declared unpacked", [.. Bytes.Number(7, 1d), .. Bytes.Number(7, wrong)]);
                places.Add("declared unpacked, sent packed", Bytes.Packed(7, wrong, 1));
                places.Add("floats", Bytes.Packed(8, 1f, (float)wrong));
                places.Add("nested", Bytes.Nested(9, 20, Bytes.Number(3, wrong)));
                places.Add("a value of a table", Bytes.Text(12, Bytes.Number(2, wrong)));
                places.Add("a oneof", Bytes.Number(15, wrong));
                places.Add("the first of two, though the last wins", [.. Bytes.Number(3, wrong), .. Bytes.Number(3, 1d)]);
            }
            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_number_that_is_not_finite_has_no_place_to_hide(string place, byte[] message) => Assert.True(Shape.Check(message) == WireFault.NotFinite, place);

    [Theory]
    [InlineData(0d)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(double.Epsilon)]
    public void Every_other_number_passes(double number)
    {
        Assert.Equal(WireFault.None, Shape.Check(Bytes.Number(3, number)));
        Assert.Equal(WireFault.None, Shape.Check(Bytes.Packed(6, number, number)));
    }

    [Fact]
    public void A_packed_run_that_ends_inside_a_number_is_malformed() => Assert.Equal(WireFault.Malformed, Shape.Check(Bytes.Text(6, [.. new byte[8], 1])));

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(15)]
    public void A_single_number_is_never_packed_so_a_run_of_bytes_there_is_an_unknown_field(int field)
    {
        Assert.Equal(WireFault.None, Shape.Check(Bytes.Text(field, [.. "a text!"u8])));
        Assert.Equal(WireFault.None, Shape.Check(Bytes.Packed(field, double.NaN)));
        Assert.Equal(0, EveryKind.Parser.ParseFrom(Bytes.Packed(field, double.NaN)).Number);
    }

    [Fact]
    public void Integers_of_the_same_bits_pass() => Assert.Equal(WireFault.None, Shape.Check([.. Bytes.Number(20, double.NaN), .. Bytes.Number(19, float.NaN)]));

    [Fact]
    public void The_protocols_own_numbers_are_looked_at()
    {
        Assert.Equal(WireFault.NotFinite, WireShape.Of(SignalPayload.Descriptor).Check(Bytes.Number(3, double.NaN)));
        Assert.Equal(WireFault.NotFinite, WireShape.Of(ProgressPayload.Descriptor).Check(Bytes.Number(2, double.NaN)));
        Assert.Equal(WireFault.NotFinite, WireShape.Of(ProgressPayload.Descriptor).Check(Bytes.Number(3, double.NegativeInfinity)));
    }
}
