using static Macp.Modes.Standard.DecisionRules;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>Every small electorate, every algorithm, every schema version, both signs: the evaluator agrees with a model that was written from the specification.</summary>
public sealed class DecisionElectorates
{
    static readonly string[] Three = ["ana", "ben", "cyd"];

    static readonly string?[] Choices = ["APPROVE", "REJECT", "ABSTAIN", null];

    static readonly uint[] Versions = [1, 2, 3];

    static readonly bool[] Both = [false, true];

    static readonly IReadOnlyDictionary<string, double> Weights = new Dictionary<string, double> { ["ana"] = 3, ["ben"] = 1.5 };

    [Fact]
    public void One_proposal_under_every_algorithm_quorum_and_decline_rule()
    {
        VoterQuorum[] quorums =
        [
            new() { Value = 1 }, new() { Value = 3 }, new() { Type = QuorumType.Percentage, Value = 1 }, new() { Type = QuorumType.Percentage, Value = 34 },
            new() { Type = QuorumType.Percentage, Value = 66 }, new() { Type = QuorumType.Percentage, Value = 67 }, new() { Type = QuorumType.Percentage, Value = 100 },
        ];
        foreach (var votes in Ballots("p"))
            foreach (var quorum in quorums)
                foreach (bool required in Both)
                    foreach (bool decline in Both)
                        Agree(new(Three, votes), Algorithms(quorum), new() { RequireVoteQuorum = required, AllowDeclineOverApproval = decline });
    }

    [Fact]
    public void Two_proposals_are_counted_together()
    {
        var second = Ballots("q").ToList();
        foreach (var first in Ballots("p"))
            foreach (var votes in second)
                Agree(new(Three, [.. first, .. votes]), Algorithms(new()), new() { AllowDeclineOverApproval = true });
    }

    [Fact]
    public void Critical_objections_under_every_action_and_threshold()
    {
        foreach (var votes in Ballots("p"))
            foreach (int objections in (int[])[0, 1, 2])
                foreach (uint threshold in (uint[])[1, 2])
                    foreach (var action in Enum.GetValues<CriticalObjectionAction>())
                        foreach (bool vetoes in Both)
                            foreach (bool required in Both)
                                Agree(
                                    new(Three, votes, objections),
                                    Algorithms(new() { Value = 2 }).Select(rules => rules with
                                    {
                                        ObjectionHandling = new() { CriticalSeverityVetoes = vetoes, VetoThreshold = threshold, CriticalObjectionAction = action },
                                        Evaluation = new() { RequiredBeforeVoting = required },
                                    }),
                                    new() { RequireVoteQuorum = required });
    }

    [Fact]
    public void Evaluations_of_every_recommendation_and_confidence()
    {
        (string, double)[][] heard =
        [
            [], [("REVIEW", 1)], [("APPROVE", 0)], [("REJECT", 0.7)], [("BLOCK", 0.69)], [("REVIEW", 1), ("APPROVE", 0.5)], [("APPROVE", 0.1), ("REJECT", 0.9)],
        ];
        foreach (var evaluations in heard)
            foreach (double least in (double[])[0, 0.7, 1])
                foreach (bool required in Both)
                    foreach (var votes in (IEnumerable<(string, string, string)[]>)[[], [("p", "ana", "APPROVE")], [("p", "ana", "REJECT")]])
                        Agree(
                            new(Three, votes, 0, evaluations),
                            Algorithms(new()).Select(rules => rules with { Evaluation = new() { RequiredBeforeVoting = required, MinimumConfidence = least } }),
                            CommitmentPolicy.Default);
    }

    static void Agree(Deliberation said, IEnumerable<DecisionRules> every, CommitmentPolicy commitment)
    {
        var state = Evaluator.StateOf(said);
        foreach (var rules in every)
            foreach (uint version in Versions)
                foreach (bool positive in Both)
                {
                    var denial = DecisionMode.Validator.CanCommit(state, Evaluator.Bound(said, rules, commitment, version), positive);
                    bool allows = DecisionReference.Allows(said, rules, commitment, version, positive);
                    Assert.True(
                        allows == denial is null,
                        $"{rules} {commitment} v{version} {(positive ? "positive" : "negative")} after {string.Join(' ', said.Votes)}: expected {allows}, got {denial?.Reason ?? "no denial"}");
                }
    }

    static IEnumerable<DecisionRules> Algorithms(VoterQuorum quorum) => new VotingRules[]
    {
        new() { Algorithm = VotingAlgorithm.None },
        new() { Algorithm = VotingAlgorithm.Majority },
        new() { Algorithm = VotingAlgorithm.Majority, Threshold = 0.75 },
        new() { Algorithm = VotingAlgorithm.Supermajority, Threshold = 0.6666666666666666 },
        new() { Algorithm = VotingAlgorithm.Unanimous },
        new() { Algorithm = VotingAlgorithm.Plurality },
        new() { Algorithm = VotingAlgorithm.Weighted, Weights = Weights },
        new() { Algorithm = VotingAlgorithm.Weighted, Weights = Weights, Threshold = 0.25 },
    }.Select(voting => new DecisionRules { Voting = voting with { Quorum = quorum } });

    /// <summary>Each of the three approves, rejects, abstains or does not vote: 64 electorates.</summary>
    static IEnumerable<(string Proposal, string Sender, string Vote)[]> Ballots(string proposal) =>
        from ana in Choices
        from ben in Choices
        from cyd in Choices
        select (from ballot in Three.Zip((string?[])[ana, ben, cyd]) where ballot.Second is not null select (proposal, ballot.First, ballot.Second!)).ToArray();
}
