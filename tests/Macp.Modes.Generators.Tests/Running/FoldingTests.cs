using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Modes.Generators.Tests.Running;

/// <summary>Values that are one in any case, and payloads that are none.</summary>
public sealed class FoldingTests
{
    [Theory]
    [InlineData("approve", "APPROVE")]
    [InlineData("Abstain", "ABSTAIN")]
    [InlineData("REJECT", "REJECT")]
    public void A_vote_is_upper_case_to_reducers_and_as_it_came_in_history(string sent, string seen)
    {
        var table = new Table().Propose("p1").Vote("p1", Table.Bob, sent);
        Assert.Equal(seen, table.Projection.Votes["p1"][Table.Bob].Vote);
        Assert.Equal(sent, VotePayload.Parser.ParseFrom(table.Projection.Transcript[^1].Payload).Vote);
    }

    [Theory]
    [InlineData("", "medium")]
    [InlineData("CRITICAL", "critical")]
    [InlineData("Low", "low")]
    public void A_severity_is_lower_case_and_medium_when_empty(string sent, string seen) =>
        Assert.Equal(seen, new Table().Propose("p1").Object("p1", sent).Projection.Objections[0].Severity);

    [Theory]
    [InlineData("")]
    [InlineData(" APPROVE")]
    [InlineData("YES")]
    [InlineData("absta\u0131n")]
    [InlineData("ABSTA\u0130N")]
    [InlineData("\uFF21PPROVE")]
    public void Nothing_but_ascii_folds_to_a_vote(string vote)
    {
        var refused = new Table().Propose("p1").Judge("Vote", Table.Bob, new VotePayload { ProposalId = "p1", Vote = vote });
        Assert.Contains("vote must be one of APPROVE, REJECT, ABSTAIN", refused!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cr\u0131tical")]
    [InlineData("cr\u0130tical")]
    [InlineData("fatal")]
    public void Nothing_but_ascii_folds_to_a_severity(string severity) => Assert.Contains(
        "severity must be one of", new Table().Propose("p1").Judge("Objection", Table.Bob, new ObjectionPayload { ProposalId = "p1", Severity = severity })!.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(double.NaN, "not finite")]
    [InlineData(double.PositiveInfinity, "not finite")]
    [InlineData(double.NegativeInfinity, "not finite")]
    [InlineData(-0.01, "from 0 to 1")]
    [InlineData(1.01, "from 0 to 1")]
    public void A_confidence_that_is_no_number_from_0_to_1_is_refused(double confidence, string reason) => Assert.Contains(
        reason, new Table().Propose("p1").Judge("Evaluation", Table.Bob, new EvaluationPayload { ProposalId = "p1", Recommendation = "REVIEW", Confidence = confidence })!.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-0.0)]
    [InlineData(1)]
    public void The_bounds_of_a_range_are_in_it(double confidence) =>
        Assert.Null(new Table().Propose("p1").Judge("Evaluation", Table.Bob, new EvaluationPayload { ProposalId = "p1", Recommendation = "block", Confidence = confidence }));

    [Theory]
    [InlineData(new byte[] { 0x0A, 0x02, 0xC3, 0x28 })]
    [InlineData(new byte[] { 0x0A, 0x05, 0x41 })]
    [InlineData(new byte[] { 0x0A, 0x03, 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    public void A_payload_that_is_no_strict_protobuf_is_refused(byte[] payload) =>
        Assert.Equal("INVALID_ENVELOPE", new Table().Judge("Proposal", Table.Bob, ByteString.CopyFrom(payload))!.Code.Value);

    [Fact]
    public void A_verdict_carries_the_folded_payload()
    {
        var table = new Table().Propose("p1");
        var verdict = table.Handler.Decide(new("Vote", Table.Bob, "m"), new VotePayload { ProposalId = "p1", Vote = "approve" }.ToByteString());
        Assert.Equal("APPROVE", Assert.IsType<VotePayload>(verdict.Payload).Vote);
    }

    [Fact]
    public void A_client_s_check_folds_what_it_is_about_to_send()
    {
        var payload = new VotePayload { ProposalId = "p1", Vote = "approve" };
        Assert.Null(DecisionMode.Validator.CheckVote(payload));
        Assert.Equal("APPROVE", payload.Vote);
    }
}
