using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Modes.Tests.Deciding;

public class PayloadReaderTests
{
    readonly PayloadReader<SignalPayload> _reader = new();

    [Fact]
    public void What_is_encoded_properly_is_read_with_its_unknown_fields()
    {
        var bytes = ByteString.CopyFrom([.. new SignalPayload { SignalType = "x", Confidence = 0.5 }.ToByteArray(), 0xc0, 0x3e, 0x01]);
        Assert.Null(_reader.Read(bytes, out var payload));
        Assert.Equal(("x", 0.5), (payload.SignalType, payload.Confidence));
        Assert.Equal(bytes, payload.ToByteString());
        Assert.Equal(payload, _reader.Recall(bytes));
    }

    [Fact]
    public void An_empty_payload_has_nothing_set()
    {
        Assert.Null(_reader.Read(ByteString.Empty, out var payload));
        Assert.Equal(new SignalPayload(), payload);
    }

    [Fact]
    public void Each_reading_gives_a_payload_of_its_own()
    {
        var bytes = new SignalPayload { SignalType = "x" }.ToByteString();
        _reader.Read(bytes, out var first);
        _reader.Read(bytes, out var second);
        Assert.NotSame(first, second);
    }

    [Theory]
    [InlineData("0a01ff", "UTF-8")]
    [InlineData("19000000000000f87f", "finite")]
    [InlineData("19000000000000f0ff", "finite")]
    [InlineData("0a", "macp.v1.SignalPayload")]
    [InlineData("0a0561", "macp.v1.SignalPayload")]
    [InlineData("00", "macp.v1.SignalPayload")]
    [InlineData("c43e", "macp.v1.SignalPayload")]
    [InlineData("c33ecb3ed43ec43e", "macp.v1.SignalPayload")]
    public void What_cannot_be_read_is_refused_and_no_accepted_history_holds_it(string hex, string why)
    {
        var bytes = ByteString.CopyFrom(Convert.FromHexString(hex));
        var rejection = _reader.Read(bytes, out var payload);
        Assert.Equal(ErrorCode.InvalidEnvelope, rejection!.Code);
        Assert.Contains(why, rejection.Reason, StringComparison.Ordinal);
        Assert.Null(payload);
        Assert.Throws<InvalidDataException>(() => _reader.Recall(bytes));
    }

    [Fact]
    public void Random_bytes_are_refused_and_never_throw()
    {
        var random = new Random(8);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 20)];
            random.NextBytes(bytes);
            var rejection = _reader.Read(ByteString.CopyFrom(bytes), out var payload);
            Assert.Equal(rejection is null, payload is not null);
        }
    }
}
