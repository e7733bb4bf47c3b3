using Google.Protobuf;
using Macp.Wire.Modes.Task.V1;

namespace Macp.Modes.Standard;

/// <summary>One delegated task: requested, taken on, worked at, and reported as complete or failed (RFC-MACP-0009).</summary>
[Mode("macp.mode.task.v1", Title = "Task Mode",
    Description = "One delegated task: requested by the initiator, accepted by an assignee, and committed once it is reported as complete or failed.",
    Participants = ParticipantModel.Orchestrated, Determinism = DeterminismClass.StructuralOnly, Rules = typeof(TaskRules))]
public sealed partial class TaskMode
{
    /// <summary>How far the task has come.</summary>
    public enum Phase
    {
        /// <summary>Nothing is requested yet.</summary>
        Pending,

        /// <summary>The task waits for somebody who takes it on.</summary>
        Requested,

        /// <summary>An assignee works at it.</summary>
        InProgress,

        /// <summary>The assignee has reported completion.</summary>
        Completed,

        /// <summary>The assignee has reported failure.</summary>
        Failed,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>What readers are told of the task.</summary>
    public enum Status
    {
        /// <summary>It waits for somebody who takes it on.</summary>
        Requested,

        /// <summary>Somebody has rejected it, and nobody works at it.</summary>
        Rejected,

        /// <summary>Somebody has taken it on.</summary>
        Accepted,

        /// <summary>The assignee has told of its progress.</summary>
        InProgress,

        /// <summary>It is complete.</summary>
        Completed,

        /// <summary>It has failed.</summary>
        Failed,
    }

    /// <summary>The task that was requested, and who works at it now.</summary>
    public sealed record Request(
        string TaskId, string Title, string Instructions, string RequestedAssignee, ByteString Input, long DeadlineUnixMs, string Requester, string? ActiveAssignee = null);

    /// <summary>A rejection of the task.</summary>
    public sealed record Refusal(string Reason, string Sender);

    /// <summary>Word of the assignee's progress.</summary>
    public sealed record Update(string TaskId, string Status, double Progress, string Message, ByteString PartialOutput, string Sender);

    /// <summary>The assignee's last word: completion with a summary and an output, or failure with a code, a reason, and whether another attempt may succeed.</summary>
    public sealed record Report(
        Phase Outcome, string TaskId, string Assignee, string Summary, ByteString Output, string ErrorCode = "", string Reason = "", bool Retryable = false);

    /// <summary>What the accepted history adds up to.</summary>
    public sealed partial class State
    {
        /// <summary>The task; a session has one.</summary>
        public Request? Task { get; internal set; }

        /// <summary>Who rejected it.</summary>
        public Dictionary<string, Refusal> Rejections { get; } = new(StringComparer.Ordinal);

        /// <summary>What was told of its progress.</summary>
        public List<Update> Updates { get; } = [];

        /// <summary>How it ended.</summary>
        public Report? TerminalReport { get; internal set; }
    }

    [StartRule(Says = "a participant other than the initiator is there to take the task on")]
    static Rejection? SomebodyCanRespond(SessionContext session) => session.Participants.Any(name => name != session.Initiator) ? null
        : Rejection.InvalidEnvelope("participants must name somebody other than the initiator, to whom the task can go");

    [Message<Phase>("TaskRequest", From = Role.Initiator, MovesTo = Phase.Requested, Client = "Request")]
    [Required(nameof(TaskRequestPayload.TaskId)), NamesParticipant(nameof(TaskRequestPayload.RequestedAssignee), Optional = true), OncePerSession(In = nameof(State.Task))]
    static void Requested(State state, TaskRequestPayload task, MessageContext message) =>
        state.Task = new(task.TaskId, task.Title, task.Instructions, task.RequestedAssignee, task.Input, task.DeadlineUnixMs, message.Sender);

    [Message<Phase>("TaskAccept", During = [Phase.Requested], MovesTo = Phase.InProgress, Client = "AcceptTask", Anomaly = "duplicate_task_accept")]
    [References(nameof(TaskAcceptPayload.TaskId), In = nameof(State.Task), By = nameof(EligibleResponder)), NamesSender(nameof(TaskAcceptPayload.Assignee))]
    static void Accepted(State state, TaskAcceptPayload _, MessageContext message) => state.Task = state.Task! with { ActiveAssignee = message.Sender };

    [Guard("TaskAccept", Says = "nobody has rejected the task, or the policy allows reassignment")]
    static Rejection? MayBeReassigned(State state, TaskRules rules) => state.Rejections.Count == 0 || rules.Assignment.AllowReassignmentOnReject ? null
        : Rejection.InvalidEnvelope("the task was rejected, and the policy does not allow reassignment");

    [Message<Phase>("TaskReject", During = [Phase.Requested, Phase.InProgress], MovesTo = Phase.Requested, Client = "RejectTask")]
    [References(nameof(TaskRejectPayload.TaskId), In = nameof(State.Task), By = nameof(EligibleResponder))]
    [NamesSender(nameof(TaskRejectPayload.Assignee))]
    [OncePerSender(In = nameof(State.Rejections))]
    static void Rejected(State state, TaskRejectPayload rejection, MessageContext message)
    {
        state.Rejections.Add(message.Sender, new(rejection.Reason, message.Sender));
        state.Task = state.Task! with { ActiveAssignee = null };
    }

