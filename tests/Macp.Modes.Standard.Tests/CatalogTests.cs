using Macp.Modes.MultiRound;

namespace Macp.Modes.Standard.Tests;

public sealed class CatalogTests
{
    [Fact]
    public void Every_built_in_mode_says_who_it_is() => Assert.Equal(
        ["macp.mode.decision.v1", "macp.mode.proposal.v1", "macp.mode.task.v1", "macp.mode.handoff.v1", "macp.mode.quorum.v1", "ext.multi_round.v1"],
        new[]
        {
            DecisionMode.Descriptor, ProposalMode.Descriptor, TaskMode.Descriptor, HandoffMode.Descriptor, QuorumMode.Descriptor, MultiRoundMode.Descriptor,
        }.Select(mode => mode.Identifier));
}
