namespace Macp.Modes.Standard;

/// <summary>The message types of the Decision mode, beside <c>SessionStart</c> and <c>Commitment</c>.</summary>
public static class DecisionMessages
{
    /// <summary>Puts an option up for decision.</summary>
    public const string Proposal = "Proposal";

    /// <summary>Judges a proposal.</summary>
    public const string Evaluation = "Evaluation";

    /// <summary>Objects to a proposal.</summary>
    public const string Objection = "Objection";

    /// <summary>Votes on a proposal; the first closes the deliberation.</summary>
    public const string Vote = "Vote";
}

/// <summary>The message types of the Proposal mode, beside <c>SessionStart</c> and <c>Commitment</c>.</summary>
public static class ProposalMessages
{
    /// <summary>Makes a proposal.</summary>
    public const string Proposal = "Proposal";

    /// <summary>Makes another in place of one.</summary>
    public const string CounterProposal = "CounterProposal";

    /// <summary>Accepts a proposal.</summary>
    public const string Accept = "Accept";

    /// <summary>Rejects a proposal, for good when it says so.</summary>
    public const string Reject = "Reject";

    /// <summary>Takes back an own proposal.</summary>
    public const string Withdraw = "Withdraw";
}

/// <summary>The message types of the Task mode, beside <c>SessionStart</c> and <c>Commitment</c>.</summary>
public static class TaskMessages
{
    /// <summary>Asks for a task to be done.</summary>
    public const string TaskRequest = "TaskRequest";

    /// <summary>Takes it on.</summary>
    public const string TaskAccept = "TaskAccept";

    /// <summary>Declines it.</summary>
    public const string TaskReject = "TaskReject";

    /// <summary>Tells how far it is.</summary>
    public const string TaskUpdate = "TaskUpdate";

    /// <summary>Reports it done.</summary>
    public const string TaskComplete = "TaskComplete";

    /// <summary>Reports that it failed.</summary>
    public const string TaskFail = "TaskFail";
}

/// <summary>The message types of the Handoff mode, beside <c>SessionStart</c> and <c>Commitment</c>.</summary>
public static class HandoffMessages
{
    /// <summary>Offers a responsibility.</summary>
    public const string HandoffOffer = "HandoffOffer";

    /// <summary>Tells what the target needs to know.</summary>
    public const string HandoffContext = "HandoffContext";

    /// <summary>Takes it.</summary>
    public const string HandoffAccept = "HandoffAccept";

    /// <summary>Declines it.</summary>
    public const string HandoffDecline = "HandoffDecline";
}

/// <summary>The message types of the Quorum mode, beside <c>SessionStart</c> and <c>Commitment</c>.</summary>
public static class QuorumMessages
{
    /// <summary>Asks for approval.</summary>
    public const string ApprovalRequest = "ApprovalRequest";

    /// <summary>Approves.</summary>
    public const string Approve = "Approve";

    /// <summary>Rejects.</summary>
    public const string Reject = "Reject";

    /// <summary>Abstains.</summary>
    public const string Abstain = "Abstain";
}
