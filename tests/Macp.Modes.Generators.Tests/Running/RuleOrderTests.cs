using Google.Protobuf;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Modes.Generators.Tests.Running;

/// <summary>Where a message breaks two rules, the earlier one answers (decisions, item 9).</summary>
public sealed class RuleOrderTests
{
    static readonly ByteString NotUtf8 = ByteString.CopyFrom(0x0A, 0x02, 0xC3, 0x28);

    static readonly Table Voting = new Table().Propose("p1").Vote("p1", Table.Bob, "APPROVE");

    [Fact]
    public void The_sender_s_role_comes_before_the_payload() => Refuses("FORBIDDEN", "agent://mallory", Voting.Judge("Vote", Table.Stranger, NotUtf8));

    [Fact]
    public void The_payload_comes_before_its_fields() => Refuses("INVALID_ENVELOPE", "not valid UTF-8", Voting.Judge("Proposal", Table.Bob, NotUtf8));

    [Fact]
    public void A_field_comes_before_what_it_refers_to() =>
        Refuses("INVALID_ENVELOPE", "vote must be one of", Voting.Judge("Vote", Table.Carol, new VotePayload { ProposalId = "p9", Vote = "MAYBE" }));

    [Fact]
    public void A_range_comes_before_what_is_referred_to() => Refuses(
        "INVALID_ENVELOPE", "confidence must be from 0 to 1", Voting.Judge("Evaluation", Table.Carol, new EvaluationPayload { ProposalId = "p9", Recommendation = "REVIEW", Confidence = 1.5 }));

    [Fact]
    public void What_is_referred_to_comes_before_the_phase() => Refuses(
        "INVALID_ENVELOPE", "proposal_id 'p9'", Voting.Judge("Evaluation", Table.Carol, new EvaluationPayload { ProposalId = "p9", Recommendation = "REVIEW" }));

    [Fact]
    public void What_is_referred_to_comes_before_once_only() =>
        Refuses("INVALID_ENVELOPE", "proposal_id 'p9'", Voting.Judge("Vote", Table.Bob, new VotePayload { ProposalId = "p9", Vote = "REJECT" }));

    [Fact]
    public void The_phase_comes_before_uniqueness() => Refuses(
        "INVALID_ENVELOPE", "not accepted in phase Voting", Voting.Judge("Proposal", Table.Bob, new ProposalPayload { ProposalId = "p1", Option = "again" }));

    [Fact]
    public void Once_only_is_judged_last() => Refuses(
        "INVALID_ENVELOPE", "'agent://bob' has already answered with Vote", Voting.Judge("Vote", Table.Bob, new VotePayload { ProposalId = "p1", Vote = "REJECT" }));

    [Fact]
    public void Who_may_commit_comes_before_the_payload() => Refuses("FORBIDDEN", "does not let 'agent://bob' commit", Voting.Judge("Commitment", Table.Bob, NotUtf8));

    [Fact]
    public void A_commitment_s_payload_comes_before_its_fields() => Refuses("INVALID_ENVELOPE", "not valid UTF-8", Voting.Judge("Commitment", Table.Lead, NotUtf8));

    [Fact]
    public void A_commitment_s_fields_come_before_its_versions() => Refuses(
        "INVALID_ENVELOPE", "reason must not be blank", Voting.Judge("Commitment", Table.Lead, new CommitmentPayload(Table.Commitment()) { Reason = " ", ModeVersion = "2.0.0" }));

    [Fact]
    public void A_commitment_s_versions_come_before_its_sign() => Refuses(
        "INVALID_ENVELOPE", "mode_version '2.0.0'", Voting.Judge("Commitment", Table.Lead, new CommitmentPayload(Table.Commitment()) { ModeVersion = "2.0.0", OutcomePositive = false }));

    [Fact]
    public void A_commitment_s_sign_comes_before_its_eligibility() => Refuses(
        "INVALID_ENVELOPE", "needs outcome_positive = true", new Table().Judge("Commitment", Table.Lead, Table.Commitment(positive: false)));

    [Fact]
    public void Eligibility_is_judged_of_what_is_right_otherwise() =>
        Refuses("INVALID_ENVELOPE", "at least one accepted proposal", new Table().Judge("Commitment", Table.Lead, Table.Commitment()));

    [Fact]
    public void An_unknown_type_is_wrong_from_a_participant_and_forbidden_to_others()
    {
        Refuses("INVALID_ENVELOPE", "has no message type 'Nod'", Voting.Judge("Nod", Table.Bob, ByteString.Empty));
        Refuses("FORBIDDEN", "agent://mallory", Voting.Judge("Nod", Table.Stranger, ByteString.Empty));
    }

    [Fact]
    public void A_leader_who_takes_no_part_commits_and_does_nothing_else()
    {
        var table = new Table(Table.Bob, Table.Carol).Propose("p1", Table.Bob);
        Refuses("FORBIDDEN", "agent://alice", table.Judge("Proposal", Table.Lead, new ProposalPayload { ProposalId = "p2", Option = "o" }));
        Assert.Null(table.Judge("Commitment", Table.Lead, Table.Commitment()));
    }

    [Fact]
    public void No_refused_message_leaves_a_trace()
    {
        string before = Voting.State();
        Voting.Judge("Vote", Table.Bob, new VotePayload { ProposalId = "p1", Vote = "REJECT" });
        Voting.Judge("Vote", Table.Bob, NotUtf8);
        Assert.Equal(before, Voting.State());
    }

    static void Refuses(string code, string reason, Rejection? rejection)
    {
        Assert.NotNull(rejection);
        Assert.Equal(code, rejection.Code.Value);
        Assert.Contains(reason, rejection.Reason, StringComparison.Ordinal);
    }
}
