using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>Task: a planner delegates one task, a worker accepts it, reports progress and completes it, and the planner commits to the result.</summary>
static class TaskSample
{
    public static Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        return SampleStage.PlayAsync(cancellationToken,
            token => stage.NarrateAsync(new TaskSession(stage.Connect("planner"), new() { SessionId = id }), token),
            token => PlannerAsync(stage, id, token),
            token => WorkerAsync(stage, id, token));
    }

    static async Task PlannerAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var task = new TaskSession(stage.Connect("planner"), new() { SessionId = id });
        await task.StartAsync(new() { Intent = "summarise the incident", Participants = ["worker"], TimeToLive = TimeSpan.FromMinutes(5) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.RequestAsync("summary", "Summary", "Summarise the incident in one sentence.", requestedAssignee: "worker", cancellationToken: cancellationToken).ConfigureAwait(false);

        await task.WaitForAsync(state => state.TerminalReport is not null, cancellationToken).ConfigureAwait(false);
        // What failed is committed too, as a negative outcome.
        bool isComplete = task.Projection.IsComplete("summary");
        await task.CommitAsync(new()
        {
            Action = isComplete ? CommitmentActions.TaskCompleted : CommitmentActions.TaskFailed,
            AuthorityScope = "the incident",
            Reason = $"the worker has reported after {task.Projection.Updates.Count} update",
        }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    static async Task WorkerAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var task = new TaskSession(stage.Connect("worker"), new() { SessionId = id });
        await task.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.WaitForAsync(state => state.Task is not null, cancellationToken).ConfigureAwait(false);
        await task.AcceptTaskAsync("summary", cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.UpdateAsync("summary", "reading", progress: 0.5, cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.CompleteAsync("summary", output: ByteString.CopyFromUtf8("A disk was full."), cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
