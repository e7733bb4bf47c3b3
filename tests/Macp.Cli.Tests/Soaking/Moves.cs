using Google.Protobuf;
using Macp.Wire.V1;
using Decision = Macp.Wire.Modes.Decision.V1;
using Handoff = Macp.Wire.Modes.Handoff.V1;
using MultiRound = Macp.Wire.Modes.MultiRound.V1;
using Proposal = Macp.Wire.Modes.Proposal.V1;
using Quorum = Macp.Wire.Modes.Quorum.V1;
using Tasks = Macp.Wire.Modes.Task.V1;

namespace Macp.Cli.Tests;

/// <summary>A message that somebody sends: the initiator is 0.</summary>
sealed record Move(int Sender, string Type, IMessage Payload)
{
    /// <summary>The built-in modes.</summary>
    public static IReadOnlyList<string> Modes { get; } =
        ["macp.mode.decision.v1", "macp.mode.proposal.v1", "macp.mode.task.v1", "macp.mode.handoff.v1", "macp.mode.quorum.v1", "ext.multi_round.v1"];

    /// <summary>What leads from the start of a session of this mode to its commitment.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="team">The participants, the initiator first.</param>
    /// <param name="policy">The policy that the session is bound to.</param>
    public static Move[] Leading(string mode, string[] team, string policy) => mode switch
    {
        "macp.mode.decision.v1" =>
        [
            new(0, "Proposal", new Decision.ProposalPayload { ProposalId = "p", Option = "an option" }),
            new(1, "Evaluation", new Decision.EvaluationPayload { ProposalId = "p", Recommendation = "APPROVE", Confidence = 0.9 }),
            new(2, "Objection", new Decision.ObjectionPayload { ProposalId = "p", Reason = "costs", Severity = "low" }),
            new(1, "Vote", new Decision.VotePayload { ProposalId = "p", Vote = "APPROVE" }),
            new(2, "Vote", new Decision.VotePayload { ProposalId = "p", Vote = "ABSTAIN" }),
            Commitment("decision.selected", policy),
        ],
        "macp.mode.proposal.v1" =>
        [
            new(0, "Proposal", new Proposal.ProposalPayload { ProposalId = "p", Title = "a price" }),
            new(1, "CounterProposal", new Proposal.CounterProposalPayload { ProposalId = "q", SupersedesProposalId = "p", Title = "another" }),
            .. team.Select((_, i) => new Move(i, "Accept", new Proposal.AcceptPayload { ProposalId = "q" })),
            Commitment("proposal.accepted", policy),
        ],
        "macp.mode.task.v1" =>
        [
            new(0, "TaskRequest", new Tasks.TaskRequestPayload { TaskId = "t", Title = "a task", Instructions = "do it", RequestedAssignee = team[1] }),
            new(1, "TaskAccept", new Tasks.TaskAcceptPayload { TaskId = "t", Assignee = team[1] }),
            .. Enumerable.Range(1, 3).Select(i => new Move(1, "TaskUpdate", new Tasks.TaskUpdatePayload { TaskId = "t", Status = "working", Progress = i / 4.0 })),
            new(1, "TaskComplete", new Tasks.TaskCompletePayload { TaskId = "t", Assignee = team[1], Summary = "done" }),
            Commitment("task.completed", policy),
        ],
        "macp.mode.handoff.v1" =>
        [
            new(0, "HandoffOffer", new Handoff.HandoffOfferPayload { HandoffId = "h", TargetParticipant = team[1], Scope = "duty" }),
            new(0, "HandoffContext", new Handoff.HandoffContextPayload { HandoffId = "h", ContentType = "text/plain", Context = ByteString.CopyFromUtf8(new('c', 2000)) }),
            new(1, "HandoffAccept", new Handoff.HandoffAcceptPayload { HandoffId = "h", AcceptedBy = team[1] }),
            Commitment("handoff.accepted", policy),
        ],
        "macp.mode.quorum.v1" =>
        [
            new(0, "ApprovalRequest", new Quorum.ApprovalRequestPayload { RequestId = "r", Action = "deploy", Summary = "to production", RequiredApprovals = 2 }),
            new(1, "Approve", new Quorum.ApprovePayload { RequestId = "r" }),
            new(2, "Approve", new Quorum.ApprovePayload { RequestId = "r" }),
            Commitment("quorum.approved", policy),
        ],
        _ =>
        [
            new(1, "Contribute", new MultiRound.ContributePayload { Value = "red" }),
            .. team.Select((_, i) => new Move(i, "Contribute", new MultiRound.ContributePayload { Value = "blue" })),
            Commitment("multi_round.converged", policy),
        ],
    };

    static Move Commitment(string action, string policy) => new(0, "Commitment", new CommitmentPayload
    {
        CommitmentId = "c", Action = action, AuthorityScope = "team", Reason = "all agree", ModeVersion = "1.0.0", PolicyVersion = policy,
        ConfigurationVersion = "config.default", OutcomePositive = true,
    });
}
