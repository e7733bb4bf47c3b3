using Macp.Wire.Modes.Task.V1;

namespace Macp.Modes.Sketches;

/// <summary>One delegated task, sketched: a single entry, and a sender that its state names (RFC-MACP-0009).</summary>
[Mode("macp.mode.task.v1", Participants = ParticipantModel.Orchestrated, Determinism = DeterminismClass.StructuralOnly, Rules = typeof(TaskRules))]
public sealed partial class TaskMode
{
    public enum Phase { Pending, Requested, InProgress, Completed, Failed, Committed }

    public sealed record TaskEntry(string TaskId, string Title, string Instructions, string RequestedAssignee, string Requester, long DeadlineUnixMs)
    {
        public string? Assignee { get; init; }
    }

    public sealed record Update(string Status, double Progress, string Message);

    public sealed record Report(bool Completed, string Summary, bool HasOutput, bool Retryable);

    public sealed partial class State
    {
        public TaskEntry? Task { get; internal set; }
        public Dictionary<string, string> Rejections { get; } = new(StringComparer.Ordinal);
        public List<Update> Updates { get; } = [];
        public Report? TerminalReport { get; internal set; }
    }

    [StartRule]
    static Rejection? SomebodyCanRespond(SessionContext session) => session.Participants.Any(p => p != session.Initiator)
        ? null
        : Rejection.InvalidEnvelope("participants must name somebody other than the initiator, to whom the task can go");

    [Message<Phase>("TaskRequest", From = Role.Initiator, MovesTo = Phase.Requested, Client = "Request")]
    [Required(nameof(TaskRequestPayload.TaskId))]
    [NamesParticipant(nameof(TaskRequestPayload.RequestedAssignee), Optional = true)]
    [OncePerSession(In = nameof(State.Task))]
    static void Requested(State state, TaskRequestPayload task, MessageContext message) =>
        state.Task = new(task.TaskId, task.Title, task.Instructions, task.RequestedAssignee, message.Sender, task.DeadlineUnixMs);

    [Message<Phase>("TaskAccept", During = [Phase.Requested], MovesTo = Phase.InProgress, Client = "AcceptTask")]
    [References(nameof(TaskAcceptPayload.TaskId), In = nameof(State.Task), By = nameof(EligibleResponder))]
    [NamesSender(nameof(TaskAcceptPayload.Assignee))]
    static void Accepted(State state, MessageContext message, TaskAcceptPayload _) => state.Task = state.Task! with { Assignee = message.Sender };

    [Guard("TaskAccept")]
    static Rejection? MayBeReassigned(State state, TaskRules rules) => state.Rejections.Count == 0 || rules.AllowReassignmentOnReject
        ? null
        : Rejection.InvalidEnvelope("the task was rejected, and the policy does not allow reassignment");

    [Message<Phase>("TaskReject", During = [Phase.Requested, Phase.InProgress], MovesTo = Phase.Requested, Client = "RejectTask")]
    [References(nameof(TaskRejectPayload.TaskId), In = nameof(State.Task), By = nameof(EligibleResponder))]
    [NamesSender(nameof(TaskRejectPayload.Assignee))]
    [OncePerSender(In = nameof(State.Rejections))]
    static void Rejected(State state, TaskRejectPayload rejection, MessageContext message)
    {
        state.Rejections.Add(message.Sender, rejection.Reason);
        state.Task = state.Task! with { Assignee = null };
    }

    [Guard("TaskReject")]
    static Rejection? MayBeGivenBack(State state, MessageContext message, TaskRules rules) =>
        state.Task!.Assignee is not { } assignee || (assignee == message.Sender && rules.AllowReassignmentOnReject)
            ? null
            : Rejection.InvalidEnvelope("the task has an active assignee who cannot give it back");

    [Message<Phase>("TaskUpdate", During = [Phase.InProgress], Client = "Update")]
    [References(nameof(TaskUpdatePayload.TaskId), In = nameof(State.Task), By = nameof(TaskEntry.Assignee))]
    static void Updated(State state, TaskUpdatePayload update) => state.Updates.Add(new(update.Status, update.Progress, update.Message));

    [Message<Phase>("TaskComplete", During = [Phase.InProgress], MovesTo = Phase.Completed, Client = "Complete")]
    [References(nameof(TaskCompletePayload.TaskId), In = nameof(State.Task), By = nameof(TaskEntry.Assignee))]
    [NamesSender(nameof(TaskCompletePayload.Assignee))]
    static void Completed(State state, TaskCompletePayload report) => state.TerminalReport = new(true, report.Summary, report.Output.Length > 0, false);

    [Message<Phase>("TaskFail", During = [Phase.InProgress], MovesTo = Phase.Failed, Client = "Fail")]
    [References(nameof(TaskFailPayload.TaskId), In = nameof(State.Task), By = nameof(TaskEntry.Assignee))]
    [NamesSender(nameof(TaskFailPayload.Assignee))]
    static void Failed(State state, TaskFailPayload report) => state.TerminalReport = new(false, report.Reason, false, report.Retryable);

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? IsReported(State state, bool positive) => state.TerminalReport?.Completed == positive
        ? null
        : Rejection.InvalidEnvelope(positive ? "a positive commitment needs a TaskComplete" : "a negative commitment needs a TaskFail");

    /// <summary>How far the assignee has come; null before its first word.</summary>
    public static double? LatestProgress(State state) => state.Updates.Count == 0 ? null : state.Updates[^1].Progress;

    // Whoever the task asks for; anybody but the initiator where it asks for nobody.
    static bool EligibleResponder(State state, MessageContext message, SessionContext session) => state.Task switch
    {
        { Assignee: not null } => true, // what an active assignee, and anybody else, may do then is the guards' to say
        { RequestedAssignee: "" } => message.Sender != session.Initiator,
        { RequestedAssignee: var requested } => message.Sender == requested,
        _ => false,
    };
}

/// <summary>The rules of a task.</summary>
public sealed record TaskRules(bool AllowReassignmentOnReject = false, bool RequireOutput = false) : IModeRules<TaskRules>
{
    public static TaskRules Default { get; } = new();
}