    [Guard("TaskReject", Says = "nobody works at the task, or the sender does and the policy allows reassignment")]
    static Rejection? MayBeGivenBack(State state, MessageContext message, TaskRules rules) =>
        state.Task!.ActiveAssignee is not { } assignee || (assignee == message.Sender && rules.Assignment.AllowReassignmentOnReject) ? null
            : Rejection.InvalidEnvelope("the task has an active assignee, and only it can give the task back, where the policy allows reassignment");

    [Message<Phase>("TaskUpdate", During = [Phase.InProgress], Client = "Update")]
    [References(nameof(TaskUpdatePayload.TaskId), In = nameof(State.Task), By = nameof(Request.ActiveAssignee))]
    static void Updated(State state, TaskUpdatePayload update, MessageContext message) =>
        state.Updates.Add(new(update.TaskId, update.Status, update.Progress, update.Message, update.PartialOutput, message.Sender));

    [Message<Phase>("TaskComplete", During = [Phase.InProgress], MovesTo = Phase.Completed, Client = "Complete")]
    [References(nameof(TaskCompletePayload.TaskId), In = nameof(State.Task), By = nameof(Request.ActiveAssignee))]
    [NamesSender(nameof(TaskCompletePayload.Assignee))]
    static void Completed(State state, TaskCompletePayload report, MessageContext message) =>
        state.TerminalReport = new(Phase.Completed, report.TaskId, message.Sender, report.Summary, report.Output);

    [Message<Phase>("TaskFail", During = [Phase.InProgress], MovesTo = Phase.Failed, Client = "Fail")]
    [References(nameof(TaskFailPayload.TaskId), In = nameof(State.Task), By = nameof(Request.ActiveAssignee))]
    [NamesSender(nameof(TaskFailPayload.Assignee))]
    static void Failed(State state, TaskFailPayload report, MessageContext message) =>
        state.TerminalReport = new(Phase.Failed, report.TaskId, message.Sender, "", ByteString.Empty, report.ErrorCode, report.Reason, report.Retryable);

    [Commitment<Phase>(MovesTo = Phase.Committed, Positive = "the assignee has reported completion", PositiveDuring = [Phase.Completed],
        Negative = "the assignee has reported failure", NegativeDuring = [Phase.Failed])]
    static Rejection? IsReported(State state, bool positive) => state.TerminalReport?.Outcome == (positive ? Phase.Completed : Phase.Failed) ? null
        : Rejection.InvalidEnvelope(positive ? "a positive outcome needs a TaskComplete" : "a negative outcome needs a TaskFail");

    /// <summary>What has become of the task; null for one that was never requested.</summary>
    public static Status? StatusOf(State state, string taskId) => state.Task is not { } task || task.TaskId != taskId ? null
        : state.TerminalReport is { } report ? report.Outcome is Phase.Completed ? Status.Completed : Status.Failed
        : task.ActiveAssignee is null ? state.Rejections.Count > 0 ? Status.Rejected : Status.Requested
        : state.Updates.Exists(update => update.Sender == task.ActiveAssignee) ? Status.InProgress : Status.Accepted;

    /// <summary>Whether somebody works at the task.</summary>
    public static bool IsAccepted(State state, string taskId) => StatusOf(state, taskId) is Status.Accepted or Status.InProgress;

    /// <summary>Whether the task is complete.</summary>
    public static bool IsComplete(State state, string taskId) => StatusOf(state, taskId) is Status.Completed;

    /// <summary>Whether the task has failed.</summary>
    public static bool IsFailed(State state, string taskId) => StatusOf(state, taskId) is Status.Failed;

    /// <summary>Whether the task has failed and another attempt may succeed.</summary>
    public static bool IsRetryable(State state, string taskId) => IsFailed(state, taskId) && state.TerminalReport!.Retryable;

    /// <summary>How far the task has come, from 0 to 1 as its assignee counts: 1 when it is complete, 0 before the first word or for a task that is not known.</summary>
    public static double ProgressOf(State state, string taskId) =>
        IsComplete(state, taskId) ? 1 : state.Task?.TaskId == taskId ? LatestProgress(state) ?? 0 : 0;

    /// <summary>The progress that was told last; null before the first word.</summary>
    public static double? LatestProgress(State state) => state.Updates.Count == 0 ? null : state.Updates[^1].Progress;

    /// <summary>The task as long as it is neither rejected nor reported on; a session has at most one.</summary>
    public static IReadOnlyList<Request> ActiveTasks(State state) =>
        state.Task is { TaskId: var id } task && (IsAccepted(state, id) || StatusOf(state, id) is Status.Requested) ? [task] : [];

    // Whoever the task asks for; anybody but the initiator where it asks for nobody.
    static bool EligibleResponder(State state, MessageContext message, SessionContext session) =>
        state.Task!.RequestedAssignee is { Length: > 0 } requested ? message.Sender == requested : message.Sender != session.Initiator;
}
