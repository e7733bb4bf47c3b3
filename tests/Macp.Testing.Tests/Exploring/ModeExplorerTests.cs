using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Tests.Exploring;

/// <summary>The explorer, by modes whose states are counted by hand.</summary>
public sealed class ModeExplorerTests
{
    [Fact]
    public void It_visits_every_state_once_and_tries_everything_in_each()
    {
        var found = ModeExplorer.Explore(Ladder.Mode);

        // Unlocked on rung 0 to 3, locked on 1 to 3, committed on 1 and 2.
        Assert.Equal(9, found.States);
        // Two climb from three rungs, two lock on three, one commits on two.
        Assert.Equal(14, found.Transitions);
        Assert.Equal(new() { ["Step"] = 6, ["Lock"] = 6, ["Commitment"] = 2 }, found.Accepted.ToDictionary());
        // Three senders have four messages in each state, of which eve may send none and bob no commitment.
        Assert.Equal(9 * (4 + 2), found.Refused[ErrorCode.Forbidden]);
        Assert.Equal(9 * 12 - 14, found.Refused.Values.Sum());
        Assert.False(found.HitMaxStates);
        Assert.Equal(0, found.UnexploredStates);
    }

    [Fact]
    public void It_tells_the_phases_and_the_shortest_way_to_each_sign()
    {
        var found = ModeExplorer.Explore(Ladder.Mode);

        Assert.Equal(["Climbing", "Committed"], found.Phases);
        Assert.Equal(["Falling"], found.UnreachedPhases);
        Assert.Equal("Step Step Commitment", Types(found.ToPositiveOutcome!));
        Assert.Equal("Step Commitment", Types(found.ToNegativeOutcome!));
        Assert.True(((CommitmentPayload)found.ToPositiveOutcome![^1].Payload).OutcomePositive);
        Assert.Null(found.PastCommitment);
    }

    [Fact]
    public void A_dead_end_is_told_where_it_is_entered_and_by_the_shortest_way()
    {
        var found = ModeExplorer.Explore(Ladder.Mode);

        Assert.Equal(["Step Lock", "Step Step Step", "Step Step Lock"], found.DeadEnds.Select(end => Types(end.Path)));
        Assert.Equal("""{"locked":true,"rung":1}""", found.DeadEnds[0].State);
        Assert.Equal("Climbing after Step of ada { }, Lock of ada { }", found.DeadEnds[0].ToString());
        // The locked third rung lies behind the third.
        Assert.Equal(4, found.DeadStates);
    }

    [Fact]
    public void A_state_at_the_depth_bound_is_not_called_dead()
    {
        var found = ModeExplorer.Explore(Ladder.Mode, new() { Depth = 2 });

        // Rung 2, the locked first, and the committed first are as far as two messages lead.
        Assert.Equal((5, 3), (found.States, found.UnexploredStates));
        Assert.Empty(found.DeadEnds);
        Assert.Null(found.ToPositiveOutcome);
    }

    [Fact]
    public void A_start_that_leads_nowhere_is_a_dead_end_without_a_way()
    {
        var stuck = ModeExplorer.Explore(new(Ladder.Descriptor(("Lock", Google.Protobuf.WellKnownTypes.Empty.Descriptor)), Ladder.Mode.Open));

        Assert.Equal("Climbing after the start", Assert.Single(stuck.DeadEnds).ToString());
    }

    [Fact]
    public void It_stops_at_the_most_states_and_says_so()
    {
        var found = ModeExplorer.Explore(Ladder.Mode, new() { MaxStates = 4 });

        Assert.Equal(4, found.States);
        Assert.True(found.HitMaxStates);
        Assert.Empty(found.DeadEnds);
        Assert.Contains("stopped at the most states", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_due_may_come_at_any_moment()
    {
        var found = ModeExplorer.Explore(Ladder.WithTimer);

        // A lock is no dead end any more; the third rung still is.
        Assert.Equal("Step Step Step", Types(Assert.Single(found.DeadEnds).Path));
        Assert.Equal(3, found.Accepted["Unlock"]);
    }

    [Fact]
    public void A_client_cannot_send_what_comes_due() =>
        Assert.DoesNotContain("Unlock", ModeExplorer.Explore(new(Ladder.WithTimer.Descriptor, Ladder.Mode.Open)).Accepted.Keys);

    [Fact]
    public void A_message_after_the_commitment_is_told()
    {
        var found = ModeExplorer.Explore(Ladder.Unbound);

        Assert.Equal("Step Commitment Step", Types(found.PastCommitment!));
    }

    [Fact]
    public void A_mode_that_changes_in_deciding_is_found_out()
    {
        var broken = Assert.Throws<InvalidOperationException>(() => ModeExplorer.Explore(Ladder.Careless));

        Assert.Contains("changed its state in deciding, after the start", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_the_mode_refuses_is_the_caller_s_mistake() =>
        Assert.Contains("at least 1", Assert.Throws<ArgumentException>(() => ModeExplorer.Explore(Ladder.Mode, new() { Participants = [] })).Message, StringComparison.Ordinal);

    static string Types(IEnumerable<ExploredMessage> path) => string.Join(' ', path.Select(message => message.Type));
}
