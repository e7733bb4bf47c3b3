using Macp.Client;
using Macp.Modes.Standard;

namespace Macp.Agents;

/// <summary>
/// Votes on a proposal as its evaluations say: APPROVE where the share of approvals among those that take a stand reaches a threshold, else REJECT, and ABSTAIN where none
/// takes a stand. Not before enough evaluations are there: the first vote closes the deliberation for everybody (RFC-MACP-0007 section 5).
/// </summary>
public sealed record MajorityVoter : IVotingStrategy
{
    /// <summary>The share of approvals that it takes, from 0 to 1.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>How many evaluations of a proposal it waits for.</summary>
    public int MinimumEvaluations { get; init; } = 1;

    /// <inheritdoc/>
    public ValueTask<VoteChoice?> VoteAsync(DecisionMode.Proposal proposal, AgentContext<DecisionSession> context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentNullException.ThrowIfNull(context);
        var evaluations = context.Session.Projection.Evaluations.Where(evaluation => evaluation.ProposalId == proposal.ProposalId).ToList();
        return ValueTask.FromResult(evaluations.Count < MinimumEvaluations ? null : Judge(evaluations));
    }

    VoteChoice? Judge(List<DecisionMode.Evaluation> evaluations)
    {
        int stands = evaluations.Count(evaluation => evaluation.Recommendation != "REVIEW");
        int approvals = evaluations.Count(evaluation => evaluation.Recommendation == "APPROVE");
        return stands == 0 ? new("ABSTAIN", "no evaluation takes a stand")
            : new((double)approvals / stands >= Threshold ? "APPROVE" : "REJECT", $"{approvals} of {stands} evaluations that take a stand approve");
    }
}

/// <summary>Commits a decision to the proposal that has the majority of the votes, once it has enough approvals.</summary>
public sealed record MajorityCommitter : ICommitmentStrategy<DecisionSession>
{
    /// <summary>How many approvals the winner needs.</summary>
    public int MinimumApprovals { get; init; } = 1;

    /// <summary>The action to commit to.</summary>
    public string Action { get; init; } = "commit";

    /// <summary>The action to commit to, negatively, once every participant has voted on every proposal and none has the majority; null for never.</summary>
    public string? DeclineAction { get; init; }

    /// <summary>By whose authority, or how far it reaches.</summary>
    public string AuthorityScope { get; init; } = "session";

    /// <inheritdoc/>
    public ValueTask<CommitOptions?> DecideAsync(AgentContext<DecisionSession> context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var decision = context.Session.Projection;
        if (decision.MajorityWinner is { } winner)
            return ValueTask.FromResult(decision.VoteTotals[winner] < MinimumApprovals ? null
                : Outcome(Action, true, $"'{decision.Proposals[winner].Option}' has the majority, with {decision.VoteTotals[winner]} approvals"));
        return ValueTask.FromResult(DeclineAction is { } decline && HaveAllVoted(decision) ? Outcome(decline, false, "no proposal has the majority of the votes") : null);
    }

    CommitOptions? Outcome(string action, bool positive, string reason) =>
        new() { Action = action, AuthorityScope = AuthorityScope, Reason = reason, OutcomePositive = positive };

    static bool HaveAllVoted(DecisionProjection decision)
    {
        var votes = decision.Votes;
        var participants = decision.Session!.Participants;
        return decision.Proposals.Keys.All(proposal => votes.TryGetValue(proposal, out var ballots) && participants.All(ballots.ContainsKey));
    }
}
