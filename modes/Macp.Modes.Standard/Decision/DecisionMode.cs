using Macp.Wire.Modes.Decision.V1;

namespace Macp.Modes.Standard;

/// <summary>Structured decision: participants propose, evaluate, object and vote until one commitment binds (RFC-MACP-0007).</summary>
[Mode("macp.mode.decision.v1", Title = "Decision Mode",
    Description = "Structured decision making: proposals, evaluations, objections and votes, ended by one binding commitment.",
    Participants = ParticipantModel.Declared, Determinism = DeterminismClass.SemanticDeterministic, MinimumParticipants = 0, Rules = typeof(DecisionRules))]
public sealed partial class DecisionMode
{
    /// <summary>How far the deliberation has come.</summary>
    public enum Phase
    {
        /// <summary>Nothing is proposed yet.</summary>
        Proposal,

        /// <summary>Proposals are there to be judged; more may come.</summary>
        Evaluation,

        /// <summary>The first vote has closed deliberation in the whole session (RFC-MACP-0007 section 5 rule 6).</summary>
        Voting,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>An option put up for decision.</summary>
    public sealed record Proposal(string ProposalId, string Option, string Rationale, string Sender);

    /// <summary>A judgement of a proposal; the recommendation in upper case.</summary>
    public sealed record Evaluation(string ProposalId, string Recommendation, double Confidence, string Reason, string Sender);

    /// <summary>A formal objection to a proposal; the severity in lower case.</summary>
    public sealed record Objection(string ProposalId, string Reason, string Severity, string Sender);

    /// <summary>A participant's vote on a proposal, in upper case.</summary>
    public sealed record Ballot(string ProposalId, string Vote, string Reason, string Sender);

    /// <summary>What the accepted history adds up to.</summary>
    public sealed partial class State
    {
        /// <summary>The proposals by id.</summary>
        public Dictionary<string, Proposal> Proposals { get; } = new(StringComparer.Ordinal);

        /// <summary>The evaluations in the order of their acceptance.</summary>
        public List<Evaluation> Evaluations { get; } = [];

        /// <summary>The objections in the order of their acceptance.</summary>
        public List<Objection> Objections { get; } = [];

        /// <summary>The votes by proposal, then by sender.</summary>
        public Dictionary<string, Dictionary<string, Ballot>> Votes { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("Proposal", During = [Phase.Proposal, Phase.Evaluation], MovesTo = Phase.Evaluation, Client = "Propose")]
    [Required(nameof(ProposalPayload.ProposalId), nameof(ProposalPayload.Option))]
    [Unique(nameof(ProposalPayload.ProposalId), In = nameof(State.Proposals))]
    static void Proposed(State state, ProposalPayload proposal, MessageContext message) =>
        state.Proposals.Add(proposal.ProposalId, new(proposal.ProposalId, proposal.Option, proposal.Rationale, message.Sender));

    [Message<Phase>("Evaluation", During = [Phase.Evaluation], Client = "Evaluate")]
    [OneOf(nameof(EvaluationPayload.Recommendation), "APPROVE", "REVIEW", "BLOCK", "REJECT")]
    [InRange(nameof(EvaluationPayload.Confidence), 0, 1)]
    [References(nameof(EvaluationPayload.ProposalId), In = nameof(State.Proposals))]
    static void Evaluated(State state, EvaluationPayload evaluation, MessageContext message) =>
        state.Evaluations.Add(new(evaluation.ProposalId, evaluation.Recommendation, evaluation.Confidence, evaluation.Reason, message.Sender));

    [Message<Phase>("Objection", During = [Phase.Evaluation], Client = "RaiseObjection")]
    [OneOf(nameof(ObjectionPayload.Severity), "critical", "high", "medium", "low", Default = "medium")]
    [References(nameof(ObjectionPayload.ProposalId), In = nameof(State.Proposals))]
    static void Objected(State state, ObjectionPayload objection, MessageContext message) =>
        state.Objections.Add(new(objection.ProposalId, objection.Reason, objection.Severity, message.Sender));

    [Message<Phase>("Vote", During = [Phase.Evaluation, Phase.Voting], MovesTo = Phase.Voting)]
    [OneOf(nameof(VotePayload.Vote), "APPROVE", "REJECT", "ABSTAIN")]
    [References(nameof(VotePayload.ProposalId), In = nameof(State.Proposals))]
    [OncePerSender(In = nameof(State.Votes), Key = nameof(VotePayload.ProposalId), Anomaly = "duplicate_vote")]
    static void Voted(State state, VotePayload vote, MessageContext message)
    {
        if (!state.Votes.TryGetValue(vote.ProposalId, out var ballots)) state.Votes.Add(vote.ProposalId, ballots = new(StringComparer.Ordinal));
        ballots.Add(message.Sender, new(vote.ProposalId, vote.Vote, vote.Reason, message.Sender));
    }

    // No resolution, of either sign, before there is something to resolve (RFC-MACP-0007 section 5 rule 5).
    [Commitment<Phase>(MovesTo = Phase.Committed, Positive = "there is at least one proposal", PositiveDuring = [Phase.Evaluation, Phase.Voting])]
    static Rejection? CommitsToSomething(State state) =>
        state.Proposals.Count > 0 ? null : Rejection.InvalidEnvelope("a decision needs at least one accepted proposal before it can be committed");

    /// <summary>The approvals of each proposal that was voted on.</summary>
    public static IReadOnlyDictionary<string, int> VoteTotals(State state) =>
        state.Votes.ToDictionary(votes => votes.Key, votes => votes.Value.Values.Count(IsApproval), StringComparer.Ordinal);

    /// <summary>The proposal with more than half of all votes of the session that were not abstentions; null when none has.</summary>
    public static string? MajorityWinner(State state)
    {
        int decisive = state.Votes.Values.Sum(ballots => ballots.Values.Count(IsDecisive));
        return state.Votes.Where(votes => votes.Value.Values.Count(IsApproval) * 2 > decisive).Select(votes => votes.Key).FirstOrDefault();
    }

    /// <summary>The share of approvals among the votes on a proposal that were not abstentions; 0 without such votes.</summary>
    public static double VoteRatio(State state, string proposalId)
    {
        if (!state.Votes.TryGetValue(proposalId, out var ballots)) return 0;
        int decisive = ballots.Values.Count(IsDecisive);
        return decisive == 0 ? 0 : (double)ballots.Values.Count(IsApproval) / decisive;
    }

    /// <summary>Whether there is a critical objection, to this proposal or, when none is named, to any.</summary>
    public static bool HasBlockingObjection(State state, string? proposalId = null) =>
        state.Objections.Exists(objection => objection.Severity == "critical" && (proposalId is null || objection.ProposalId == proposalId));

    /// <summary>The evaluations that ask for a review.</summary>
    public static IReadOnlyList<Evaluation> ReviewEvaluations(State state) => state.Evaluations.FindAll(evaluation => evaluation.Recommendation == "REVIEW");

    /// <summary>The evaluations that take a stand.</summary>
    public static IReadOnlyList<Evaluation> QualifyingEvaluations(State state) => state.Evaluations.FindAll(evaluation => evaluation.Recommendation != "REVIEW");

    static bool IsApproval(Ballot ballot) => ballot.Vote == "APPROVE";

    static bool IsDecisive(Ballot ballot) => ballot.Vote != "ABSTAIN";
}
