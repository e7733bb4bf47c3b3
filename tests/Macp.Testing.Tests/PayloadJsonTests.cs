using System.Text.Json.Nodes;
using Google.Protobuf;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Testing.Fixtures;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Testing.Tests;

public class PayloadJsonTests
{
    [Theory]
    [InlineData("\"aä\"", "61c3a4")]
    [InlineData("[0, 127, 255]", "007fff")]
    [InlineData("[]", "")]
    [InlineData("\"\"", "")]
    [InlineData("null", "")]
    public void Bytes_stand_as_text_or_as_a_list_of_numbers(string json, string hex)
    {
        Assert.Equal(hex, Proposal($$"""{ "supporting_data": {{json}} }""").SupportingData.Span.ToHex());
        Assert.Equal(hex, Proposal($$"""{ "supportingData": {{json}} }""").SupportingData.Span.ToHex());
    }

    [Theory]
    [InlineData("[256]"), InlineData("[-1]"), InlineData("[1.5]"), InlineData("[\"a\"]"), InlineData("[null]")]
    public void A_list_of_anything_else_is_refused_with_the_fields_name(string json) => Assert.Equal(
        "has a supporting_data that is not a list of bytes",
        Assert.Throws<FixtureException>(() => Proposal($$"""{ "supporting_data": {{json}} }""")).Message);

    [Fact]
    public void Bytes_inside_a_map_stand_the_same_way()
    {
        var start = SessionStartPayload.Parser.ParseFrom(Encode(SessionStartPayload.Descriptor, """{ "extensions": { "a": "text", "_b": [1, 2] } }"""));

        Assert.Equal(["a: 74657874", "_b: 0102"], start.Extensions.Select(e => $"{e.Key}: {e.Value.Span.ToHex()}"));
    }

    [Fact]
    public void Messages_inside_are_made_too()
    {
        var commitment = CommitmentPayload.Parser.ParseFrom(Encode(CommitmentPayload.Descriptor, """{ "supersedes": { "_comment": "x", "session_id": "s" } }"""));

        Assert.Equal("s", commitment.Supersedes.SessionId);
        Assert.Null(CommitmentPayload.Parser.ParseFrom(Encode(CommitmentPayload.Descriptor, "{}")).Supersedes);
    }

    [Fact]
    public void Keys_for_readers_are_left_out() => Assert.Equal("p", Proposal("""{ "_comment": "x", "proposal_id": "p" }""").ProposalId);

    [Theory]
    [InlineData("""{ "proposal": "p" }""", "proposal")]
    [InlineData("""{ "proposal_id": 7 }""", "ProposalPayload")]
    [InlineData("""{ "supporting_data": 7 }""", "ProposalPayload")]
    public void What_does_not_fit_is_refused(string json, string names)
    {
        string error = Assert.Throws<FixtureException>(() => Proposal(json)).Message;

        Assert.StartsWith("is not a macp.modes.decision.v1.ProposalPayload: ", error, StringComparison.Ordinal);
        Assert.Contains(names, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_not_finite_can_be_said() =>
        Assert.True(double.IsNaN(EvaluationPayload.Parser.ParseFrom(Encode(EvaluationPayload.Descriptor, """{ "confidence": "NaN" }""")).Confidence));

    [Theory]
    [InlineData("macp.modes.decision.v1.VotePayload", true)]
    [InlineData("macp.v1.CommitmentPayload", true)]
    [InlineData("macp.v1.SessionCancelPayload", true)]
    [InlineData("VotePayload", false)]
    public void Payloads_are_known_by_their_full_name(string name, bool known) =>
        Assert.Equal(known, PayloadJson.Find(new ModeCatalog().Add<DecisionMode>().All[0].Descriptor, name) is not null);

    static ProposalPayload Proposal(string json) => ProposalPayload.Parser.ParseFrom(Encode(ProposalPayload.Descriptor, json));

    static ByteString Encode(Google.Protobuf.Reflection.MessageDescriptor type, string json) => PayloadJson.Encode(type, JsonNode.Parse(json)!.AsObject());
}

static class Hex
{
    public static string ToHex(this ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
