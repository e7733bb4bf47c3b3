using System.Diagnostics;
using Macp.Modes.MultiRound;
using Macp.Testing;
using Xunit.Abstractions;

namespace Macp.Modes.Standard.Tests.Exploring;

/// <summary>
/// Everything that the built-in modes can come to, within bounds, under the default policy. What only grows (evaluations, updates, rejections that
/// end nothing) is explored to a depth; without it a mode is explored to the end, so that no dead end can hide behind the bound.
/// </summary>
public sealed class ExplorationTests(ITestOutputHelper output)
{
    static readonly ExplorationOptions Two = new(), Three = Two with { Participants = ["ada", "bob", "cyd"], Depth = 20 };

    [Fact]
    public void Decision() => CanBeCommitted(Explore<DecisionMode>(
        20_000, (Two with { Depth = 5 }).Trying("recommendation", "APPROVE", "block").Trying("confidence", 1).Trying("severity", "", "critical").Trying("vote", "APPROVE", "reject")));

    [Fact]
    public void Decision_to_the_end() => ToTheEnd(Explore<DecisionMode>(
        10_000, Three.Trying("Evaluation.proposal_id").Trying("Objection.proposal_id").Trying("vote", "APPROVE", "REJECT")));

    [Fact]
    public void A_decision_without_participants_can_only_be_cancelled_or_expire()
    {
        var found = Explore<DecisionMode>(1, Two with { Participants = [] });

        Assert.Null(found.ToPositiveOutcome ?? found.ToNegativeOutcome);
        Explained(found, ("nobody may propose (decisions 7)", end => end.Path.Count == 0));
    }

    [Fact]
    public void Proposal() => CanBeCommitted(Explore<ProposalMode>(10_000, Two with { Depth = 5 }), IdsUsedUp);

    [Fact]
    public void Proposal_to_the_end() => ToTheEnd(Explore<ProposalMode>(1_000, Three.Trying("Reject.proposal_id")), IdsUsedUp);

    [Fact]
    public void Task() => CanBeCommitted(Explore<TaskMode>(300, OneTask(Three with { Depth = 8 })), RejectedForGood);

    [Fact]
    public void Task_to_the_end() => ToTheEnd(Explore<TaskMode>(80, OneTask(Three).Trying("TaskUpdate.task_id")), RejectedForGood);

    [Fact]
    public void A_task_of_an_initiator_who_takes_no_part() =>
        ToTheEnd(Explore<TaskMode>(80, OneTask(Three with { Initiator = "zoe" }).Trying("TaskUpdate.task_id")), RejectedForGood);

    [Fact]
    public void Handoff() => CanBeCommitted(Explore<HandoffMode>(700, Three with { Depth = 9 }));

    [Fact]
    public void Handoff_to_the_end() => ToTheEnd(Explore<HandoffMode>(50, Three.Trying("HandoffContext.handoff_id")));

    [Fact]
    public void Quorum()
    {
        var found = Explore<QuorumMode>(500, Three.Trying("required_approvals", 0, 1, 2, 3, 4));

        CanBeCommitted(found);
        ToTheEnd(found);
    }

    [Fact]
    public void Multi_round() => CanBeCommitted(Explore<MultiRoundMode>(200, (Three with { Depth = 10 }).Trying("value", "", "x", "y")));

    // The mode would go on with a third id.
    static (string, Func<DeadEnd, bool>) IdsUsedUp => ("both proposals of an exploration with two ids are withdrawn, and the ids used up",
        end => end.Phase == "Negotiating" && end.Path[^1].Type == "Withdraw" && end.Path.Count(message => message.Type == "Withdraw") == 2);

    // Nobody may take a rejected task on, so that no report can follow: it is cancelled, or expires.
    static (string, Func<DeadEnd, bool>) RejectedForGood => ("the default policy does not allow reassignment after a rejection (decisions 13)",
        end => end.Phase == "Requested" && end.Path[^1].Type == "TaskReject");

    static ExplorationOptions OneTask(ExplorationOptions options) => options.Trying("deadline_unix_ms", 0).Trying("progress", 0.5);

    Exploration Explore<TMode>(int atLeast, ExplorationOptions options)
        where TMode : IMode
    {
        var watch = Stopwatch.StartNew();
        var found = ModeExplorer.Explore<TMode>(options);
        output.WriteLine($"{TMode.Descriptor.Title}, to depth {options.Depth} in {watch.ElapsedMilliseconds} ms: {found}");
        foreach (var end in found.DeadEnds.Take(5)) output.WriteLine($"  dead end: {end}");

        Assert.True(found.States >= atLeast, $"only {found.States} states were visited");
        Assert.False(found.HitMaxStates);
        Assert.Null(found.PastCommitment);
        return found;
    }

    /// <summary>Both signs can be committed, every phase is reached, and a commitment can follow on everything but for the reasons given.</summary>
    static void CanBeCommitted(Exploration found, params ReadOnlySpan<(string Reason, Func<DeadEnd, bool> Explains)> reasons)
    {
        Assert.True(found.ToPositiveOutcome is not null, "no commitment to a positive outcome was reached");
        Assert.True(found.ToNegativeOutcome is not null, "no commitment to a negative outcome was reached");
        Assert.Empty(found.UnreachedPhases);
        Explained(found, reasons);
    }

    /// <summary>There is nothing that was not visited, so that all dead ends are known.</summary>
    static void ToTheEnd(Exploration found, params ReadOnlySpan<(string Reason, Func<DeadEnd, bool> Explains)> reasons)
    {
        Assert.Equal(0, found.UnexploredStates);
        Explained(found, reasons);
    }

    static void Explained(Exploration found, params ReadOnlySpan<(string Reason, Func<DeadEnd, bool> Explains)> reasons)
    {
        var left = found.DeadEnds.ToList();
        foreach (var (reason, explains) in reasons) Assert.True(left.RemoveAll(end => explains(end)) > 0, $"no dead end is there any more because {reason}");
        Assert.Empty(left);
    }
}
