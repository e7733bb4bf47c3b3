using FsCheck;
using FsCheck.Fluent;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>Whatever a builder wrote is read back as it was said, and written again to the same text.</summary>
public sealed class RoundTripTests
{
    static readonly Gen<bool> Flags = Gen.Elements(true, false);

    static readonly Gen<double> Shares = Gen.Choose(1, 1 << 30).Select(share => share / (double)(1 << 30));

    static readonly Gen<string> Names = Gen.Elements("ana", "agent://ben", "", "_x", "$", "\"\\\n", "Zoë", "\ud83d\ude00", "a.b");

    static readonly Gen<IReadOnlyDictionary<string, double>> Weights =
        from names in Gen.NonEmptyListOf(Names)
        from weights in Gen.ArrayOf(Shares, names.Count)
        select (IReadOnlyDictionary<string, double>)names.Zip(weights).DistinctBy(w => w.First).ToDictionary(w => w.First, w => w.Second * 1e6, StringComparer.Ordinal);

    static readonly Gen<DecisionRules> Decisions =
        from algorithm in Gen.Elements(Enum.GetValues<VotingAlgorithm>())
        from share in Shares
        from saysThreshold in Flags
        from type in Gen.Elements(Enum.GetValues<QuorumType>())
        from value in Gen.Choose(0, 100)
        from saysWeights in Flags
        from weights in Weights
        from vetoes in Flags
        from threshold in Gen.Choose(1, int.MaxValue)
        from action in Gen.Elements(Enum.GetValues<CriticalObjectionAction>())
        from confidence in Shares
        from required in Flags
        select new DecisionRules
        {
            Voting = new()
            {
                Algorithm = algorithm,
                Threshold = algorithm is VotingAlgorithm.Supermajority or VotingAlgorithm.Majority ? 0.5 + (share / 2) : saysThreshold ? share : null,
                Quorum = new() { Type = type, Value = value == 0 ? null : value },
                Weights = saysWeights || algorithm is VotingAlgorithm.Weighted ? weights : null,
            },
            ObjectionHandling = new() { CriticalSeverityVetoes = vetoes, VetoThreshold = (uint)threshold * 2, CriticalObjectionAction = action },
            Evaluation = new() { MinimumConfidence = confidence, RequiredBeforeVoting = required },
        };

    static readonly Gen<CommitmentPolicy> Commitments =
        from authority in Gen.Elements(Enum.GetValues<CommitmentAuthority>())
        from roles in Gen.NonEmptyListOf(Names.Where(name => name.Length > 0))
        from quorum in Flags
        from decline in Flags
        select new CommitmentPolicy { Authority = authority, DesignatedRoles = [.. roles], RequireVoteQuorum = quorum, AllowDeclineOverApproval = decline };

    [Fact]
    public void Decisions_are_read_back() => Holds(from rules in Decisions from commitment in Commitments select (rules, commitment), said =>
    {
        var policy = DecisionPolicy.Create("p", "d", said.rules, said.commitment);
        var read = DecisionPolicy.RulesOf(policy);
        var bound = Registered.Bind(policy, policy.Mode).Commitment;

        Assert.Equal(said.rules with { Voting = said.rules.Voting with { Weights = null } }, read with { Voting = read.Voting with { Weights = null } });
        Assert.Equal(said.rules.Voting.Weights, read.Voting.Weights);
        Assert.Equal(said.commitment with { DesignatedRoles = [] }, bound with { DesignatedRoles = [] });
        Assert.Equal(said.commitment.DesignatedRoles, bound.DesignatedRoles);
        Assert.Equal(policy.Rules, DecisionPolicy.Create("p", "d", read, bound).Rules);
    });

    [Fact]
    public void Negotiations_are_read_back() => Holds(
        from criterion in Gen.Elements(Enum.GetValues<AcceptanceCriterion>())
        from rounds in Gen.Choose(0, int.MaxValue)
        from terminal in Flags
        select new ProposalRules { Acceptance = new() { Criterion = criterion }, CounterProposal = new() { MaxRounds = (uint)rounds * 2 }, Rejection = new() { TerminalOnAnyReject = terminal } },
        rules => Assert.Equal(rules, ProposalPolicy.RulesOf(ProposalPolicy.Create("p", "d", rules))));

    [Fact]
    public void Tasks_are_read_back() => Holds(
        from reassigned in Flags
        from output in Flags
        select new TaskRules { Assignment = new() { AllowReassignmentOnReject = reassigned }, Completion = new() { RequireOutput = output } },
        rules => Assert.Equal(rules, TaskPolicy.RulesOf(TaskPolicy.Create("p", "d", rules))));

    [Fact]
    public void Handoffs_are_read_back() => Holds(
        Gen.OneOf(Gen.Choose(0, int.MaxValue).Select(ms => (long)ms), Gen.Elements(long.MaxValue, (1L << 53) + 1)).Select(ms => new HandoffRules { Acceptance = new() { ImplicitAcceptTimeoutMs = ms } }),
        rules => Assert.Equal(rules, HandoffPolicy.RulesOf(HandoffPolicy.Create("p", "d", rules))));

    [Fact]
    public void Approvals_are_read_back() => Holds(
        from type in Gen.Elements(Enum.GetValues<ThresholdType>())
        from value in Gen.Choose(0, 100)
        from counts in Flags
        from interpretation in Gen.Elements(Enum.GetValues<AbstentionInterpretation>())
        select new QuorumRules { Threshold = new() { Type = type, Value = value == 0 ? null : value }, Abstention = new() { CountsTowardQuorum = counts, Interpretation = interpretation } },
        rules => Assert.Equal(rules, QuorumPolicy.RulesOf(QuorumPolicy.Create("p", "d", rules))));

    static void Holds<T>(Gen<T> values, Action<T> property) => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(values.ToArbitrary(), property));
}
