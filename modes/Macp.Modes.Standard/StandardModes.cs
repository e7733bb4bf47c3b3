namespace Macp.Modes.Standard;

/// <summary>The identifiers of the standard modes.</summary>
public static class StandardModes
{
    /// <summary>Structured decision (RFC-MACP-0007).</summary>
    public const string Decision = "macp.mode.decision.v1";

    /// <summary>Proposals and counter-proposals (RFC-MACP-0008).</summary>
    public const string Proposal = "macp.mode.proposal.v1";

    /// <summary>A task that one participant does (RFC-MACP-0009).</summary>
    public const string Task = "macp.mode.task.v1";

    /// <summary>Handing over a responsibility (RFC-MACP-0010).</summary>
    public const string Handoff = "macp.mode.handoff.v1";

    /// <summary>Approval by a quorum (RFC-MACP-0011).</summary>
    public const string Quorum = "macp.mode.quorum.v1";

    /// <summary>All of them, in the order of their RFCs.</summary>
    public static IReadOnlyList<string> All { get; } = [Decision, Proposal, Task, Handoff, Quorum];
}
