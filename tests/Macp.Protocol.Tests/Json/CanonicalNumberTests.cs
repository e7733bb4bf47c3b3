using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Macp.Tests;

namespace Macp.Protocol.Tests.Json;

public class CanonicalNumberTests
{
    [Theory]
    // RFC 8785, appendix B.
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void A_number_is_printed_as_the_RFC_lists_it(ulong bits, string json) => Assert.Equal(json, Written(BitConverter.UInt64BitsToDouble(bits)));

    [Theory]
    // RFC 8785, section 3.2.2, and the borders of ECMAScript's four layouts.
    [InlineData(333333333.33333329, "333333333.3333333")]
    [InlineData(1E30, "1e+30")]
    [InlineData(4.50, "4.5")]
    [InlineData(2e-3, "0.002")]
    [InlineData(0.000000000000000000000000001, "1e-27")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1.5e20, "150000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.25e21, "1.25e+21")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1.5e-6, "0.0000015")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(123456789012345680.0, "123456789012345680")]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(100, "100")]
    [InlineData(10.01, "10.01")]
    [InlineData(-1e-9, "-1e-9")]
    // Powers of two, below which the next number is nearer than above.
    [InlineData(1 / 33554432.0, "2.9802322387695312e-8")]
    [InlineData(4.1045368012983762e-289, "4.1045368012983762e-289")]
    [InlineData(5.684341886080802e-14, "5.684341886080802e-14")]
    public void A_number_is_printed_as_ECMAScript_does(double number, string json) => Assert.Equal(json, Written(number));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_finite_has_no_JSON(double number) => Assert.Throws<ArgumentOutOfRangeException>(() => Written(number));

    [Fact]
    public void Every_number_parses_back_to_itself() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<ulong>(),
        bits => IsSameAfterParsing(BitConverter.UInt64BitsToDouble(bits)) && IsSameAfterParsing(BitConverter.UInt64BitsToDouble(bits * 0x9e3779b97f4a7c15))));

    [Fact]
    public void Every_power_of_ten_and_of_two_parses_back_to_itself()
    {
        for (int i = -1074; i < 1024; i++) Assert.True(IsSameAfterParsing(Math.ScaleB(1, i)), $"2^{i}");
        for (int i = -323; i < 309; i++) Assert.True(IsSameAfterParsing(double.Parse($"1e{i}", CultureInfo.InvariantCulture)), $"1e{i}");
    }

    [Fact]
    public void No_culture_prints_a_number()
    {
        using var culture = new OddCulture();
        Assert.Equal(["-1.5", "-1e-9", "-7"], [Written(-1.5), Written(-1e-9), new CanonicalJson().Value(-7).ToString()]);
    }

    [Fact]
    public void Integers_are_exact_to_the_last_digit()
    {
        Assert.Equal("-9223372036854775808", new CanonicalJson().Value(long.MinValue).ToString());
        Assert.Equal("18446744073709551615", new CanonicalJson().Value(ulong.MaxValue).ToString());
    }

    static string Written(double number) => new CanonicalJson().Value(number).ToString();

    static bool IsSameAfterParsing(double number) => !double.IsFinite(number) || double.Parse(Written(number), CultureInfo.InvariantCulture) == number;
}
