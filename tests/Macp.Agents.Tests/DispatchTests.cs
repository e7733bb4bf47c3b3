using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Agents.Tests;

public class DispatchTests
{
    [Fact]
    public async Task Handlers_of_the_type_are_told_first_then_those_of_any_then_those_of_the_phase_and_the_end()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        await alice.CommitAsync(Decisions.Outcome);
        var told = new List<string>();
        Func<AgentContext<DecisionSession>, CancellationToken, Task> Note(string who) => async (context, _) =>
        {
            await Task.Yield();
            told.Add($"{who}:{context.MessageType}");
        };
        var bob = decisions.Join("bob")
            .OnAnyPhase(Note("any phase")).OnPhase(DecisionMode.Phase.Evaluation, Note("phase")).OnAny(Note("any"))
            .On("Proposal", Note("first")).On<ProposalPayload>((_, context, token) => Note("second")(context, token))
            .OnTerminal((result, _) => { told.Add($"end:{result.State}"); return Task.CompletedTask; });

        await bob.RunAsync().Happens();

        Assert.Equal(
            ["any:SessionStart", "first:Proposal", "second:Proposal", "any:Proposal", "phase:Proposal", "any phase:Proposal", "any:Commitment", "any phase:Commitment", "end:Resolved"],
            told);
    }

    [Fact]
    public async Task A_payload_is_decoded_once_for_all_handlers_of_its_message()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        await alice.CommitAsync(Decisions.Outcome);
        var payloads = new List<ProposalPayload>();
        var bob = decisions.Join("bob")
            .On<ProposalPayload>((payload, _, _) => { payloads.Add(payload); return Task.CompletedTask; })
            .On<ProposalPayload>("Proposal", (payload, _, _) => { payloads.Add(payload); return Task.CompletedTask; });

        await bob.RunAsync().Happens();

        Assert.Equal("monday", payloads[0].Option);
        Assert.Same(payloads[0], payloads[1]);
        Assert.Equal(2, payloads.Count);
    }

    [Fact]
    public async Task What_the_mode_does_not_have_cannot_be_waited_for()
    {
        await using var decisions = await Decisions.StartAsync();
        var bob = decisions.Join("bob");

        Assert.Contains("Evaluation", Assert.Throws<ArgumentException>(() => bob.On("Evaluated", (_, _) => Task.CompletedTask)).Message);
        Assert.Throws<ArgumentException>(() => bob.On<VotePayload>("Proposal", (_, _, _) => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => bob.On<Macp.Wire.Modes.Quorum.V1.ApprovePayload>((_, _, _) => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => bob.OnPhase("Voted", (_, _) => Task.CompletedTask));
        bob.On(MessageTypes.SessionSuspend, (_, _) => Task.CompletedTask);
    }

    [Fact]
    public async Task A_participant_tells_what_it_listens_to()
    {
        await using var decisions = await Decisions.StartAsync();
        var bob = decisions.Join("bob");
        Assert.False(bob.HasHandlersFor("Vote"));
        Assert.False(bob.HasTerminalHandler);

        bob.On("Vote", (_, _) => Task.CompletedTask).OnPhase("Voting", (_, _) => Task.CompletedTask).OnTerminal((_, _) => Task.CompletedTask);

        Assert.True(bob.HasHandlersFor("Vote"));
        Assert.False(bob.HasHandlersFor("Proposal"));
        Assert.True(bob.OnAny((_, _) => Task.CompletedTask).HasHandlersFor("Proposal"));
        Assert.Equal(["Vote"], bob.HandledMessageTypes);
        Assert.Equal(["Voting"], bob.HandledPhases);
        Assert.True(bob.HasTerminalHandler);
    }
}
