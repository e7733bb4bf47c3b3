using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol.Tests.Wire;
using Macp.Tests;
using Macp.Tests.Wire;
using Macp.Wire.V1;

namespace Macp.Protocol.Tests.Json;

/// <summary>Envelopes as canonical JSON, both ways.</summary>
public class EnvelopeJsonTests
{
    static readonly Envelope Commitment = new()
    {
        MacpVersion = "1.0",
        Mode = "m",
        MessageType = "Commitment",
        MessageId = "id",
        SessionId = "s",
        TimestampUnixMs = 1_767_225_600_007,
        Payload = new CommitmentPayload { Action = "é\n", OutcomePositive = true, Supersedes = new() { SessionId = "t" } }.ToByteString(),
    };

    [Fact]
    public void The_canonical_form_is_sorted_whole_and_without_white_space()
    {
        Assert.Equal(
            """
            {"macp_version":"1.0","message_id":"id","message_type":"Commitment","mode":"m","payload":{"action":"é\n","authority_scope":"","commitment_id":"","configuration_version":"","mode_version":"","outcome_positive":true,"policy_version":"","reason":"","supersedes":{"commitment_hash":"","session_id":"t"}},"sender":"","session_id":"s","timestamp":"2026-01-01T00:00:00.007Z"}
            """,
            EnvelopeJson.ToText(Commitment, CommitmentPayload.Descriptor));
        Assert.Contains("\"payload_b64\":\"EgPDqQpAAUoDCgF0\"", EnvelopeJson.ToText(Commitment), StringComparison.Ordinal);
    }

    [SharedFact("conformance/cmt-hash")]
    public void The_payload_of_a_published_vector_is_written_as_its_hash_wants_it()
    {
        foreach (string file in Directory.GetFiles(SharedFolder.Of("conformance/cmt-hash"), "cmt_hash_*.json"))
        {
            using var vector = JsonDocument.Parse(File.ReadAllText(file));
            var payload = (CommitmentPayload)MessageJson.Read(CommitmentPayload.Descriptor, vector.RootElement.GetProperty("payload"));

            Assert.Equal(vector.RootElement.GetProperty("jcs_utf8_hex").GetString(), Convert.ToHexStringLower(MessageJson.Write(new(), payload).ToUtf8()));
            Assert.Equal(vector.RootElement.GetProperty("hash").GetString(), CommitmentHash.Compute(payload));
        }
    }

    [Fact]
    public void Every_kind_of_field_is_read_back_byte_by_byte()
    {
        var random = new RandomMessages(7);
        for (int i = 0; i < 500; i++)
        {
            var message = random.Next<EveryKind>();
            var envelope = new Envelope { Mode = "m", MessageType = "T", Payload = message.ToByteString() };
            string json = EnvelopeJson.ToText(envelope, EveryKind.Descriptor);

            Assert.Equal(envelope, EnvelopeJson.Parse(json, Types));
            Assert.Equal(message, MessageJson.Parse(EveryKind.Descriptor, MessageJson.Write(new(), message).ToString()));
        }
    }

