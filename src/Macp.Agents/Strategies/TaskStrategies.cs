using Google.Protobuf;
using Macp.Client;
using Macp.Modes.Standard;

namespace Macp.Agents;

/// <summary>Takes tasks on, and does them.</summary>
public interface ITaskWorker
{
    /// <summary>Whether to take the task on: null for yes, else why not. Asked once of a task that the participant may take on.</summary>
    /// <param name="task">The task.</param>
    /// <param name="context">The message that it is asked at, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<string?> DeclineAsync(TaskMode.Request task, AgentContext<TaskSession> context, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    /// <summary>Does the task, once it is assigned to the participant; tells of its progress by the session, if it likes. Later messages wait for it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="context">The message that assigned it, and the session.</param>
    /// <param name="cancellationToken">Fires when the participant stops.</param>
    ValueTask<TaskReport> WorkAsync(TaskMode.Request task, AgentContext<TaskSession> context, CancellationToken cancellationToken);
}

/// <summary>A worker's last word.</summary>
public abstract record TaskReport
{
    TaskReport() { }

    /// <summary>It is done.</summary>
    /// <param name="Summary">What came of it, in words.</param>
    /// <param name="Output">What came of it; null for nothing but words.</param>
    public sealed record Completed(string Summary = "", ByteString? Output = null) : TaskReport;

    /// <summary>It cannot be done.</summary>
    /// <param name="ErrorCode">What went wrong, for programs.</param>
    /// <param name="Reason">What went wrong, for people.</param>
    /// <param name="IsRetryable">Whether another attempt may succeed.</param>
    public sealed record Failed(string ErrorCode, string Reason = "", bool IsRetryable = false) : TaskReport;
}

/// <summary>Lets workers take part in tasks.</summary>
public static class TaskStrategies
{
    /// <summary>Has a worker take the session's task on and report on it, each once. Where another participant was faster, there is nothing to do.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="worker">The worker.</param>
    public static MacpParticipant<TaskSession> WorkWith(this MacpParticipant<TaskSession> participant, ITaskWorker worker)
    {
        ArgumentNullException.ThrowIfNull(participant);
        ArgumentNullException.ThrowIfNull(worker);
        bool hasAnswered = false, hasReported = false;
        return participant.OnAny(async (context, cancellationToken) =>
        {
            if (!context.TakesPart() || context.Session.Projection is not { Task: { } task } projection) return;
            if (!hasAnswered && projection.Phase is TaskMode.Phase.Requested && MayTake(task, context) && !projection.Rejections.ContainsKey(context.ParticipantId))
            {
                string? declined = await worker.DeclineAsync(task, context, cancellationToken).ConfigureAwait(false);
                if (declined is null) await TakeAsync(task, context, cancellationToken).ConfigureAwait(false);
                else await context.Session.RejectTaskAsync(task.TaskId, reason: declined, cancellationToken: cancellationToken).ConfigureAwait(false);
                hasAnswered = true;
            }
            if (hasReported || projection.Phase is not TaskMode.Phase.InProgress || task.ActiveAssignee != context.ParticipantId) return;
            hasReported = true;
            var report = await worker.WorkAsync(task, context, cancellationToken).ConfigureAwait(false);
            await ReportAsync(task, report, context.Session, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <inheritdoc cref="WorkWith(MacpParticipant{TaskSession}, ITaskWorker)"/>
    public static MacpParticipant<TaskSession> WorkWith(
        this MacpParticipant<TaskSession> participant, Func<TaskMode.Request, AgentContext<TaskSession>, CancellationToken, ValueTask<TaskReport>> worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        return participant.WorkWith(new Willing(worker));
    }

    static bool MayTake(TaskMode.Request task, AgentContext<TaskSession> context) =>
        task.RequestedAssignee.Length > 0 ? task.RequestedAssignee == context.ParticipantId : task.Requester != context.ParticipantId;

    static async Task TakeAsync(TaskMode.Request task, AgentContext<TaskSession> context, CancellationToken cancellationToken)
    {
        // A task for anybody goes to the fastest; that is no fault of the others.
        var call = new MacpCallOptions { ThrowOnNack = task.RequestedAssignee.Length > 0 };
        var ack = await context.Session.AcceptTaskAsync(task.TaskId, call: call, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!ack.Ok) context.Logger.TaskIsTaken(context.ParticipantId, task.TaskId, ack.Error?.Message ?? "");
    }

    static Task ReportAsync(TaskMode.Request task, TaskReport report, TaskSession session, CancellationToken cancellationToken) => report switch
    {
        TaskReport.Completed done => session.CompleteAsync(task.TaskId, output: done.Output, summary: done.Summary, cancellationToken: cancellationToken),
        TaskReport.Failed failed => session.FailAsync(task.TaskId, errorCode: failed.ErrorCode, reason: failed.Reason, retryable: failed.IsRetryable, cancellationToken: cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(report)),
    };

    sealed class Willing(Func<TaskMode.Request, AgentContext<TaskSession>, CancellationToken, ValueTask<TaskReport>> work) : ITaskWorker
    {
        public ValueTask<TaskReport> WorkAsync(TaskMode.Request task, AgentContext<TaskSession> context, CancellationToken cancellationToken) => work(task, context, cancellationToken);
    }
}
