namespace Macp.Modes.Standard;

/// <summary>What a policy may rule about a negotiation (RFC-MACP-0012 section 4).</summary>
public sealed record ProposalRules : IModeRules<ProposalRules>
{
    /// <inheritdoc/>
    public static ProposalRules Default { get; } = new();

    /// <summary>Whose acceptance is needed.</summary>
    public AcceptanceRules Acceptance { get; init; } = new();

    /// <summary>How often may be countered.</summary>
    public CounterProposalRules CounterProposal { get; init; } = new();

    /// <summary>What a rejection means.</summary>
    public RejectionRules Rejection { get; init; } = new();

    /// <summary>Whose acceptance is needed.</summary>
    public sealed record AcceptanceRules
    {
        /// <summary>When a proposal is agreed on.</summary>
        public AcceptanceCriterion Criterion { get; init; } = AcceptanceCriterion.AllParties;
    }

    /// <summary>How often may be countered.</summary>
    public sealed record CounterProposalRules
    {
        /// <summary>The most counter-proposals a session takes; 0 for any number.</summary>
        public uint MaxRounds { get; init; }
    }

    /// <summary>What a rejection means.</summary>
    public sealed record RejectionRules
    {
        /// <summary>Whether every rejection is a terminal one.</summary>
        public bool TerminalOnAnyReject { get; init; }
    }
}

/// <summary>When a proposal is agreed on.</summary>
public enum AcceptanceCriterion
{
    /// <summary>Every participant accepts it, its proposer included.</summary>
    AllParties,

    /// <summary>Every participant other than its proposer accepts it.</summary>
    Counterparty,

    /// <summary>The initiator, as a participant, accepts it.</summary>
    Initiator,
}
