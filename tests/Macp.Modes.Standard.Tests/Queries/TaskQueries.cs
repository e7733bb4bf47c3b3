using Google.Protobuf;
using Macp.Wire.Modes.Task.V1;
using static Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.TaskMode, Macp.Modes.Standard.TaskProjection>;
using Delegation = Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.Standard.TaskMode, Macp.Modes.Standard.TaskProjection>;
using Status = Macp.Modes.Standard.TaskMode.Status;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>What a delegation's projection answers.</summary>
public sealed class TaskQueries
{
    [Fact]
    public void The_task_is_told_with_who_asks_and_who_works_at_it()
    {
        var told = new Delegation().Say(Lead, new TaskRequestPayload { TaskId = "t", Title = "build", Instructions = "all of it", RequestedAssignee = Ana, DeadlineUnixMs = 5 });
        var task = told.Projection.Task!;
        Assert.Equal(("t", "build", "all of it", Ana, 5, Lead, null), (task.TaskId, task.Title, task.Instructions, task.RequestedAssignee, task.DeadlineUnixMs, task.Requester, task.ActiveAssignee));

        Assert.Equal(Ana, told.Say(Ana, Accept()).Projection.Task!.ActiveAssignee);
        Assert.Null(new Delegation().Projection.Task);
    }

    [Fact]
    public void A_task_becomes_complete()
    {
        var told = new Delegation();
        Assert.Equal((null, 0, null), How(told));
        Assert.Equal((Status.Requested, 0, null), How(told.Say(Lead, Request())));
        Assert.Equal((Status.Accepted, 0, null), How(told.Say(Ana, Accept())));
        Assert.Equal((Status.InProgress, 0.25, 0.25), How(told.Say(Ana, Update(0.25))));
        Assert.Equal((Status.InProgress, 0.2, 0.2), How(told.Say(Ana, Update(0.2))));
        Assert.Equal((Status.Completed, 1, 0.2), How(told.Say(Ana, Complete())));
        Assert.Equal((Status.Completed, 1, 0.2), How(told.Commit(true)));
    }

    [Fact]
    public void A_task_fails_where_it_had_come_to()
    {
        var told = Accepted().Say(Ana, Update(0.5)).Say(Ana, Fail(retryable: true));

        Assert.Equal((Status.Failed, 0.5, 0.5), How(told));
        Assert.Equal((false, false, true, true), (told.Projection.IsAccepted("t"), told.Projection.IsComplete("t"), told.Projection.IsFailed("t"), told.Projection.IsRetryable("t")));
    }

    [Fact]
    public void Whether_to_try_again_is_the_assignees_word()
    {
        Assert.False(Accepted().Say(Ana, Fail(retryable: false)).Projection.IsRetryable("t"));
        Assert.False(Accepted().Say(Ana, Complete()).Projection.IsRetryable("t"));
        Assert.False(Accepted().Projection.IsRetryable("t"));
    }

    [Fact]
    public void A_rejection_is_on_record_and_no_report()
    {
        var told = new Delegation().Say(Lead, Request()).Say(Ana, new TaskRejectPayload { TaskId = "t", Reason = "busy" });

        Assert.Equal(Status.Rejected, told.Projection.StatusOf("t"));
        Assert.Equal([new(Ana, new("busy", Ana))], told.Projection.Rejections);
        Assert.Null(told.Projection.TerminalReport);
        Assert.Equal(TaskMode.Phase.Requested, told.Projection.Phase);
    }

    [Fact]
    public void A_report_tells_all_of_it()
    {
        Assert.Equal(
            new(TaskMode.Phase.Completed, "t", Ana, "done", ByteString.CopyFromUtf8("artifact")), Accepted().Say(Ana, Complete()).Projection.TerminalReport);
        Assert.Equal(
            new(TaskMode.Phase.Failed, "t", Ana, "", ByteString.Empty, "DISK_FULL", "no room", true), Accepted().Say(Ana, Fail(retryable: true)).Projection.TerminalReport);
    }

    [Fact]
    public void Updates_are_told_with_partial_outputs()
    {
        var told = Accepted().Say(Ana, new TaskUpdatePayload { TaskId = "t", Status = "compiling", Progress = 0.1, Message = "on it", PartialOutput = ByteString.CopyFromUtf8("log") });

        Assert.Equal([new("t", "compiling", 0.1, "on it", ByteString.CopyFromUtf8("log"), Ana)], told.Projection.Updates);
    }

