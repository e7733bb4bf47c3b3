namespace Macp.Modes.Standard;

/// <summary>What a policy may rule about threshold approval (RFC-MACP-0012 section 4). The bar of approvals is the only gate.</summary>
public sealed record QuorumRules : IModeRules<QuorumRules>
{
    /// <inheritdoc/>
    public static QuorumRules Default { get; } = new();

    /// <summary>The bar, in the place of the one that the request asks for.</summary>
    public ThresholdRules Threshold { get; init; } = new();

    /// <summary>What abstentions mean.</summary>
    public AbstentionRules Abstention { get; init; } = new();

    /// <inheritdoc/>
    public RuleFault? Check(uint schemaVersion) => Threshold switch
    {
        { Value: 0 } when schemaVersion >= 3 => new("threshold.value", "must be above 0; leave it out for the number that the request asks for"),
        { Value: > 100, Type: ThresholdType.Percentage } => new("threshold.value", "must be an integer from 1 to 100, since it is a percentage"),
        _ => null,
    };

    /// <summary>The bar of approvals.</summary>
    public sealed record ThresholdRules
    {
        /// <summary>How the value counts.</summary>
        public ThresholdType Type { get; init; } = ThresholdType.NOfM;

        /// <summary>A number of approvals, or a percentage from 1 to 100; null when the request's number holds, and so does 0 before schema version 3.</summary>
        [RuleRange(0)]
        public int? Value { get; init; }

        /// <summary>How many approvals that is among so many declared participants; null when the request's number holds.</summary>
        public int? Bar(int participants) => Value is null or 0 ? null
            // Rounded up, in whole numbers: 7 percent of 100 are 7.
            : Type is ThresholdType.Percentage ? (int)(((long)Value * participants + 99) / 100) : Value;
    }

    /// <summary>What abstentions mean. No rule of the schema versions up to 3 reads them: an abstention never counts as approval.</summary>
    public sealed record AbstentionRules
    {
        /// <summary>Kept for policies that say it.</summary>
        public bool CountsTowardQuorum { get; init; }

        /// <summary>Kept for policies that say it.</summary>
        public AbstentionInterpretation Interpretation { get; init; } = AbstentionInterpretation.Neutral;
    }
}

/// <summary>How a quorum's threshold counts.</summary>
public enum ThresholdType
{
    /// <summary>A number of approvals.</summary>
    NOfM,

    /// <summary>A percentage of the declared participants, rounded up to whole approvals.</summary>
    Percentage,
}

/// <summary>How an abstention is to be read.</summary>
public enum AbstentionInterpretation
{
    /// <summary>As neither.</summary>
    Neutral,

    /// <summary>As a rejection.</summary>
    ImplicitReject,

    /// <summary>As if it had not been cast.</summary>
    Ignored,
}
