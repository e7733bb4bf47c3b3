using Macp.Modes.Standard;

namespace Macp.Agents;

/// <summary>Judges the proposals of a decision.</summary>
public interface IEvaluationStrategy
{
    /// <summary>The evaluation of a proposal, which is asked for once; null for none.</summary>
    /// <param name="proposal">The proposal.</param>
    /// <param name="context">The message that it is asked at, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<EvaluationChoice?> EvaluateAsync(DecisionMode.Proposal proposal, AgentContext<DecisionSession> context, CancellationToken cancellationToken);
}

/// <summary>Votes on the proposals of a decision.</summary>
public interface IVotingStrategy
{
    /// <summary>The vote on a proposal; null for not yet. Asked after each message, until there is one.</summary>
    /// <param name="proposal">The proposal.</param>
    /// <param name="context">The message that it is asked at, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<VoteChoice?> VoteAsync(DecisionMode.Proposal proposal, AgentContext<DecisionSession> context, CancellationToken cancellationToken);
}

/// <summary>An evaluation.</summary>
/// <param name="Recommendation">APPROVE, REVIEW, BLOCK or REJECT, in any case.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Reason">Why.</param>
public sealed record EvaluationChoice(string Recommendation, double Confidence, string Reason = "");

/// <summary>A vote.</summary>
/// <param name="Vote">APPROVE, REJECT or ABSTAIN, in any case.</param>
/// <param name="Reason">Why.</param>
public sealed record VoteChoice(string Vote, string Reason = "");

/// <summary>Lets strategies take part in decisions. Each acts once on a proposal, and only as long as the session takes what it would send.</summary>
public static class DecisionStrategies
{
    /// <summary>Evaluates each proposal once, before the first vote closes the deliberation.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="strategy">The strategy.</param>
    public static MacpParticipant<DecisionSession> EvaluateWith(this MacpParticipant<DecisionSession> participant, IEvaluationStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return participant.EvaluateWith(strategy.EvaluateAsync);
    }

    /// <inheritdoc cref="EvaluateWith(MacpParticipant{DecisionSession}, IEvaluationStrategy)"/>
    public static MacpParticipant<DecisionSession> EvaluateWith(
        this MacpParticipant<DecisionSession> participant, Func<DecisionMode.Proposal, AgentContext<DecisionSession>, CancellationToken, ValueTask<EvaluationChoice?>> strategy)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(strategy);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        return participant.OnAny(async (context, cancellationToken) =>
        {
            var projection = context.Session.Projection;
            bool IsDeliberating() => context.TakesPart() && projection.Phase is DecisionMode.Phase.Evaluation;
            bool HasEvaluated(string proposalId) => projection.Evaluations.Any(evaluation => evaluation.ProposalId == proposalId && evaluation.Sender == context.ParticipantId);
            foreach (var proposal in projection.Proposals.Values)
            {
                if (!IsDeliberating() || HasEvaluated(proposal.ProposalId) || !asked.Add(proposal.ProposalId)) continue;
                // A judgement takes its time, and somebody may have voted meanwhile.
                if (await strategy(proposal, context, cancellationToken).ConfigureAwait(false) is not { } choice || !IsDeliberating() || HasEvaluated(proposal.ProposalId)) continue;
                await context.Session.EvaluateAsync(proposal.ProposalId, choice.Recommendation, choice.Confidence, choice.Reason, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        });
    }

    /// <summary>Votes on each proposal once.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="strategy">The strategy.</param>
    public static MacpParticipant<DecisionSession> VoteWith(this MacpParticipant<DecisionSession> participant, IVotingStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return participant.VoteWith(strategy.VoteAsync);
    }

    /// <inheritdoc cref="VoteWith(MacpParticipant{DecisionSession}, IVotingStrategy)"/>
    public static MacpParticipant<DecisionSession> VoteWith(
        this MacpParticipant<DecisionSession> participant, Func<DecisionMode.Proposal, AgentContext<DecisionSession>, CancellationToken, ValueTask<VoteChoice?>> strategy)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(strategy);
        var voted = new HashSet<string>(StringComparer.Ordinal);
        return participant.OnAny(async (context, cancellationToken) =>
        {
            var projection = context.Session.Projection;
            bool HasVoted(string proposalId) => voted.Contains(proposalId) || (projection.Votes.TryGetValue(proposalId, out var ballots) && ballots.ContainsKey(context.ParticipantId));
            foreach (var proposal in projection.Proposals.Values)
            {
                if (!context.TakesPart() || HasVoted(proposal.ProposalId)) continue;
                // Of one that was started again, the vote of its earlier run may be only just read.
                if (await strategy(proposal, context, cancellationToken).ConfigureAwait(false) is not { } choice || !context.TakesPart() || HasVoted(proposal.ProposalId)) continue;
                await context.Session.VoteAsync(proposal.ProposalId, choice.Vote, choice.Reason, cancellationToken: cancellationToken).ConfigureAwait(false);
                voted.Add(proposal.ProposalId);
            }
        });
    }
}
