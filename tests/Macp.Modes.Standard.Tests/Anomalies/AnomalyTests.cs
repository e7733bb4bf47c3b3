using Google.Protobuf;
using Macp.Wire.V1;
using static Macp.Modes.Standard.Tests.Anomalies.Replayed<Macp.Modes.Standard.DecisionProjection>;
using Decision = Macp.Wire.Modes.Decision.V1;
using Handoff = Macp.Wire.Modes.Handoff.V1;
using Proposal = Macp.Wire.Modes.Proposal.V1;
using Quorum = Macp.Wire.Modes.Quorum.V1;
using Task = Macp.Wire.Modes.Task.V1;

namespace Macp.Modes.Standard.Tests.Anomalies;

/// <summary>What a projection says of a history that no runtime may accept: it reports, and the first stands (parity contract, projection_anomaly).</summary>
public sealed class AnomalyTests
{
    [Fact]
    public void A_second_vote_on_a_proposal_does_not_count()
    {
        var told = Proposed("a", "b").Fits(Ana, Vote("a", "APPROVE"));

        var anomaly = told.Contradicts(Ana, Vote("a", "REJECT"));

        Assert.Equal(("duplicate_vote", "a"), (anomaly.Kind, anomaly.SubjectId));
        Assert.Equal("APPROVE", told.Projection.Votes["a"][Ana].Vote);
        told.Fits(Ana, Vote("b", "REJECT")).Fits(Ben, Vote("a", "REJECT"));
    }

    [Theory]
    [InlineData("Approve")]
    [InlineData("Reject")]
    [InlineData("Abstain")]
    public void A_second_ballot_of_whatever_type_does_not_count(string second)
    {
        var told = Asked().Fits(Ana, new Quorum.ApprovePayload { RequestId = "r" });

        var anomaly = told.Contradicts(Ana, second switch
        {
            "Approve" => new Quorum.ApprovePayload { RequestId = "r", Reason = "again" },
            "Reject" => new Quorum.RejectPayload { RequestId = "r" },
            _ => (IMessage)new Quorum.AbstainPayload { RequestId = "r" },
        });

        Assert.Equal(("duplicate_ballot", "r", second), (anomaly.Kind, anomaly.SubjectId, anomaly.MessageType));
        Assert.Equal((1, 0, 0), (told.Projection.ApprovalCount("r"), told.Projection.RejectionCount("r"), told.Projection.AbstentionCount("r")));
    }

    [Fact]
    public void A_second_request_for_approval_does_not_replace_the_first() =>
        Assert.Equal(("duplicate_message", ""), KindOf(Asked().Contradicts(Lead, new Quorum.ApprovalRequestPayload { RequestId = "other", RequiredApprovals = 1 })));

    [Fact]
    public void A_task_that_somebody_works_at_is_not_taken_on_again()
    {
        var told = Requested().Fits(Ana, new Task.TaskAcceptPayload { TaskId = "t" });

        Assert.Equal(("duplicate_task_accept", "t"), KindOf(told.Contradicts(Ben, new Task.TaskAcceptPayload { TaskId = "t" })));
        Assert.Equal(Ana, told.Projection.Task?.ActiveAssignee);
        Assert.Equal(("duplicate_task_accept", "t"), KindOf(told.Contradicts(Ana, new Task.TaskAcceptPayload { TaskId = "t" })));
    }

    [Fact]
    public void A_task_that_is_reported_on_gets_no_second_report()
    {
        var told = Requested().Fits(Ana, new Task.TaskAcceptPayload { TaskId = "t" }).Fits(Ana, new Task.TaskCompletePayload { TaskId = "t" });

        Assert.Equal(("wrong_phase", "t"), KindOf(told.Contradicts(Ana, new Task.TaskFailPayload { TaskId = "t" })));
        Assert.Equal(("wrong_phase", "t"), KindOf(told.Contradicts(Ana, new Task.TaskUpdatePayload { TaskId = "t" })));
        Assert.Equal(("duplicate_message", ""), KindOf(told.Contradicts(Lead, new Task.TaskRequestPayload { TaskId = "t2" })));
        Assert.True(told.Projection.IsComplete("t"));
    }

    [Fact]
    public void A_task_is_rejected_once_by_each() => Assert.Equal(("duplicate_answer", "t"), KindOf(
        Requested().Fits(Ana, new Task.TaskRejectPayload { TaskId = "t" }).Contradicts(Ana, new Task.TaskRejectPayload { TaskId = "t" })));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answered_offer_gets_no_second_answer(bool accepted)
    {
        var told = Offered().Fits(Ana, accepted ? new Handoff.HandoffAcceptPayload { HandoffId = "h" } : new Handoff.HandoffDeclinePayload { HandoffId = "h" });

        Assert.Equal(("settled_handoff", "h"), KindOf(told.Contradicts(Ana, new Handoff.HandoffAcceptPayload { HandoffId = "h" })));
        Assert.Equal(("settled_handoff", "h"), KindOf(told.Contradicts(Ana, new Handoff.HandoffDeclinePayload { HandoffId = "h" })));
        Assert.Equal((accepted, !accepted), (told.Projection.IsAccepted("h"), told.Projection.IsDeclined("h")));
    }

