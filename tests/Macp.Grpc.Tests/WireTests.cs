using Macp.Grpc.Wire;

namespace Macp.Grpc.Tests;

/// <summary>The small encodings.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ~text!", "plain ~text!")]
    [InlineData("100%", "100%25")]
    [InlineData("ü", "%C3%BC")]
    [InlineData("🙂", "%F0%9F%99%82")]
    [InlineData("a\r\n\tb\0\u007f", "a%0D%0A%09b%00%7F")]
    public void A_detail_is_percent_encoded_and_comes_back(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("50% off", "50% off")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%c3%bc", "ü")]
    [InlineData("%FF", "\ufffd")]
    [InlineData("🙂%21", "🙂!")]
    public void A_detail_that_is_malformed_is_passed_on_as_well_as_may_be(string encoded, string text) =>
        Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Theory]
    [InlineData('x', 4096)]
    [InlineData('%', 4095)]
    [InlineData('€', 4095)]
    public void Of_a_text_that_is_too_long_for_a_field_the_beginning_is_told(char character, int length)
    {
        string encoded = PercentEncoding.Encode(new(character, 100_000));
        Assert.Equal(length, encoded.Length);
        Assert.StartsWith(encoded, PercentEncoding.Encode(new(character, 4096)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_surrogate_is_replaced() => Assert.Equal("%EF%BF%BD", PercentEncoding.Encode("\ud83d"));

    [Theory]
    [InlineData("1H", 36_000_000_000L)]
    [InlineData("2M", 1_200_000_000L)]
    [InlineData("3S", 30_000_000L)]
    [InlineData("4m", 40_000L)]
    [InlineData("5u", 50L)]
    [InlineData("600n", 6L)]
    [InlineData("1n", 1L)]
    [InlineData("0S", 0L)]
    [InlineData("00000001S", 10_000_000L)]
    [InlineData("99999999H", 3_599_999_964_000_000_000L)]
    public void A_timeout_is_read(string text, long ticks)
    {
        Assert.True(CallTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("1 S")]
    [InlineData(" 1S")]
    [InlineData("+1S")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("1SS")]
    [InlineData("٣S")]
    public void A_malformed_timeout_is_refused(string text) => Assert.False(CallTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(-1L, "0n")]
    [InlineData(0L, "0n")]
    [InlineData(1L, "100n")]
    [InlineData(999_999L, "99999900n")]
    [InlineData(1_000_000L, "100000u")]
    [InlineData(999_999_991L, "100000m")]
    [InlineData(10_000_000L * 100_000, "100000S")]
    [InlineData(long.MaxValue, "99999999H")]
    public void A_timeout_is_written_in_the_finest_unit_that_fits_rounded_up(long ticks, string text)
    {
        // 99,999,999.1 microseconds and 100,000 seconds are too many digits of their own unit.
        Assert.Equal(text, CallTimeout.Format(TimeSpan.FromTicks(ticks)));
    }

    [Theory]
    [InlineData("Upper-Case.Key_1", "upper-case.key_1")]
    [InlineData("grpc-status-details-bin", "grpc-status-details-bin")]
    public void A_metadata_key_is_kept_in_lower_case(string key, string kept)
    {
        var metadata = new GrpcMetadata();
        if (key.EndsWith("-bin")) metadata.Add(key, [1]);
        else metadata.Add(key, "v");
        Assert.Equal(kept, Assert.Single(metadata).Key);
        Assert.NotNull(metadata.Get(key.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData(":path")]
    [InlineData("ü")]
    [InlineData("grpc-timeout")]
    [InlineData("content-type")]
    [InlineData("TE")]
    [InlineData("text-bin")]
    public void A_metadata_key_that_cannot_travel_is_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new GrpcMetadata { { key, "value" } });

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("ü")]
    public void A_metadata_value_that_is_not_printable_ASCII_is_refused(string value) =>
        Assert.Throws<ArgumentException>(() => new GrpcMetadata { { "key", value } });

    [Fact]
    public void Bytes_need_a_key_that_says_so() => Assert.Throws<ArgumentException>(() => new GrpcMetadata { { "key", [1] } });

    [Fact]
    public void Bytes_travel_as_unpadded_base64() => Assert.Equal("AQ", new GrpcMetadata { { "key-bin", [1] } }.Get("key-bin"));

    [Fact]
    public void The_last_of_several_values_is_the_one() =>
        Assert.Equal("2", new GrpcMetadata { { "key", "1" }, { "key", "2" } }.Get("key"));
}
