using static Macp.Modes.Standard.Tests.RuleOrder.Situation;

namespace Macp.Modes.Standard.Tests.RuleOrder;

/// <summary>Every message of every built-in mode, with every rule that it can break.</summary>
static class Situations
{
    const string Proposal = """{"proposalId":"p","option":"o"}""", Vote = """{"proposalId":"p","vote":"APPROVE"}""", OfP = """{"proposalId":"p"}""", Task = """{"taskId":"t"}""",
        Handoff = """{"handoffId":"h"}""", Offer = """{"handoffId":"h","targetParticipant":"bob"}""", Request = """{"requestId":"r","requiredApprovals":2}""", OfR = """{"requestId":"r"}""",
        X = """{"value":"x"}""";

    static readonly Line Commit = new("ada", "Commitment", """{"outcomePositive":true}""");

    static readonly Line[] None = [], Proposed = [new("ada", "Proposal", Proposal)], Offered = [new("ada", "Proposal", OfP)],
        Agreed = [.. Offered, new("ada", "Accept", OfP), new("bob", "Accept", OfP)],
        Requested = [new("ada", "TaskRequest", Task)], Taken = [.. Requested, new("bob", "TaskAccept", Task)], Done = [.. Taken, new("bob", "TaskComplete", Task)],
        HandedOver = [new("ada", "HandoffOffer", Offer)], Asked = [new("ada", "ApprovalRequest", Request)], Approved = [.. Asked, new("ada", "Approve", OfR), new("cyd", "Approve", OfR)],
        AllSay = [new("ada", "Contribute", X), new("bob", "Contribute", X), new("cyd", "Contribute", X)];

    public static IReadOnlyList<Situation> All { get; } = [.. OfDecision(), .. OfProposal(), .. OfTask(), .. OfHandoff(), .. OfQuorum(), .. OfMultiRound()];

    static IEnumerable<Situation> OfDecision() =>
    [
        Of("Decision", new("bob", "Proposal", """{"proposalId":"q","option":"o"}"""), Proposed, Blank("proposal_id"), Blank("option"),
            After("not accepted in phase Voting", new Line("ada", "Vote", Vote)), Repeats("proposal_id", "p")),
        Of("Decision", new("bob", "Evaluation", """{"proposalId":"p","recommendation":"APPROVE","confidence":1}"""), Proposed,
            new Breach(Step.Payload, "not finite", draft => draft.With("confidence", double.NaN)), Field("recommendation", "PERHAPS", "recommendation must be one of"),
            Field("confidence", 2.0, "confidence must be from"), Unknown("proposal_id"), After("not accepted in phase Voting", new Line("ada", "Vote", Vote))),
        Of("Decision", new("bob", "Objection", OfP), Proposed, Field("severity", "mild", "severity must be one of"), Unknown("proposal_id"), After("not accepted in phase Committed", Commit)),
        Of("Decision", new("bob", "Vote", Vote), Proposed, Field("vote", "", "vote must be one of"), Unknown("proposal_id"),
            After("already answered with Vote", new Line("bob", "Vote", Vote)), After("not accepted in phase Committed", Commit)),
        OfCommitment("Decision", "at least one accepted proposal", Proposed, None),
    ];

    static IEnumerable<Situation> OfProposal()
    {
        Line withdrawn = new("ada", "Withdraw", OfP);
        Line[] another = [new("ada", "Proposal", """{"proposalId":"q"}"""), new("ada", "Withdraw", """{"proposalId":"q"}""")];
        Breach gone = new(Step.Reference, "does not satisfy", draft => draft.With("proposal_id", "q"));
        return
        [
            Of("Proposal", new("bob", "Proposal", """{"proposalId":"q"}"""), Offered, Blank("proposal_id"), Repeats("proposal_id", "p")),
            Of("Proposal", new("bob", "CounterProposal", """{"proposalId":"q","supersedesProposalId":"p"}"""), Offered,
                Blank("proposal_id"), Blank("supersedes_proposal_id"), Unknown("supersedes_proposal_id"), Repeats("proposal_id", "p")),
            Of("Proposal", new("bob", "Accept", OfP), [.. Agreed, .. another], Unknown("proposal_id"), gone, After("not accepted in phase Committed", Commit)),
            Of("Proposal", new("bob", "Reject", OfP), [.. Agreed, .. another], Unknown("proposal_id"), gone, After("not accepted in phase Committed", Commit)),
            Of("Proposal", new("ada", "Withdraw", OfP), Agreed, Unknown("proposal_id"), NotBy("bob", "proposer"),
                After("withdrawn already", withdrawn), After("not accepted in phase Committed", Commit)),
            OfCommitment("Proposal", "have not agreed", Agreed, Offered),
        ];
    }

