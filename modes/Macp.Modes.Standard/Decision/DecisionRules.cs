using Macp.Wire.V1;

namespace Macp.Modes.Standard;

/// <summary>What a policy may rule about a decision (RFC-MACP-0012 section 4.1).</summary>
public sealed record DecisionRules : IModeRules<DecisionRules>
{
    // A third is no binary fraction: this is the double nearest to two of them, and the comparison is one of doubles.
    const double TwoThirds = 0.6666666666666666;

    /// <inheritdoc/>
    public static DecisionRules Default { get; } = new();

    /// <summary>The reserved policies; each needs its votes, whatever the schema version says of an empty tally.</summary>
    public static IReadOnlyList<PolicyDescriptor> Policies =>
    [
        Standard("policy.std.majority", "More approvals than rejections, or as many; one voter at least.", VotingAlgorithm.Majority, 0.5, 1),
        Standard("policy.std.supermajority", "Two thirds of the decisive votes approve; two voters at least.", VotingAlgorithm.Supermajority, TwoThirds, 2),
        Standard("policy.std.unanimous", "Every participant approves.", VotingAlgorithm.Unanimous, null, 1),
    ];

    /// <summary>What the votes must amount to.</summary>
    public VotingRules Voting { get; init; } = new();

    /// <summary>What critical objections mean.</summary>
    public ObjectionRules ObjectionHandling { get; init; } = new();

    /// <summary>Which evaluations must be there.</summary>
    public EvaluationRules Evaluation { get; init; } = new();

    /// <inheritdoc/>
    public RuleFault? Check(uint schemaVersion)
    {
        if (Voting.Algorithm is VotingAlgorithm.Supermajority && Voting.Threshold is not > 0.5) return new("voting.threshold", "'supermajority' needs a threshold > 0.5");
        if (Voting.Algorithm is VotingAlgorithm.Majority && Voting.Threshold is < 0.5) return new("voting.threshold", "'majority' needs a threshold of at least 0.5");
        if (Voting.Weights is { Count: 0 }) return new("voting.weights", "weights must name at least one voter: they are the electorate");
        if (Voting.Algorithm is VotingAlgorithm.Weighted && Voting.Weights is null) return new("voting.weights", "'weighted' needs weights, which are the electorate");
        if (Voting.Quorum is { Type: QuorumType.Percentage, Value: > 100 }) return new("voting.quorum.value", "must be an integer from 1 to 100, since it is a percentage");
        if (Voting.Quorum.Value is 0 && schemaVersion >= 3) return new("voting.quorum.value", "must be above 0; leave it out for no quorum");
        return ObjectionHandling.CriticalObjectionAction is not CriticalObjectionAction.Deny && schemaVersion < 2
            ? new("objection_handling.critical_objection_action", "needs schema_version 2 or 3") : null;
    }

    static PolicyDescriptor Standard(string id, string description, VotingAlgorithm algorithm, double? threshold, int voters) => DecisionPolicy.Create(
        id, description, new() { Voting = new() { Algorithm = algorithm, Threshold = threshold, Quorum = new() { Value = voters } } }, new() { RequireVoteQuorum = true }, schemaVersion: 1);

    /// <summary>What the votes must amount to.</summary>
    public sealed record VotingRules
    {
        /// <summary>How votes are counted.</summary>
        public VotingAlgorithm Algorithm { get; init; } = VotingAlgorithm.None;

        /// <summary>The share of approvals among the decisive votes that carries, itself included; 0.5 when not said. Compared in binary64.</summary>
        [RuleRange(0, 1, Above = true)]
        public double? Threshold { get; init; }

        /// <summary>How many must vote; read only where <see cref="CommitmentPolicy.RequireVoteQuorum"/> says so.</summary>
        public VoterQuorum Quorum { get; init; } = new();

        /// <summary>The weights of voters under <see cref="VotingAlgorithm.Weighted"/>: they are the electorate, and whoever is not in it has weight 0.</summary>
        // Bounded, so that no sum of weights is infinite: a share of infinity would be no number.
        [RuleRange(0, 1e300, Above = true)]
        public IReadOnlyDictionary<string, double>? Weights { get; init; }
    }

    /// <summary>How many must vote; whoever abstains has voted.</summary>
    public sealed record VoterQuorum
    {
        /// <summary>How the value counts.</summary>
        public QuorumType Type { get; init; } = QuorumType.Count;

        /// <summary>A number of voters, or a percentage of the declared participants from 1 to 100; null for none, and so is 0 before schema version 3.</summary>
        [RuleRange(0)]
        public int? Value { get; init; }

        /// <summary>Whether so many of so many participants are enough; in whole numbers.</summary>
        public bool IsMetBy(int voters, int participants) =>
            Value is not { } value || (Type is QuorumType.Percentage ? voters * 100L >= (long)value * participants : voters >= value);
    }

    /// <summary>What critical objections mean.</summary>
    public sealed record ObjectionRules
    {
        /// <summary>Whether critical objections can veto at all.</summary>
        public bool CriticalSeverityVetoes { get; init; }

        /// <summary>How many critical objections are a veto.</summary>
        [RuleRange(1)]
        public uint VetoThreshold { get; init; } = 1;

        /// <summary>What a veto does; from schema version 2 on.</summary>
        public CriticalObjectionAction CriticalObjectionAction { get; init; } = CriticalObjectionAction.Deny;
    }

    /// <summary>Which evaluations must be there.</summary>
    public sealed record EvaluationRules
    {
        /// <summary>The least confidence of the evaluation that <see cref="RequiredBeforeVoting"/> asks for.</summary>
        [RuleRange(0, 1)]
        public double MinimumConfidence { get; init; }

        /// <summary>Whether a commitment needs an evaluation that takes a stand.</summary>
        public bool RequiredBeforeVoting { get; init; }
    }
}

/// <summary>How a decision's votes are counted.</summary>
public enum VotingAlgorithm
{
    /// <summary>They are not: the outcome is the committer's.</summary>
    None,

    /// <summary>The share of approvals reaches the threshold, an even split that of 0.5.</summary>
    Majority,

    /// <summary>The share of approvals reaches a threshold above one half.</summary>
    Supermajority,

    /// <summary>Every declared participant approves, and nobody rejects.</summary>
    Unanimous,

    /// <summary>The weighted share of approvals reaches the threshold.</summary>
    Weighted,

    /// <summary>There are more approvals than rejections.</summary>
    Plurality,
}

/// <summary>How a quorum of voters counts.</summary>
public enum QuorumType
{
    /// <summary>A number of voters.</summary>
    Count,

    /// <summary>A percentage of the declared participants.</summary>
    Percentage,
}

/// <summary>What a veto by critical objections does.</summary>
public enum CriticalObjectionAction
{
    /// <summary>It denies every outcome.</summary>
    Deny,

    /// <summary>It denies the positive outcome, and authorizes the negative one whatever the votes.</summary>
    FinalizeDecline,

    /// <summary>It denies every outcome, and cannot be told apart from <see cref="Deny"/> on the wire; a host may escalate.</summary>
    Hold,
}
