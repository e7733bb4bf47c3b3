using System.Diagnostics;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Samples.Tests;

/// <summary>Each sample runs, and tells what it always tells.</summary>
public class SampleTests
{
    static readonly Dictionary<string, string[]> Told = new(StringComparer.Ordinal)
    {
        ["decision"] =
        [
            "chair       SessionStart",
            "chair       Proposal  [Proposal -> Evaluation]",
            "ann         Evaluation",
            "bob         Evaluation",
            "ann         Vote  [Evaluation -> Voting]",
            "bob         Vote",
            "chair       Commitment  [Voting -> Committed]",
            "Resolved: decision.selected, 2 voted for monday",
        ],
        ["proposal"] =
        [
            "seller      SessionStart",
            "seller      Proposal",
            "buyer       CounterProposal",
            "seller      Accept",
            "buyer       Accept  [Negotiating -> Converged]",
            "seller      Commitment  [Converged -> Committed]",
            "Resolved: proposal.accepted, both accept discount: 1000 a month, for a year",
        ],
        ["task"] =
        [
            "planner     SessionStart",
            "planner     TaskRequest  [Pending -> Requested]",
            "worker      TaskAccept  [Requested -> InProgress]",
            "worker      TaskUpdate",
            "worker      TaskComplete  [InProgress -> Completed]",
            "planner     Commitment  [Completed -> Committed]",
            "Resolved: task.completed, the worker has reported after 1 update",
        ],
        ["handoff"] =
        [
            "day         SessionStart",
            "day         HandoffOffer  [Pending -> OfferPending]",
            "day         HandoffContext  [OfferPending -> ContextSharing]",
            "night       HandoffAccept  [ContextSharing -> Accepted]",
            "day         Commitment  [Accepted -> Committed]",
            "Resolved: handoff.accepted, night has it",
        ],
        ["quorum"] =
        [
            "deployer    SessionStart",
            "deployer    ApprovalRequest  [Pending -> Voting]",
            "ann         Approve",
            "bob         Reject",
            "cleo        Approve",
            "deployer    Commitment  [Voting -> Committed]",
            "Resolved: quorum.approved, 2 of 3 approve",
        ],
        ["multi-round"] =
        [
            "lead        SessionStart",
            "ann         Contribute",
            "bob         Contribute",
            "cleo        Contribute",
            "ann         Contribute  [Gathering -> Converged]",
            "lead        Commitment  [Converged -> Committed]",
            "Resolved: estimate.agreed, 8 days after 4 contributions",
        ],
        ["direct-auth"] =
        [
            "guarded: The credential is for 'planner', so it cannot send as 'worker'. Name no sender, or pass that sender's credential.",
            "the observer may not take part; it reads:",
            "planner     SessionStart",
            "planner     TaskRequest",
            "worker      TaskAccept",
            "worker      TaskComplete",
            "planner     Commitment",
        ],
        ["policy"] =
        [
            "chair       SessionStart",
            "chair       Proposal  [Proposal -> Evaluation]",
            "ann         Vote  [Evaluation -> Voting]",
            "bob         Vote",
            "cleo        Vote",
            "auditor     Commitment  [Voting -> Committed]",
            "Resolved: decision.selected, auditor commits, by a vote of 3",
            "before, it was denied: voting.quorum: 2 of 4 participants have voted; 3 must",
            "before, it was denied: voting: the vote fails under 'supermajority', with 1 for and 1 against; it needs a share of at least 0.66 for it",
        ],
        ["cancel-callback"] =
        [
            "agent       SessionStart",
            "_runtime    SessionCancel",
            "Cancelled",
            "the callback took the secret, and nobody without it",
        ],
        ["supervisor"] =
        [
            "session 1  CREATED, there before the watch",
            "session 1  SUSPENDED",
            "session 1  RESUMED",
            "session 1  RESOLVED",
            "session 2  CREATED",
            "session 2  CANCELLED",
            "session 3  CREATED",
            "session 3  EXPIRED",
        ],
    };

    public static TheoryData<string> Names => [.. Sample.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_sample_tells_its_story(string name)
    {
        await using var runtime = await TestRuntime.StartAsync(
            modes => modes.Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>());
        // What needs tokens brings a runtime that has them.
        string[] where = Sample.All.Single(sample => sample.Name == name).Tokens is null ? ["--endpoint", runtime.Endpoint.Authority] : [];

        var (status, output, error) = await RunAsync([name, .. where]);

        Assert.Equal((0, ""), (status, error));
        Assert.Equal(Told[name], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Without_a_name_the_samples_are_listed()
    {
        var (status, output, error) = await RunAsync();

        Assert.Equal((0, ""), (status, error));
        Assert.Equal(Told.Keys, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("nothing"), InlineData("decision", "--endpoint"), InlineData("decision", "--endpoint", "host/path"), InlineData("decision", "more")]
    public async Task What_names_no_sample_is_wrong_usage(params string[] args)
    {
        var (status, output, error) = await RunAsync(args);

        Assert.Equal((2, ""), (status, output));
        Assert.StartsWith("usage: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_that_fails_says_why()
    {
        await using var withoutModes = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());

        var (status, output, error) = await RunAsync("task", "--endpoint", withoutModes.Endpoint.Authority);

        Assert.Equal((1, ""), (status, output));
        Assert.StartsWith("task: MODE_NOT_SUPPORTED: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_built_command_runs_one_with_a_runtime_of_its_own()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Macp.Samples.dll"), "quorum"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync();

        Assert.Equal((0, ""), (process.ExitCode, await error));
        Assert.Equal(Told["quorum"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    static async Task<(int Status, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        int status = await SampleCommand.RunAsync(args, TextWriter.Synchronized(output), error).WaitAsync(TimeSpan.FromMinutes(3));
        return (status, output.ToString(), error.ToString());
    }
}
