using Macp.Modes.MultiRound;
using Macp.Protocol;

namespace Macp.Modes.Standard.Tests;

/// <summary>The state diagrams of the built-in modes, against thousands of messages that the modes themselves decide: no edge too many, and none too few.</summary>
public sealed class TransitionTests
{
    // A diagram tells what may happen under any policy.
    static readonly object?[] Rules =
    [
        null,
        new TaskRules { Assignment = new() { AllowReassignmentOnReject = true } },
        new ProposalRules { Acceptance = new() { Criterion = AcceptanceCriterion.Initiator } },
        new ProposalRules { Acceptance = new() { Criterion = AcceptanceCriterion.Counterparty } },
    ];

    static readonly ModeCatalog Modes = new ModeCatalog()
        .Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();

    public static TheoryData<string> Identifiers => [.. Modes.All.Select(mode => mode.Descriptor.Identifier)];

    [Theory]
    [MemberData(nameof(Identifiers))]
    public void Every_transition_that_is_drawn_happens_and_no_other(string identifier)
    {
        var mode = Modes.Newest(identifier)!;
        var happened = Rules.SelectMany(rules => new RandomWalk(mode, new PolicyBinding("test", rules)).Transitions(sessions: 500, messages: 14)).ToHashSet();
        var drawn = PhaseTransition.Of(mode.Descriptor).SelectMany(BothSigns).ToHashSet();

        Assert.Empty(drawn.Except(happened));
        Assert.Empty(happened.Except(drawn));
    }

    static IEnumerable<PhaseTransition> BothSigns(PhaseTransition edge) => edge is { Message: MessageTypes.Commitment, OutcomePositive: null }
        ? [edge with { OutcomePositive = true }, edge with { OutcomePositive = false }] : [edge];
}
