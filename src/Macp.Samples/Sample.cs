namespace Macp.Samples;

/// <summary>A sample by its name.</summary>
/// <param name="Name">What the command calls it.</param>
/// <param name="Description">What it shows.</param>
/// <param name="RunAsync">Plays it.</param>
/// <param name="Tokens">The tokens of the runtime that is started for it; null for one in development mode, to which a caller's token is its name.</param>
sealed record Sample(string Name, string Description, Func<SampleStage, CancellationToken, Task> RunAsync, string? Tokens = null)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        new("decision", "a chair asks, members evaluate and vote, the majority's choice binds", DecisionSample.RunAsync),
        new("proposal", "two peers negotiate by proposal and counter-proposal until both accept the same", ProposalSample.RunAsync),
        new("task", "a planner delegates a task; a worker accepts it, reports progress, and completes it", TaskSample.RunAsync),
        new("handoff", "a responsibility is handed over with its context", HandoffSample.RunAsync),
        new("quorum", "an action is approved by two of three", QuorumSample.RunAsync),
        new("multi-round", "agents contribute values round by round until they converge", MultiRoundSample.RunAsync),
        new("direct-auth", "an initiator, a worker and an observer, each by a credential of its own that is guarded", DirectAuthSample.RunAsync, DirectAuthSample.Tokens),
        new("policy", "agents read the bound policy, and whoever it designates commits when it allows", PolicySample.RunAsync),
        new("cancel-callback", "an agent is cancelled by HTTP, and cancels its session for everybody", CancelCallbackSample.RunAsync),
        new("supervisor", "a supervisor watches sessions come and go", SupervisorSample.RunAsync),
    ];
}