    [Fact]
    public void No_offer_is_made_while_another_is_open_or_accepted()
    {
        var told = Offered();
        var second = new Handoff.HandoffOfferPayload { HandoffId = "h2", TargetParticipant = Ben };
        Assert.Equal(("wrong_phase", "h2"), KindOf(told.Contradicts(Lead, second)));

        told.Fits(Ana, new Handoff.HandoffAcceptPayload { HandoffId = "h" });
        Assert.Equal(("wrong_phase", "h2"), KindOf(told.Contradicts(Lead, second)));
        Assert.Equal("h", told.Projection.LatestOfferId);
        Offered().Fits(Ana, new Handoff.HandoffDeclinePayload { HandoffId = "h" }).Fits(Lead, second);
    }

    [Fact]
    public void Silence_that_accepted_is_not_undone_by_a_late_decline()
    {
        var told = Offered();
        var due = told.Envelope(Ana, new Handoff.HandoffAcceptPayload { HandoffId = "h", AcceptedBy = Ana, Implicit = true });
        due.MessageId = "implicit-accept:h";
        Assert.Equal(ProjectionResult.Applied, told.Projection.Apply(due));

        Assert.Equal(("settled_handoff", "h"), KindOf(told.Contradicts(Ana, new Handoff.HandoffDeclinePayload { HandoffId = "h" })));
        Assert.True(told.Projection.IsImplicitlyAccepted("h"));
    }

    [Fact]
    public void Deliberation_that_the_first_vote_closed_is_not_opened_again()
    {
        var told = Proposed("a").Fits(Ana, Vote("a", "APPROVE"));

        Assert.Equal(("wrong_phase", "b"), KindOf(told.Contradicts(Ana, Propose("b"))));
        Assert.Equal(("wrong_phase", "a"), KindOf(told.Contradicts(Ana, new Decision.EvaluationPayload { ProposalId = "a", Recommendation = "APPROVE" })));
        Assert.Equal(("wrong_phase", "a"), KindOf(told.Contradicts(Ana, new Decision.ObjectionPayload { ProposalId = "a" })));
        Assert.Equal(DecisionMode.Phase.Voting, told.Projection.Phase);
    }

    [Fact]
    public void What_refers_to_nothing_is_not_kept()
    {
        Assert.Equal(("unknown_reference", "x"), KindOf(Proposed("a").Contradicts(Ana, Vote("x", "APPROVE"))));
        Assert.Equal(("unknown_reference", "x"), KindOf(Asked().Contradicts(Ana, new Quorum.ApprovePayload { RequestId = "x" })));
        Assert.Equal(("unknown_reference", "x"), KindOf(Requested().Contradicts(Ana, new Task.TaskAcceptPayload { TaskId = "x" })));
        Assert.Equal(("unknown_reference", "x"), KindOf(Offered().Contradicts(Ana, new Handoff.HandoffAcceptPayload { HandoffId = "x" })));
        Assert.Equal(("unknown_reference", "x"), KindOf(Offered().Contradicts(Lead, new Handoff.HandoffContextPayload { HandoffId = "x" })));
        Assert.Equal(("unknown_reference", ""), KindOf(Negotiated().Contradicts(Ana, new Proposal.CounterProposalPayload { ProposalId = "p2" })));
        Assert.Equal(("unknown_reference", "x"), KindOf(Negotiated().Contradicts(Ana, new Proposal.WithdrawPayload { ProposalId = "x" })));
    }

    [Fact]
    public void What_was_withdrawn_is_neither_accepted_nor_rejected()
    {
        var told = Negotiated().Fits(Lead, new Proposal.WithdrawPayload { ProposalId = "p" });

        Assert.Equal(("stale_reference", "p"), KindOf(told.Contradicts(Ana, new Proposal.AcceptPayload { ProposalId = "p" })));
        Assert.Equal(("stale_reference", "p"), KindOf(told.Contradicts(Ana, new Proposal.RejectPayload { ProposalId = "p", Terminal = true })));
    }

