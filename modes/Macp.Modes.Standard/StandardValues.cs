namespace Macp.Modes.Standard;

/// <summary>What a <c>Vote</c> of a decision may say. Case does not count on the wire; this is what it is folded to.</summary>
public static class Votes
{
    /// <summary>For the proposal.</summary>
    public const string Approve = "APPROVE";

    /// <summary>Against it.</summary>
    public const string Reject = "REJECT";

    /// <summary>Neither; it never counts as decisive.</summary>
    public const string Abstain = "ABSTAIN";
}

/// <summary>What an <c>Evaluation</c> of a decision may recommend.</summary>
public static class Recommendations
{
    /// <summary>To approve.</summary>
    public const string Approve = "APPROVE";

    /// <summary>To look at it again: no stand.</summary>
    public const string Review = "REVIEW";

    /// <summary>To stop it.</summary>
    public const string Block = "BLOCK";

    /// <summary>To reject.</summary>
    public const string Reject = "REJECT";
}

/// <summary>How severe an <c>Objection</c> to a proposal of a decision may be.</summary>
public static class Severities
{
    /// <summary>A policy may let it veto.</summary>
    public const string Critical = "critical";

    /// <summary>High.</summary>
    public const string High = "high";

    /// <summary>Medium: an objection that does not say.</summary>
    public const string Medium = "medium";

    /// <summary>Low.</summary>
    public const string Low = "low";
}

/// <summary>The usual actions of commitments. An action may be any text; the ending says the outcome's sign (RFC-MACP-0001 section 7.3).</summary>
public static class CommitmentActions
{
    /// <summary>One of a decision's proposals is taken.</summary>
    public const string DecisionSelected = "decision.selected";

    /// <summary>A decision's one proposal is taken.</summary>
    public const string DecisionApproved = "decision.approved";

    /// <summary>None of a decision's proposals is taken.</summary>
    public const string DecisionRejected = "decision.rejected";

    /// <summary>All who must accept a proposal do.</summary>
    public const string ProposalAccepted = "proposal.accepted";

    /// <summary>Somebody rejects for good.</summary>
    public const string ProposalRejected = "proposal.rejected";

    /// <summary>The task is done.</summary>
    public const string TaskCompleted = "task.completed";

    /// <summary>The task could not be done.</summary>
    public const string TaskFailed = "task.failed";

    /// <summary>The responsibility is handed over.</summary>
    public const string HandoffAccepted = "handoff.accepted";

    /// <summary>It is not.</summary>
    public const string HandoffDeclined = "handoff.declined";

    /// <summary>The quorum approves.</summary>
    public const string QuorumApproved = "quorum.approved";

    /// <summary>The quorum cannot approve any more.</summary>
    public const string QuorumRejected = "quorum.rejected";
}
