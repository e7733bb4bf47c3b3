using System.Text;
using Google.Protobuf;

namespace Macp.Modes.Tests.Deciding;

/// <summary>Payloads with an older form: bytes that are exactly the canonical protobuf form of their own value are protobuf (decisions 15).</summary>
public class LegacyPayloadTests
{
    int _asked;

    [Fact]
    public void The_canonical_form_is_protobuf_and_the_older_reader_is_not_asked()
    {
        Assert.Equal("x", Read(new RegisterPolicyResponse { Error = "x" }.ToByteArray())!.Error);
        // A text that is JSON of the older form when it is taken out of its field changes nothing.
        Assert.Equal("{legacy}", Read(new RegisterPolicyResponse { Error = "{legacy}" }.ToByteArray())!.Error);
        Assert.Equal(0, _asked);
    }

    [Fact]
    public void The_older_form_is_read_where_the_bytes_are_no_protobuf() => Assert.Equal("{legacy}", Read("{legacy}"u8)!.Error);

    [Fact]
    public void It_is_read_where_they_are_protobuf_too_but_not_the_canonical_form()
    {
        // A padded length: protobuf says "{le", and would write it in another way.
        byte[] padded = [0x12, 0x83, 0x00, .. "{le"u8];
        Assert.Equal("{le", RegisterPolicyResponse.Parser.ParseFrom(padded).Error);
        Assert.Equal(Encoding.Latin1.GetString(padded), Read(padded, legacyBegins: 0x12)!.Error);
    }

    [Fact]
    public void It_is_read_where_protobuf_finds_nothing_but_unknown_fields()
    {
        // '{' opens a group and '|' closes it; what is between is a field too, and the parser would write back the same bytes.
        byte[] collision = "{ab3456789|"u8.ToArray();
        collision[1] = 0x11;
        Assert.Equal(collision, RegisterPolicyResponse.Parser.ParseFrom(collision).ToByteArray());
        Assert.Equal(Encoding.Latin1.GetString(collision), Read(collision)!.Error);
    }

    [Fact]
    public void What_is_not_of_the_older_form_is_protobuf_if_it_can_be() =>
        Assert.Equal("x", Read([0x12, 0x81, 0x00, (byte)'x'])!.Error);

    [Fact]
    public void What_is_neither_is_refused() => Assert.Null(Read([0xff, 0xff]));

    [Fact]
    public void An_empty_payload_is_in_neither_form()
    {
        Assert.Null(Read([]));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void The_older_form_is_held_to_finite_numbers_too()
    {
        var reader = new PayloadReader<SignalPayload>(static _ => new() { Confidence = double.NaN });
        Assert.Contains("finite", reader.Read(ByteString.CopyFromUtf8("{}"), out var payload)!.Reason, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => reader.Recall(ByteString.CopyFromUtf8("{}")));
    }

    RegisterPolicyResponse? Read(ReadOnlySpan<byte> bytes, byte legacyBegins = (byte)'{')
    {
        var reader = new PayloadReader<RegisterPolicyResponse>(payload =>
        {
            _asked++;
            return payload.Length > 0 && payload[0] == legacyBegins ? new() { Error = Encoding.Latin1.GetString(payload) } : null;
        });
        return reader.Read(ByteString.CopyFrom(bytes), out var payload) is null ? payload : null;
    }
}