    static IEnumerable<Situation> OfTask() =>
    [
        OfInitiator("Task", new("ada", "TaskRequest", Task), None, Blank("task_id"),
            new Breach(Step.Reference, "requested_assignee must name a declared participant", draft => draft.With("requested_assignee", "eve")),
            After("a session accepts one TaskRequest", Requested), After("not accepted in phase Committed", [.. Done, Commit])),
        Of("Task", new("bob", "TaskAccept", Task), Requested, Unknown("task_id"), NotBy("ada", "eligible responder"), NamesAnother("assignee"),
            After("not accepted in phase InProgress", new Line("cyd", "TaskAccept", Task)), After("does not allow reassignment", new Line("cyd", "TaskReject", Task))),
        Of("Task", new("bob", "TaskReject", Task), Requested, Unknown("task_id"), NotBy("ada", "eligible responder"), NamesAnother("assignee"),
            After("already answered with TaskReject", new Line("bob", "TaskReject", Task)), After("has an active assignee", new Line("cyd", "TaskAccept", Task)),
            After("not accepted in phase Completed", new("cyd", "TaskAccept", Task), new("cyd", "TaskComplete", Task))),
        Of("Task", new("bob", "TaskUpdate", Task), Taken, new Breach(Step.Payload, "not finite", draft => draft.With("progress", double.PositiveInfinity)), Unknown("task_id"),
            NotBy("cyd", "active assignee"), After("not accepted in phase Completed", new Line("bob", "TaskComplete", Task))),
        Of("Task", new("bob", "TaskComplete", Task), Taken, Unknown("task_id"), NotBy("cyd", "active assignee"), NamesAnother("assignee"),
            After("not accepted in phase Failed", new Line("bob", "TaskFail", Task))),
        Of("Task", new("bob", "TaskFail", Task), Taken, Unknown("task_id"), NotBy("cyd", "active assignee"), NamesAnother("assignee"),
            After("not accepted in phase Completed", new Line("bob", "TaskComplete", Task))),
        OfCommitment("Task", "needs a TaskComplete", Done, [.. Taken, new("bob", "TaskFail", Task)]),
    ];

    static IEnumerable<Situation> OfHandoff()
    {
        Line declined = new("bob", "HandoffDecline", Handoff), accepted = new("bob", "HandoffAccept", Handoff),
            another = new("ada", "HandoffOffer", """{"handoffId":"j","targetParticipant":"cyd"}""");
        return
        [
            OfInitiator("Handoff", new("ada", "HandoffOffer", """{"handoffId":"i","targetParticipant":"bob"}"""), [.. HandedOver, declined], Blank("handoff_id"), Blank("target_participant"),
                new Breach(Step.Reference, "target_participant must name a declared participant", draft => draft.With("target_participant", "eve")),
                new Breach(Step.Reference, "somebody other than the sender", draft => draft.With("target_participant", "ada")),
                Repeats("handoff_id", "h"), After("not accepted in phase OfferPending", new Line("ada", "HandoffOffer", """{"handoffId":"j","targetParticipant":"cyd"}"""))),
            Of("Handoff", new("ada", "HandoffContext", Handoff), HandedOver, Unknown("handoff_id"), NotBy("bob", "offered by"), After("not accepted in phase Committed", accepted, Commit)),
            Of("Handoff", new("bob", "HandoffAccept", Handoff), HandedOver, new Breach(Step.Payload, "implicit is set by the runtime only", draft => draft.With("implicit", true)),
                Unknown("handoff_id"), NotBy("cyd", "target"), NamesAnother("accepted_by"), After("settled already", declined, another), After("not accepted in phase Committed", accepted, Commit)),
            Of("Handoff", new("bob", "HandoffDecline", Handoff), HandedOver, Unknown("handoff_id"), NotBy("cyd", "target"), NamesAnother("declined_by"), After("settled already", declined, another),
                After("not accepted in phase Accepted", accepted)),
            OfCommitment("Handoff", "needs an accepted offer", [.. HandedOver, accepted], [.. HandedOver, declined]),
        ];
    }

    static IEnumerable<Situation> OfQuorum() =>
    [
        OfInitiator("Quorum", new("ada", "ApprovalRequest", Request), None, Blank("request_id"), Bar(Step.Field, 0, "at least 1"), Bar(Step.Rest, 4, "at most the number of participants"), After("a session accepts one ApprovalRequest", Asked)),
        .. new[] { "Approve", "Reject", "Abstain" }.Select(ballot => Of("Quorum", new("bob", ballot, OfR), Approved, Unknown("request_id"),
            After($"already answered with {ballot}", new Line("bob", "Abstain", OfR)), After("not accepted in phase Committed", Commit))),
        OfCommitment("Quorum", "the bar of approvals is not met", Approved, Asked),
    ];

    static IEnumerable<Situation> OfMultiRound() =>
    [
        Of("MultiRound", new("bob", "Contribute", X), AllSay[..1], After("not accepted in phase Converged", AllSay[1..])),
        OfCommitment("MultiRound", "have not converged", AllSay, AllSay[..2]),
    ];

    static Breach Repeats(string field, string id) => new(Step.Rest, $"{field} '{id}' is already among", draft => draft.With(field, id));

    static Breach Bar(Step step, uint required, string bounds) => new(step, $"required_approvals must be {bounds}", draft => draft.With("required_approvals", required));
}
