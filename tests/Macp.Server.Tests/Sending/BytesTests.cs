using Google.Protobuf;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>Bytes that are wrong below the envelope, and inside it (decisions 8; wire.md on UTF-8).</summary>
public sealed class BytesTests
{
    const string Internal = "13", Unimplemented = "12", ResourceExhausted = "8";

    [Fact]
    public async Task Text_of_the_envelope_that_is_not_UTF_8_fails_below_the_service()
    {
        await using var runtime = await TestRuntime.StartAsync();
        // Field 4, message_id, of the envelope: one byte that begins no character.
        byte[] envelope = [.. Envelopes.Proposal(Envelopes.NewSession()).ToByteArray(), 0x22, 0x01, 0xff];
        byte[] request = [0x0a, .. Varint(envelope.Length), .. envelope];
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", RawCall.Frame(request)));
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_does_not_hide_behind_an_overlong_tag()
    {
        await using var runtime = await TestRuntime.StartAsync();
        // The parser ignores what a tag has above 32 bits.
        byte[] envelope = [.. Envelopes.Proposal(Envelopes.NewSession()).ToByteArray(), 0xa2, 0x80, 0x80, 0x80, 0x80, 0x01, 0x01, 0xff];
        byte[] request = [0x0a, .. Varint(envelope.Length), .. envelope];
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", RawCall.Frame(request)));
    }

    [Fact]
    public async Task Bodies_that_are_not_one_message_fail_below_the_service()
    {
        await using var runtime = await TestRuntime.StartAsync();
        byte[] request = new SendRequest { Envelope = Envelopes.Proposal("s") }.ToByteArray();
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", []));
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", [0, 0]));
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", RawCall.Frame(request, length: 10_000)));
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", [.. RawCall.Frame(request), .. RawCall.Frame(request)]));
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", RawCall.Frame([0xff, 0xff, 0xff])));
        Assert.Equal(Internal, await runtime.StatusOfAsync("Send", RawCall.Frame(request, flags: 7)));
        Assert.Equal(Unimplemented, await runtime.StatusOfAsync("Send", RawCall.Frame(request, flags: 1)));
        Assert.Equal(ResourceExhausted, await runtime.StatusOfAsync("Send", RawCall.Frame([], length: uint.MaxValue)));
        Assert.Equal(Internal, await runtime.StatusOfAsync("StreamSession", RawCall.Frame([0xff, 0xff, 0xff])));
    }

    [Fact]
    public async Task A_method_that_there_is_not_is_unimplemented_and_all_of_the_service_there_are()
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.Equal(Unimplemented, await runtime.StatusOfAsync("NoSuchMethod", RawCall.Frame([])));
        Assert.Equal(24, Rpc.Service.Methods.Count);
        // Of nobody: a watch would not end.
        foreach (var method in Rpc.Service.Methods) Assert.NotEqual(Unimplemented, await runtime.StatusOfAsync(method.Name, RawCall.Frame([]), sender: null));
    }

    [Fact]
    public async Task A_payload_of_the_limit_is_accepted_and_one_byte_more_is_not()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = 10_000 });
        string session = await runtime.OpenAsync();
        var proposal = new Macp.Wire.Modes.Decision.V1.ProposalPayload { ProposalId = "p", Option = "o" };
        int rest = 10_000 - proposal.CalculateSize();
        proposal.SupportingData = ByteString.CopyFrom(new byte[rest - 3]); // its tag, and two bytes of length

        Assert.Equal(10_000, proposal.CalculateSize());
        proposal.Option += "o";
        await runtime.RefusesAsync("PAYLOAD_TOO_LARGE", "alice", Envelopes.Of(session, "Proposal", proposal));
        proposal.Option = "o";
        await runtime.AcceptsAsync("alice", Envelopes.Of(session, "Proposal", proposal));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(40 * 1024 * 1024)]
    public async Task A_message_may_be_64_KiB_larger_than_the_largest_payload(int maxPayload)
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = maxPayload });
        int limit = maxPayload + 64 * 1024;
        var request = new SendRequest { Envelope = Envelopes.Vote(Envelopes.NewSession()).With(e => e.Payload = ByteString.CopyFrom(new byte[limit])) };
        int excess = request.CalculateSize() - limit;
        var largest = new SendRequest(request) { Envelope = { Payload = ByteString.CopyFrom(new byte[limit - excess]) } };
        Assert.Equal(limit, largest.CalculateSize());

        await runtime.RefusesAsync("PAYLOAD_TOO_LARGE", "alice", largest.Envelope);
        largest.Envelope.MessageId += "x";
        await runtime.Channel.UnaryAsync(Rpc.Send, largest, Rpc.As("alice")).FailsWith(GrpcStatusCode.ResourceExhausted);
        await using var stream = runtime.Stream("alice");
        await SendAndReadAsync(stream, largest.Envelope).FailsWith(GrpcStatusCode.ResourceExhausted);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task A_number_that_is_not_finite_is_refused_and_the_session_lives_on(double confidence)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        string before = await runtime.TracesAsync(session);
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Evaluation(session, confidence: confidence));
        Assert.Equal(before, await runtime.TracesAsync(session));
        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session));
    }

    [Fact]
    public async Task A_payload_that_does_not_parse_is_refused_and_the_session_lives_on()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Vote(session).With(e => e.Payload = ByteString.CopyFrom(0x0a, 0x01, 0xff)));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Vote(session).With(e => e.Payload = ByteString.CopyFrom(0x0a, 0x7f)));
        await runtime.AcceptsAsync("alice", Envelopes.Vote(session));
    }

    [Fact]
    public async Task Unknown_fields_of_a_payload_reach_subscribers_as_they_came()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        var proposal = Envelopes.Proposal(session, id: "m").With(e => e.Payload = ByteString.CopyFrom([.. e.Payload, 0xf8, 0x07, 0x01]));
        await runtime.AcceptsAsync("alice", proposal);
        await using var stream = runtime.Stream("bob");
        await stream.SubscribeAsync(session, 1);
        Assert.Equal(proposal.Payload, (await stream.DeliversAsync("m")).Payload);
    }

    // Whichever of the two notices the end.
    static async Task SendAndReadAsync(SessionCall stream, Envelope envelope)
    {
        await stream.SendAsync(envelope);
        await stream.NextAsync();
    }

    static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
