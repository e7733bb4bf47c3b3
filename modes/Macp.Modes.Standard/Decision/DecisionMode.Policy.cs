using System.Globalization;

namespace Macp.Modes.Standard;

// Votes and objections count over all proposals of the session, as the specification counts them.
public sealed partial class DecisionMode
{
    /// <summary>What the decisive votes come to under an algorithm.</summary>
    enum Result
    {
        Passed,
        Failed,
        NoVotes,
    }

    /// <summary>Why the policy denies this outcome (RFC-MACP-0012 section 4.1). Every gate is asked, so that all reasons are told at once.</summary>
    [Policy]
    static IEnumerable<string> Denials(State state, SessionContext session, DecisionRules rules, bool positive)
    {
        bool vetoed = IsVetoed(state, rules);
        bool finalizes = rules.ObjectionHandling.CriticalObjectionAction is CriticalObjectionAction.FinalizeDecline && session.Policy.SchemaVersion >= 2;
        // Authorized by the objections, and not by a vote: at any tally, without quorum, without evaluations.
        if (vetoed && finalizes && !positive) return [];

        return Evaluations(state, rules)
            .Concat(vetoed ? [Veto(rules.ObjectionHandling, finalizes)] : [])
            .Concat(session.Policy.Commitment.RequireVoteQuorum ? Quorum(state, session, rules) : [])
            .Concat(rules.Voting.Algorithm is VotingAlgorithm.None ? [] : Vote(state, session, rules, positive));
    }

    static bool IsVetoed(State state, DecisionRules rules) =>
        rules.ObjectionHandling.CriticalSeverityVetoes && state.Objections.Count(objection => objection.Severity == "critical") >= rules.ObjectionHandling.VetoThreshold;

    static string Veto(DecisionRules.ObjectionRules handling, bool finalizes) =>
        $"objection_handling: {handling.VetoThreshold} or more critical objections stand; {(finalizes ? "only a negative outcome can be committed" : "the session can only be cancelled, or expire")}";

    static IEnumerable<string> Evaluations(State state, DecisionRules rules)
    {
        double least = rules.Evaluation.MinimumConfidence;
        if (rules.Evaluation.RequiredBeforeVoting && !QualifyingEvaluations(state).Any(evaluation => evaluation.Confidence >= least))
            yield return string.Create(CultureInfo.InvariantCulture, $"evaluation.required_before_voting: an evaluation other than REVIEW with a confidence of at least {least} is needed");
    }

    static IEnumerable<string> Quorum(State state, SessionContext session, DecisionRules rules)
    {
        var quorum = rules.Voting.Quorum;
        int voters = Voters(state);
        if (!quorum.IsMetBy(voters, session.Participants.Count))
            yield return $"voting.quorum: {voters} of {session.Participants.Count} participants have voted; {quorum.Value}{(quorum.Type is QuorumType.Percentage ? " percent" : "")} must";
    }

    static IEnumerable<string> Vote(State state, SessionContext session, DecisionRules rules, bool positive)
    {
        var (approve, reject) = (Weight(state, rules, "APPROVE"), Weight(state, rules, "REJECT"));
        switch (Judge(state, session, rules, approve, reject))
        {
            case Result.NoVotes when !positive || !PassesEmpty(state, session, rules):
                yield return $"voting: no decisive vote has been cast; {Name(rules)} needs one{(positive ? "" : ", and to decline a REJECT among them")}";
                break;
            case Result.Passed when !positive && !(session.Policy.Commitment.AllowDeclineOverApproval && session.Policy.SchemaVersion >= 2):
                yield return $"voting: the vote passed under {Name(rules)}; declining it needs commitment.allow_decline_over_approval";
                break;
            case Result.Failed when positive:
                yield return string.Create(CultureInfo.InvariantCulture, $"voting: the vote fails under {Name(rules)}, with {approve} for and {reject} against; it needs {Needs(rules.Voting)}");
                break;
            // The decline guard: somebody whose vote counts has said no (RFC-MACP-0007 section 6.2).
            case Result.Passed or Result.Failed when !positive && reject == 0:
                yield return "voting: declining needs at least one decisive REJECT";
                break;
        }
    }

    static Result Judge(State state, SessionContext session, DecisionRules rules, double approve, double reject)
    {
        if (approve + reject == 0) return Result.NoVotes;
        bool passes = rules.Voting.Algorithm switch
        {
            VotingAlgorithm.Unanimous => reject == 0 && session.Participants.Count > 0 && session.Participants.All(name => HasApproved(state, name)),
            VotingAlgorithm.Plurality => approve > reject,
            _ => approve / (approve + reject) >= (rules.Voting.Threshold ?? 0.5),
        };
        return passes ? Result.Passed : Result.Failed;
    }

    // Schema version 3 closes what was open before it; a session keeps the version of its policy for ever.
    static bool PassesEmpty(State state, SessionContext session, DecisionRules rules) => session.Policy switch
    {
        { SchemaVersion: >= 3 } => false,
        { Commitment.RequireVoteQuorum: true } => rules.Voting.Quorum.Value > 0 && rules.Voting.Quorum.IsMetBy(Voters(state), session.Participants.Count),
        _ => true,
    };

    static string Needs(DecisionRules.VotingRules voting) => voting.Algorithm switch
    {
        VotingAlgorithm.Unanimous => "the approval of every participant",
        VotingAlgorithm.Plurality => "more for than against",
        _ => string.Create(CultureInfo.InvariantCulture, $"a share of at least {voting.Threshold ?? 0.5} for it"),
    };

    static int Voters(State state) => state.Votes.Values.SelectMany(ballots => ballots.Keys).Distinct(StringComparer.Ordinal).Count();

    static bool HasApproved(State state, string name) => state.Votes.Values.Any(ballots => ballots.TryGetValue(name, out var ballot) && IsApproval(ballot));

    // A voter's weight is 1, unless weights make the electorate. Summed in the order of the names: sums of doubles depend on it.
    static double Weight(State state, DecisionRules rules, string vote) => state.Votes
        .OrderBy(votes => votes.Key, StringComparer.Ordinal).SelectMany(votes => votes.Value.Values.OrderBy(ballot => ballot.Sender, StringComparer.Ordinal))
        .Where(ballot => ballot.Vote == vote)
        .Sum(ballot => rules.Voting.Algorithm is not VotingAlgorithm.Weighted ? 1 : rules.Voting.Weights?.GetValueOrDefault(ballot.Sender) ?? 0);

    static string Name(DecisionRules rules) => $"'{rules.Voting.Algorithm.ToString().ToLowerInvariant()}'";
}