    [Fact]
    public void Whatever_the_envelope_it_is_read_back_the_same() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(Envelopes(), envelope =>
        {
            string json = EnvelopeJson.ToText(envelope, CommitmentPayload.Descriptor);
            var read = EnvelopeJson.Parse(json, (_, _) => CommitmentPayload.Descriptor);
            return read.Equals(envelope) && EnvelopeJson.ToText(read, CommitmentPayload.Descriptor) == json;
        }));

    [Theory]
    [InlineData(new byte[] { 0x52, 0x01, 0x78 }, "an unknown field")]
    [InlineData(new byte[] { 0x12, 0x00 }, "a field that is set to nothing")]
    [InlineData(new byte[] { 0x12, 0x01, 0xff }, "text that is not UTF-8")]
    [InlineData(new byte[] { 0x7b }, "no message")]
    public void Bytes_that_an_object_would_not_tell_stay_bytes(byte[] payload, string why)
    {
        var envelope = new Envelope { Payload = ByteString.CopyFrom(payload) };
        string json = EnvelopeJson.ToText(envelope, CommitmentPayload.Descriptor);

        Assert.True(json.Contains("payload_b64", StringComparison.Ordinal), why);
        Assert.Equal(envelope, EnvelopeJson.Parse(json));
    }

    [Fact]
    public void A_number_that_is_not_finite_stays_bytes()
    {
        var payload = new EveryKind { Number = double.NaN }.ToByteString();
        Assert.Contains("payload_b64", EnvelopeJson.ToText(new() { Payload = payload }, EveryKind.Descriptor), StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_form_is_not_written()
    {
        Assert.Throws<EncoderFallbackException>(() => EnvelopeJson.ToUtf8(new() { Sender = "\ud800" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnvelopeJson.ToUtf8(new() { TimestampUnixMs = long.MaxValue }));
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", 1_767_225_600_000)]
    [InlineData("2026-01-01T02:30:00.5+02:30", 1_767_225_600_500)]
    [InlineData("2025-12-31T23:59:59.999000Z", 1_767_225_599_999)]
    public void Any_time_of_RFC_3339_is_read(string time, long milliseconds) =>
        Assert.Equal(milliseconds, EnvelopeJson.Parse($$"""{"payload_b64":"","timestamp":"{{time}}"}""").TimestampUnixMs);

    [Theory]
    [InlineData("", "envelope is not JSON: ")]
    [InlineData("[]", "envelope must be an object; it is []")]
    [InlineData("""{"payload_b64":""} x""", "envelope is not JSON: ")]
    [InlineData("""{"payload_b64":"","x":1}""", "envelope.x is no member of an envelope; there are macp_version, ")]
    [InlineData("""{"payload_b64":"","mode":"a","mode":"a"}""", "envelope.mode is set twice")]
    [InlineData("""{"payload_b64":"","mode":7}""", "envelope.mode must be text; it is 7")]
    [InlineData("""{"payload_b64":"","mode":null}""", "envelope.mode must be text; it is null")]
    [InlineData("""{"payload_b64":"","mode":"\ud800"}""", "envelope.mode holds half of a surrogate pair")]
    [InlineData("""{"payload_b64":"","\ud800":1}""", "envelope has a name that holds half of a surrogate pair")]
    [InlineData("""{"payload_b64":"AB"}""", "envelope.payload_b64 must be base64, of the standard alphabet and padded; it is \"AB\"")]
    [InlineData("""{"payload_b64":"AB=="}""", "envelope.payload_b64 must be base64")] // bits that say nothing
    [InlineData("""{"payload_b64":"AA ="}""", "envelope.payload_b64 must be base64")]
    [InlineData("""{"payload_b64":"-_=="}""", "envelope.payload_b64 must be base64")]
    [InlineData("{}", "envelope must have one of payload and payload_b64")]
    [InlineData("""{"payload_b64":"","payload":{}}""", "envelope must have one of payload and payload_b64")]
    [InlineData("""{"mode":"m","message_type":"Other","payload":{}}""", "envelope.payload cannot be read: the payload of 'Other' in 'm' is not known here; give it as payload_b64")]
    [InlineData("""{"payload_b64":"","timestamp":1}""", "envelope.timestamp must be text; it is 1")]
    [InlineData("""{"payload_b64":"","timestamp":"2026-01-01 00:00:00Z"}""", "envelope.timestamp must be a time of RFC 3339")]
    [InlineData("""{"payload_b64":"","timestamp":"2026-01-01T00:00:00"}""", "envelope.timestamp must be a time of RFC 3339")]
    [InlineData("""{"payload_b64":"","timestamp":"2026-02-30T00:00:00Z"}""", "envelope.timestamp must be a time of RFC 3339")]
    [InlineData("""{"payload_b64":"","timestamp":"2026-01-01T00:00:00Z\n"}""", "envelope.timestamp must be a time of RFC 3339")]
    [InlineData("""{"payload_b64":"","timestamp":"2026-01-01T00:00:00.0001Z"}""", "envelope.timestamp must be a time in whole milliseconds")]
    public void What_does_not_fit_is_told_with_its_place(string json, string error) =>
        Assert.StartsWith(error, Assert.Throws<JsonFormException>(() => EnvelopeJson.Parse(json, Types)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"frob":1}""", "envelope.payload.frob is no field of macp.tests.EveryKind; there are text, ")]
    [InlineData("""{"small_number":1,"smallNumber":1}""", "envelope.payload.smallNumber is set twice")]
    [InlineData("""{"text":1}""", "envelope.payload.text must be text; it is 1")]
    [InlineData("""{"flag":"true"}""", "envelope.payload.flag must be true or false; it is \"true\"")]
    [InlineData("""{"texts":"a"}""", "envelope.payload.texts must be a list; it is \"a\"")]
    [InlineData("""{"texts":["a",null]}""", "envelope.payload.texts[1] must be text; it is null")]
    [InlineData("""{"child":{"blob":"?"}}""", "envelope.payload.child.blob must be base64")]
    [InlineData("""{"children":[{},{"count":1.5}]}""", "envelope.payload.children[1].count must be a whole number from -2147483648 to 2147483647; it is 1.5")]
    [InlineData("""{"count":2147483648}""", "envelope.payload.count must be a whole number")]
    [InlineData("""{"fixed_count":-1}""", "envelope.payload.fixed_count must be a whole number from 0 to 4294967295; it is -1")]
    [InlineData("""{"signed_count":9223372036854775808}""", "envelope.payload.signed_count must be a whole number")]
    [InlineData("""{"signed_count":"1 "}""", "envelope.payload.signed_count must be a whole number")]
    [InlineData("""{"counts":["18446744073709551616"]}""", "envelope.payload.counts[0] must be a whole number from 0 to 18446744073709551615")]
    [InlineData("""{"number":1e999}""", "envelope.payload.number must be a number in the range of a double; it is 1e999")]
    [InlineData("""{"small_number":1e39}""", "envelope.payload.small_number must be a number in the range of a float; it is 1e39")]
    [InlineData("""{"number":"1"}""", "envelope.payload.number must be a number; it is \"1\"")]
    [InlineData("""{"shade":"SHADE_PINK"}""", "envelope.payload.shade must be one of SHADE_UNSPECIFIED, SHADE_DARK; it is \"SHADE_PINK\"")]
    [InlineData("""{"text_by_text":{"a":"1","a":"2"}}""", "envelope.payload.text_by_text.a is set twice")]
    [InlineData("""{"child_by_number":{"x":{}}}""", "envelope.payload.child_by_number.x must be named by a whole number in range")]
    [InlineData("""{"chosen_text":"a","chosen_number":1}""", "envelope.payload.chosen_number is set, and so is another of choice; only one can be")]
    public void What_does_not_fit_in_a_payload_is_told_with_its_place(string payload, string error) =>
        What_does_not_fit_is_told_with_its_place($$"""{"mode":"m","message_type":"T","payload":{{payload}}}""", error);

    [Fact]
    public void What_is_too_deep_is_told_and_does_not_fell_the_reader()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"child":""", 100_000)) + "{}" + new string('}', 100_000);
        Assert.StartsWith("envelope is not JSON: ", Assert.Throws<JsonFormException>(() => EnvelopeJson.Parse($$"""{"payload":{{deep}}}""", Types)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_of_the_text_itself_is_told() =>
        Assert.Equal("envelope holds half of a surrogate pair", Assert.Throws<JsonFormException>(() => EnvelopeJson.Parse("{\"mode\":\"\ud800\"}")).Message);

    [Theory]
    [InlineData("""{"count":"7","signed_count":7,"number":7,"flag":null}""")]
    [InlineData("""{"count":7.0,"signedCount":"7","number":0.7e1,"texts":[],"child":null}""")]
    public void Names_and_numbers_may_be_said_as_protobuf_lets_them(string json) =>
        Assert.Equal(new EveryKind { Count = 7, SignedCount = 7, Number = 7 }, MessageJson.Parse(EveryKind.Descriptor, json));

    static MessageDescriptor? Types(string mode, string type) => (mode, type) == ("m", "T") ? EveryKind.Descriptor : null;

    static Arbitrary<Envelope> Envelopes()
    {
        var text = ArbMap.Default.GeneratorFor<string>().Select(text => new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))]));
        var bytes = Gen.OneOf(
            ArbMap.Default.GeneratorFor<byte[]>().Select(ByteString.CopyFrom),
            text.Select(text => new CommitmentPayload { Reason = text, OutcomePositive = text.Length % 2 == 0 }.ToByteString()));
        return (from texts in text.ArrayOf(6)
                from payload in bytes
                from time in Gen.Choose(int.MinValue, int.MaxValue)
                select new Envelope
                {
                    MacpVersion = texts[0], Mode = texts[1], MessageType = texts[2], MessageId = texts[3], SessionId = texts[4], Sender = texts[5], TimestampUnixMs = time * 10_000L, Payload = payload,
                }).ToArbitrary();
    }
}
