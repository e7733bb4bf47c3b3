namespace Macp.Modes.Standard;

/// <summary>What a policy may rule about a task (RFC-MACP-0012 section 4).</summary>
public sealed record TaskRules : IModeRules<TaskRules>
{
    /// <inheritdoc/>
    public static TaskRules Default { get; } = new();

    /// <summary>To whom the task may go.</summary>
    public AssignmentRules Assignment { get; init; } = new();

    /// <summary>What a completion must bring.</summary>
    public CompletionRules Completion { get; init; } = new();

    /// <summary>To whom the task may go.</summary>
    public sealed record AssignmentRules
    {
        /// <summary>Whether others may take the task on after somebody rejected it, and an assignee may give it back.</summary>
        public bool AllowReassignmentOnReject { get; init; }
    }

    /// <summary>What a completion must bring.</summary>
    public sealed record CompletionRules
    {
        /// <summary>Whether a positive outcome needs an output.</summary>
        public bool RequireOutput { get; init; }
    }
}