    [Fact]
    public void A_task_is_accepted_while_somebody_works_at_it()
    {
        Assert.False(new Delegation().Say(Lead, Request()).Projection.IsAccepted("t"));
        Assert.True(Accepted().Projection.IsAccepted("t"));
        Assert.True(Accepted().Say(Ana, Update(0)).Projection.IsAccepted("t"));
        Assert.False(Accepted().Say(Ana, Complete()).Projection.IsAccepted("t"));
    }

    [Fact]
    public void A_task_is_active_until_it_is_rejected_or_reported_on()
    {
        Assert.Empty(new Delegation().Projection.ActiveTasks);
        Assert.Equal("t", Assert.Single(new Delegation().Say(Lead, Request()).Projection.ActiveTasks).TaskId);
        Assert.Single(Accepted().Projection.ActiveTasks);
        Assert.Single(Accepted().Say(Ana, Update(0.5)).Projection.ActiveTasks);
        Assert.Empty(new Delegation().Say(Lead, Request()).Say(Ana, new TaskRejectPayload { TaskId = "t" }).Projection.ActiveTasks);
        Assert.Empty(Accepted().Say(Ana, Complete()).Projection.ActiveTasks);
        Assert.Empty(Accepted().Say(Ana, Fail(retryable: true)).Projection.ActiveTasks);
    }

    [Fact]
    public void Of_another_task_nothing_is_known()
    {
        var projection = Accepted().Say(Ana, Update(0.5)).Say(Ana, Fail(retryable: true)).Projection;

        Assert.Null(projection.StatusOf("other"));
        Assert.Equal((false, false, false, 0), (projection.IsAccepted("other"), projection.IsFailed("other"), projection.IsRetryable("other"), projection.ProgressOf("other")));
    }

    [Fact]
    public void The_phase_and_what_may_be_committed_follow_the_report()
    {
        var told = new Delegation();
        Assert.Equal((TaskMode.Phase.Pending, ""), Standing(told));
        Assert.Equal((TaskMode.Phase.Requested, ""), Standing(told.Say(Lead, Request())));
        Assert.Equal((TaskMode.Phase.InProgress, ""), Standing(told.Say(Ana, Accept())));
        Assert.Equal((TaskMode.Phase.InProgress, ""), Standing(told.Say(Ana, Update(1))));
        Assert.Equal((TaskMode.Phase.Failed, "-"), Standing(told.Say(Ana, Fail(retryable: false))));
        Assert.Equal((TaskMode.Phase.Committed, ""), Standing(told.Commit(false)));
        Assert.Equal((TaskMode.Phase.Completed, "+"), Standing(Accepted().Say(Ana, Complete())));
    }

    [Fact]
    public void What_a_reader_holds_does_not_change()
    {
        var told = Accepted().Say(Ana, Update(0.5));
        var (task, updates, active) = (told.Projection.Task!, told.Projection.Updates, told.Projection.ActiveTasks);

        told.Say(Ana, Update(0.75)).Say(Ana, Complete());

        Assert.Equal((Ana, 1, 1), (task.ActiveAssignee, updates.Count, active.Count));
        Copies.AreHandedOut(() => told.Projection.Updates);
        var rejected = new Delegation().Say(Lead, Request()).Say(Ana, new TaskRejectPayload { TaskId = "t" }).Projection;
        Copies.AreHandedOut(() => rejected.Rejections);
    }

    static Delegation Accepted() => new Delegation().Say(Lead, Request()).Say(Ana, Accept());

    static (Status?, double, double?) How(Delegation told) => (told.Projection.StatusOf("t"), told.Projection.ProgressOf("t"), told.Projection.LatestProgress);

    static (TaskMode.Phase, string) Standing(Delegation told) => (told.Projection.Phase, told.Signs(told.Projection.CanCommit));

    static TaskRequestPayload Request() => new() { TaskId = "t", Title = "build" };

    static TaskAcceptPayload Accept() => new() { TaskId = "t" };

    static TaskUpdatePayload Update(double progress) => new() { TaskId = "t", Progress = progress };

    static TaskCompletePayload Complete() => new() { TaskId = "t", Summary = "done", Output = ByteString.CopyFromUtf8("artifact") };

    static TaskFailPayload Fail(bool retryable) => new() { TaskId = "t", ErrorCode = "DISK_FULL", Reason = "no room", Retryable = retryable };
}
