using System.Globalization;
using static Macp.Modes.Standard.DecisionRules;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>What a denied decision is told, and what the counting does not depend on.</summary>
public sealed class DecisionDenials
{
    static readonly string[] Three = ["ana", "ben", "cyd"];

    public static TheoryData<string, DecisionRules, CommitmentPolicy, bool, string> Cases => new()
    {
        { "an evaluation is missing", new() { Evaluation = new() { RequiredBeforeVoting = true, MinimumConfidence = 0.75 } }, new(), true, "evaluation.required_before_voting*0.75*needed" },
        { "objections veto", Vetoing(CriticalObjectionAction.Deny), new(), true, "objection_handling*2 or more critical objections*cancelled, or expire" },
        { "objections leave a decline", Vetoing(CriticalObjectionAction.FinalizeDecline), new(), true, "objection_handling*2 or more*only a negative outcome*" },
        { "too few have voted", With(VotingAlgorithm.None, new() { Value = 3 }), new() { RequireVoteQuorum = true }, true, "voting.quorum*2 of 3*3 must*" },
        { "too small a share has voted", With(VotingAlgorithm.None, new() { Type = QuorumType.Percentage, Value = 67 }), new() { RequireVoteQuorum = true }, true, "voting.quorum*67 percent must*" },
        { "the vote fails", With(VotingAlgorithm.Plurality), new(), true, "voting*'plurality'*1 for and 1 against*more for than against" },
        { "not everybody approves", With(VotingAlgorithm.Unanimous), new(), true, "voting*'unanimous'*the approval of every participant" },
        { "the share is too small", new() { Voting = new() { Algorithm = VotingAlgorithm.Majority, Threshold = 0.75 } }, new(), true, "voting*'majority'*a share of at least 0.75*" },
        { "the vote passed", With(VotingAlgorithm.Majority), new(), false, "voting*'majority'*commitment.allow_decline_over_approval*" },
        { "nobody with a weight has voted", Weighted(("cyd", 1)), new(), true, "voting*no decisive vote*'weighted' needs one*" },
        { "nobody with a weight has rejected", Weighted(("ana", 1), ("cyd", 1)), new() { AllowDeclineOverApproval = true }, false, "voting*at least one decisive REJECT*" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_reason_names_the_rule_and_what_would_satisfy_it(string why, DecisionRules rules, CommitmentPolicy commitment, bool positive, string pattern)
    {
        var said = new Deliberation(Three, [("p", "ana", "APPROVE"), ("p", "ben", "REJECT")], CriticalObjections: 2);

        var denial = Evaluator.Judge(said, rules, commitment, 3, positive);

        Assert.Equal((why, Protocol.ErrorCode.PolicyDenied), (why, denial?.Code));
        string reason = Assert.Single(denial!.Reasons);
        Assert.Matches("^" + string.Join(".*", pattern.Split('*').Select(System.Text.RegularExpressions.Regex.Escape)) + "$", reason);
    }

    [Fact]
    public void All_reasons_are_told_at_once_in_the_order_of_the_gates()
    {
        var rules = Vetoing(CriticalObjectionAction.Deny) with
        {
            Evaluation = new() { RequiredBeforeVoting = true },
            Voting = new() { Algorithm = VotingAlgorithm.Majority, Quorum = new() { Value = 1 } },
        };

        var denial = Evaluator.Judge(new(Three, [], CriticalObjections: 2), rules, new() { RequireVoteQuorum = true }, 3, positive: true);

        Assert.Equal(["evaluation.required_before_voting", "objection_handling", "voting.quorum", "voting"], denial!.Reasons.Select(r => r[..r.IndexOf(':')]));
        Assert.Equal(string.Join("; ", denial.Reasons), denial.Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Deny_and_hold_cannot_be_told_apart(bool positive)
    {
        var said = new Deliberation(Three, [("p", "ana", "APPROVE"), ("p", "ben", "REJECT")], CriticalObjections: 2);
        var denied = Evaluator.Judge(said, Vetoing(CriticalObjectionAction.Deny), new(), 3, positive);
        var held = Evaluator.Judge(said, Vetoing(CriticalObjectionAction.Hold), new(), 3, positive);

        Assert.Equal((denied!.Code, denied.Reason), (held!.Code, held.Reason));
        Assert.Equal(denied.Reasons, held.Reasons);
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(4, 2, true)]
    [InlineData(200, 100, true)]
    [InlineData(199, 101, false)]
    [InlineData(1999, 1001, false)]
    [InlineData(5, 3, false)]
    public void Two_thirds_are_two_thirds_in_binary64(int approve, int reject, bool passes)
    {
        string[] everybody = [.. Enumerable.Range(0, approve + reject).Select(i => $"agent-{i}")];
        var said = new Deliberation(everybody, [.. everybody.Select((name, i) => ("p", name, i < approve ? "APPROVE" : "REJECT"))]);
        var rules = DecisionPolicy.RulesOf(Policies["policy.std.supermajority"]);

        Assert.Equal(passes, Evaluator.Judge(said, rules, new(), 1, positive: true) is null);
    }

    [Fact]
    public void Whoever_has_no_weight_has_voted_for_the_quorum_and_for_nothing_else()
    {
        var said = new Deliberation(Three, [("p", "cyd", "REJECT")]);
        var rules = Weighted(("ana", 1)) with { Voting = Weighted(("ana", 1)).Voting with { Quorum = new() { Value = 1 } } };
        foreach (uint version in (uint[])[1, 2, 3])
        {
            var denial = Evaluator.Judge(said, rules, new() { RequireVoteQuorum = true, AllowDeclineOverApproval = true }, version, positive: false);
            Assert.StartsWith("voting: ", Assert.Single(denial!.Reasons));
        }
    }

    [Fact]
    public void Before_version_3_required_votes_that_nobody_counts_still_must_be_there()
    {
        // A quorum of 0 is none (decisions 17): then requiring it does not open what an empty tally closes.
        foreach (int? floor in (int?[])[null, 0])
            Assert.NotNull(Evaluator.Judge(new(Three, []), With(VotingAlgorithm.Majority, new() { Value = floor }), new() { RequireVoteQuorum = true }, 2, positive: true));
        Assert.Null(Evaluator.Judge(new(Three, [("p", "ana", "ABSTAIN")]), With(VotingAlgorithm.Majority, new() { Value = 1 }), new() { RequireVoteQuorum = true }, 2, positive: true));
    }

    [Fact]
    public void Weights_add_up_alike_in_whatever_order_the_votes_came()
    {
        // 0.1, 0.2 and 0.3 add up to 0.6 in one order and to a little more in another; what is against them stands between the two.
        var rules = Weighted(("ana", 0.3), ("ben", 0.2), ("cyd", 0.1), ("dee", 0.1 + 0.2 + 0.3));
        string[] four = ["ana", "ben", "cyd", "dee"];
        var votes = four.Select(name => ("p", name, name == "dee" ? "REJECT" : "APPROVE")).ToArray();

        string?[] reasons = [.. Permutations(votes).Select(order => Evaluator.Judge(new(four, order), rules, new(), 3, positive: true)?.Reason)];

        Assert.Equal(24, reasons.Length);
        Assert.Single(reasons.Distinct());
    }

    [Fact]
    public void Proposals_and_their_votes_may_have_come_in_any_order()
    {
        var rules = Weighted(("ana", 0.7), ("ben", 0.1), ("cyd", 0.2)) with { Evaluation = new() { RequiredBeforeVoting = true } };
        (string, string, string)[] votes = [("p", "ana", "APPROVE"), ("q", "ana", "REJECT"), ("p", "ben", "REJECT"), ("q", "cyd", "APPROVE")];
        foreach (bool positive in (bool[])[true, false])
            Assert.Single(Permutations(votes).Select(order => Evaluator.Judge(new(Three, order), rules, new(), 3, positive)?.Reason).Distinct());
    }

    [Fact]
    public void Asking_changes_nothing_and_the_culture_of_the_host_is_not_asked()
    {
        var said = new Deliberation(Three, [("p", "ana", "APPROVE"), ("p", "ben", "REJECT")], Evaluations: [("APPROVE", 0.2)]);
        var rules = Weighted(("ana", 0.5), ("ben", 1.25)) with { Evaluation = new() { RequiredBeforeVoting = true, MinimumConfidence = 0.5 } };
        string? before = Evaluator.Judge(said, rules, new(), 3, positive: true)?.Reason;
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            odd.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = odd;
            Assert.Equal(before, Evaluator.Judge(said, rules, new(), 3, positive: true)?.Reason);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.Contains("0.5 for and 1.25 against", before, StringComparison.Ordinal);
    }

    static Dictionary<string, Wire.V1.PolicyDescriptor> Policies => DecisionRules.Policies.ToDictionary(policy => policy.PolicyId);

    static DecisionRules With(VotingAlgorithm algorithm, VoterQuorum? quorum = null) => new() { Voting = new() { Algorithm = algorithm, Quorum = quorum ?? new() } };

    static DecisionRules Weighted(params (string Name, double Weight)[] weights) =>
        new() { Voting = new() { Algorithm = VotingAlgorithm.Weighted, Weights = weights.ToDictionary(w => w.Name, w => w.Weight) } };

    static DecisionRules Vetoing(CriticalObjectionAction action) =>
        new() { ObjectionHandling = new() { CriticalSeverityVetoes = true, VetoThreshold = 2, CriticalObjectionAction = action } };

    static IEnumerable<T[]> Permutations<T>(T[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany((first, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (T[])[first, .. rest]));
}
