using Google.Protobuf;
using Macp.Wire.Modes.Task.V1;
using Assignment = Macp.Modes.Standard.Tests.Governing.Bound<Macp.Modes.Standard.TaskMode>;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>What a policy rules about a task (RFC-MACP-0012 section 4).</summary>
public sealed class TaskPolicyTests
{
    const string Lead = Assignment.Lead, Ana = Assignment.Ana, Ben = Assignment.Ben;

    [Theory]
    [InlineData(false, "", null)]
    [InlineData(true, "the output", null)]
    [InlineData(true, "", "POLICY_DENIED")]
    public void A_completion_needs_an_output_where_the_policy_says_so(bool required, string output, string? code)
    {
        var told = Accepted(new() { Completion = new() { RequireOutput = required } }).Say(Ana, new TaskCompletePayload { TaskId = "t", Output = ByteString.CopyFromUtf8(output) });

        Assert.Equal(code, told.Code(true));
        if (code is not null) Assert.StartsWith("completion.require_output: ", Assert.Single(told.Commit(true)!.Reasons));
        Assert.Equal("INVALID_ENVELOPE", told.Code(false));
    }

    [Fact]
    public void A_failure_needs_no_output() =>
        Assert.Null(Accepted(new() { Completion = new() { RequireOutput = true } }).Say(Ana, new TaskFailPayload { TaskId = "t" }).Code(false));

    [Fact]
    public void Before_the_report_the_mode_refuses_and_not_the_policy() =>
        Assert.Equal("INVALID_ENVELOPE", Accepted(new() { Completion = new() { RequireOutput = true } }).Code(true));

    [Fact]
    public void A_rejection_is_final_unless_the_policy_allows_reassignment()
    {
        foreach (bool allowed in (bool[])[false, true])
        {
            var told = Requested(new() { Assignment = new() { AllowReassignmentOnReject = allowed } }).Say(Ana, new TaskRejectPayload { TaskId = "t" });

            // POLICY_DENIED answers a commitment only (decisions 13).
            Assert.Equal(allowed ? null : "INVALID_ENVELOPE", told.Judge(Ben, new TaskAcceptPayload { TaskId = "t" })?.Code.Value);
        }
    }

    [Fact]
    public void An_assignee_gives_the_task_back_only_where_the_policy_allows_reassignment()
    {
        foreach (bool allowed in (bool[])[false, true])
        {
            var told = Accepted(new() { Assignment = new() { AllowReassignmentOnReject = allowed } });

            Assert.Equal(allowed ? null : "INVALID_ENVELOPE", told.Judge(Ana, new TaskRejectPayload { TaskId = "t" })?.Code.Value);
            Assert.Equal("INVALID_ENVELOPE", told.Judge(Ben, new TaskRejectPayload { TaskId = "t" })?.Code.Value);
        }
    }

    static Assignment Requested(TaskRules rules) => new Assignment(TaskPolicy.Create("policy.test", "A test's.", rules)).Say(Lead, new TaskRequestPayload { TaskId = "t" });

    static Assignment Accepted(TaskRules rules) => Requested(rules).Say(Ana, new TaskAcceptPayload { TaskId = "t" });
}
