namespace Macp.Modes.Standard;

/// <summary>What a policy may rule about a handoff (RFC-MACP-0012 section 4).</summary>
public sealed record HandoffRules : IModeRules<HandoffRules>
{
    /// <inheritdoc/>
    public static HandoffRules Default { get; } = new();

    /// <summary>What a target's silence means.</summary>
    public AcceptanceRules Acceptance { get; init; } = new();

    /// <summary>What a target's silence means.</summary>
    public sealed record AcceptanceRules
    {
        /// <summary>After how many milliseconds silence accepts, suspension not counted; 0 for never.</summary>
        [RuleRange(0)]
        public long ImplicitAcceptTimeoutMs { get; init; }

        /// <summary>How long silence lasts before it accepts; null for ever. Longer than any session lives is as long as there are words for.</summary>
        internal TimeSpan? ImplicitAcceptAfter =>
            ImplicitAcceptTimeoutMs is 0 ? null : ImplicitAcceptTimeoutMs < TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromMilliseconds(ImplicitAcceptTimeoutMs) : TimeSpan.MaxValue;
    }
}
