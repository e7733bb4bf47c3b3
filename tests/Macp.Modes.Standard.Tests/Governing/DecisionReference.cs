namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>What has been said in a decision, as far as its policy asks for it.</summary>
sealed record Deliberation(
    string[] Participants, (string Proposal, string Sender, string Vote)[] Votes, int CriticalObjections = 0, (string Recommendation, double Confidence)[]? Evaluations = null);

/// <summary>
/// A second opinion: whether a policy allows an outcome, written from the tables of RFC-MACP-0012 sections 4.1 and 6 and from nothing else. It adds
/// in decimals, where the evaluator adds in doubles.
/// </summary>
static class DecisionReference
{
    public static bool Allows(Deliberation said, DecisionRules rules, CommitmentPolicy commitment, uint version, bool positive)
    {
        var handling = rules.ObjectionHandling;
        if (handling.CriticalSeverityVetoes && said.CriticalObjections >= handling.VetoThreshold)
            return !positive && version >= 2 && handling.CriticalObjectionAction == CriticalObjectionAction.FinalizeDecline;

        if (rules.Evaluation.RequiredBeforeVoting && !(said.Evaluations ?? []).Any(e => e.Recommendation != "REVIEW" && e.Confidence >= rules.Evaluation.MinimumConfidence))
            return false;
        if (commitment.RequireVoteQuorum && !HasQuorum(said, rules.Voting.Quorum)) return false;
        if (rules.Voting.Algorithm == VotingAlgorithm.None) return true;

        decimal approve = Tally(said, rules.Voting, "APPROVE"), reject = Tally(said, rules.Voting, "REJECT");
        if (approve == 0 && reject == 0) return positive && version <= 2; // the quorum floor, where there is one, was met above
        if (Passes(said, rules.Voting, approve, reject)) return positive || (version >= 2 && commitment.AllowDeclineOverApproval && reject > 0);
        return !positive && reject > 0;
    }

    static bool HasQuorum(Deliberation said, DecisionRules.VoterQuorum quorum)
    {
        int voters = said.Votes.Select(v => v.Sender).ToHashSet().Count;
        if (quorum.Value is not { } value) return true;
        return quorum.Type == QuorumType.Percentage ? (decimal)voters / said.Participants.Length * 100 >= value : voters >= value;
    }

    static decimal Tally(Deliberation said, DecisionRules.VotingRules voting, string vote) => said.Votes.Where(v => v.Vote == vote).Sum(v =>
        voting.Algorithm == VotingAlgorithm.Weighted ? voting.Weights!.TryGetValue(v.Sender, out double weight) ? (decimal)weight : 0 : 1);

    static bool Passes(Deliberation said, DecisionRules.VotingRules voting, decimal approve, decimal reject) => voting.Algorithm switch
    {
        VotingAlgorithm.Unanimous => reject == 0 && said.Participants.All(name => said.Votes.Any(v => v.Sender == name && v.Vote == "APPROVE")),
        VotingAlgorithm.Plurality => approve > reject,
        _ => (double)(approve / (approve + reject)) >= (voting.Threshold ?? 0.5), // thresholds are compared in binary64
    };
}