    [Fact]
    public void A_second_proposal_of_an_id_does_not_replace_the_first()
    {
        var told = Proposed("a");

        Assert.Equal(("duplicate_id", "a"), KindOf(told.Contradicts(Ana, new Decision.ProposalPayload { ProposalId = "a", Option = "another" })));
        Assert.Equal(Lead, told.Projection.Proposals["a"].Sender);
        Assert.Equal(("duplicate_id", "p"), KindOf(Negotiated().Contradicts(Ana, new Proposal.ProposalPayload { ProposalId = "p" })));
        Assert.Equal(("duplicate_id", "h"), KindOf(Offered().Contradicts(Lead, new Handoff.HandoffOfferPayload { HandoffId = "h", TargetParticipant = Ben })));
    }

    [Fact]
    public void Nothing_follows_the_commitment()
    {
        var told = Proposed("a").Fits(Lead, new CommitmentPayload { CommitmentId = "first", OutcomePositive = true });

        Assert.All((IMessage[])[Vote("a", "APPROVE"), Propose("b"), new CommitmentPayload { CommitmentId = "second" }, told.StartPayload()], late =>
            Assert.Equal(("after_commitment", ""), KindOf(told.Contradicts(Ana, late))));
        Assert.Equal(("first", true, DecisionMode.Phase.Committed), (told.Projection.Commitment?.CommitmentId, told.Projection.IsPositiveOutcome, told.Projection.Phase));
    }

    [Fact]
    public void A_session_is_started_once()
    {
        var told = Proposed("a");
        var second = told.StartPayload();
        second.Participants.Add("agent://intruder");

        Assert.Equal(("second_start", ""), KindOf(told.Contradicts(told.Envelope("agent://intruder", second), ProjectionResult.Unreadable)));
        Assert.Equal((Lead, 3), (told.Projection.Session?.Initiator, told.Projection.Session?.Participants.Count));
    }

    [Fact]
    public void What_cannot_be_read_takes_no_id()
    {
        var told = Proposed("a");
        var unreadable = told.Envelope(Ana, Vote("a", "APPROVE"));
        unreadable.Payload = ByteString.CopyFrom(0xff);
        var unknown = told.Envelope(Ana, Vote("a", "APPROVE"));
        unknown.MessageType = "Applause";

        Assert.Equal(("unreadable_message", ""), KindOf(told.Contradicts(unreadable, ProjectionResult.Unreadable)));
        Assert.Equal(("unreadable_message", ""), KindOf(told.Contradicts(unknown, ProjectionResult.Unreadable)));
        unreadable.Payload = Vote("a", "APPROVE").ToByteString();
        Assert.Equal(ProjectionResult.Applied, told.Projection.Apply(unreadable));
    }

    [Fact]
    public void Who_joins_late_is_told_the_mode_all_the_same() =>
        Assert.Equal(("unknown_reference", "a"), KindOf(new Replayed<DecisionProjection>("macp.mode.decision.v1").Contradicts(Ana, Vote("a", "APPROVE"))));

    [Fact]
    public void Anomalies_are_told_in_their_order_and_forgotten_with_everything_else()
    {
        var told = Proposed("a");
        var copy = told.Projection.Anomalies;
        told.Contradicts(Ana, Propose("a"));
        told.Contradicts(Ana, Vote("b", "APPROVE"));

        Assert.Empty(copy);
        Assert.Equal(["duplicate_id", "unknown_reference"], told.Projection.Anomalies.Select(anomaly => anomaly.Kind));
        told.Projection.Reset();
        Assert.Empty(told.Projection.Anomalies);
    }

    static (string Kind, string Subject) KindOf(Anomaly anomaly) => (anomaly.Kind, anomaly.SubjectId);

    static Replayed<DecisionProjection> Proposed(params string[] ids) =>
        ids.Aggregate(new Replayed<DecisionProjection>("macp.mode.decision.v1").Start(), (told, id) => told.Fits(Lead, Propose(id)));

    static Replayed<QuorumProjection> Asked() =>
        new Replayed<QuorumProjection>("macp.mode.quorum.v1").Start().Fits(Lead, new Quorum.ApprovalRequestPayload { RequestId = "r", RequiredApprovals = 2 });

    static Replayed<TaskProjection> Requested() => new Replayed<TaskProjection>("macp.mode.task.v1").Start().Fits(Lead, new Task.TaskRequestPayload { TaskId = "t" });

    static Replayed<HandoffProjection> Offered() =>
        new Replayed<HandoffProjection>("macp.mode.handoff.v1").Start().Fits(Lead, new Handoff.HandoffOfferPayload { HandoffId = "h", TargetParticipant = Ana });

    static Replayed<ProposalProjection> Negotiated() =>
        new Replayed<ProposalProjection>("macp.mode.proposal.v1").Start().Fits(Lead, new Proposal.ProposalPayload { ProposalId = "p" });

    static Decision.ProposalPayload Propose(string id) => new() { ProposalId = id, Option = "ship" };

    static Decision.VotePayload Vote(string id, string vote) => new() { ProposalId = id, Vote = vote };
}
