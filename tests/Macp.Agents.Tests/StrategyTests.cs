using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Agents.Tests;

public class StrategyTests
{
    [Fact]
    public async Task A_strategy_is_asked_until_it_votes_and_votes_once_a_proposal()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        var asked = new List<string>();
        var bob = decisions.Join("bob").VoteWith((proposal, context, _) =>
        {
            asked.Add($"{proposal.ProposalId} at {context.MessageType}");
            return ValueTask.FromResult(context.MessageType == "Evaluation" ? new VoteChoice("approve") : null);
        });
        var running = bob.RunAsync();
        await Soon.Holds(() => asked.Count > 0 && bob.Session.Projection.Proposals.Count == 1);

        await alice.EvaluateAsync("p1", "APPROVE", 1);
        await alice.AttachAsync();
        await alice.WaitForAsync(decision => decision.Votes.Count > 0).Happens();
        await alice.VoteAsync("p1", "APPROVE");
        await alice.CommitAsync(Decisions.Outcome);
        await running.Happens();

        Assert.Equal("p1 at Evaluation", asked[^1]);
        Assert.Equal(["alice", "bob"], alice.Projection.Votes["p1"].Keys.Order());
    }

    [Fact]
    public async Task One_that_is_started_again_does_not_vote_again()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        var earlier = decisions.Of("bob");
        var bob = decisions.Join("bob").VoteWith(async (_, context, token) =>
        {
            // What its earlier run has sent is read only now.
            await earlier.VoteAsync("p1", "REJECT", cancellationToken: token);
            await context.Session.WaitForAsync(decision => decision.Votes.Count > 0, token);
            return new("APPROVE");
        });
        var running = bob.RunAsync();
        await Soon.Holds(() => bob.Session.Projection.Votes.Count > 0);

        await alice.CommitAsync(Decisions.Outcome);

        Assert.Equal(SessionState.Resolved, (await running.Happens()).State);
        Assert.Equal("REJECT", bob.Session.Projection.Votes["p1"]["bob"].Vote);
    }

    [Fact]
    public async Task A_judgement_that_comes_too_late_is_not_sent()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        await alice.AttachAsync();
        int judged = 0;
        var bob = decisions.Join("bob").EvaluateWith(async (_, context, token) =>
        {
            judged++;
            await alice.VoteAsync("p1", "APPROVE", cancellationToken: token);
            await context.Session.WaitForAsync(decision => decision.Phase is DecisionMode.Phase.Voting, token);
            return new("APPROVE", 1);
        });
        var running = bob.RunAsync();
        await alice.WaitForAsync(decision => decision.Votes.Count > 0).Happens();

        await alice.CommitAsync(Decisions.Outcome);

        Assert.Equal(SessionState.Resolved, (await running.Happens()).State);
        Assert.Equal(1, judged);
        Assert.Empty(alice.Projection.Evaluations);
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_session_that_is_suspended_and_all_of_it_afterwards()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        await alice.SuspendAsync("lunch");
        var told = new TaskCompletionSource();
        var asked = new List<string>();
        var bob = decisions.Join("bob")
            .VoteWith((_, context, _) =>
            {
                asked.Add(context.MessageType);
                return ValueTask.FromResult<VoteChoice?>(new("approve"));
            })
            .On("SessionSuspend", (_, _) => { told.SetResult(); return Task.CompletedTask; })
            .OnError((_, _) => ValueTask.FromResult(ErrorAction.Continue)); // bob may read the proposal before he reads of the suspension
        var running = bob.RunAsync();
        await told.Task.Happens();
        await alice.AttachAsync();
        Assert.Empty(alice.Projection.Votes);

        await alice.ResumeAsync("back");
        await alice.WaitForAsync(decision => decision.Votes.Count > 0).Happens();
        await alice.CommitAsync(Decisions.Outcome);

        Assert.Equal(SessionState.Resolved, (await running.Happens()).State);
        Assert.DoesNotContain("SessionSuspend", asked);
    }

    [Fact]
    public async Task Whoever_may_not_commit_is_not_asked_to_and_who_may_commits_once_and_when_it_is_eligible()
    {
        await using var decisions = await Decisions.StartAsync();
        int askedBob = 0, askedAlice = 0;
        var bob = decisions.Join("bob").CommitWith((_, _) =>
        {
            askedBob++;
            return ValueTask.FromResult<CommitOptions?>(Decisions.Outcome);
        });
        var alice = decisions.Join("alice", new() { Initiator = new() { Start = Decisions.Start } })
            .CommitWith((_, _) =>
            {
                askedAlice++;
                return ValueTask.FromResult<CommitOptions?>(Decisions.Outcome);
            });

        var running = Task.WhenAll(alice.RunAsync(), bob.RunAsync());
        // At the start there is nothing to commit to yet.
        await Soon.Holds(() => askedAlice == 1);
        await bob.Session.ProposeAsync("p1", "monday");
        var results = await running.Happens();

        Assert.All(results, result => Assert.Equal("day.chosen", result.Commitment!.Action));
        Assert.Equal(0, askedBob);
        Assert.InRange(askedAlice, 1, 2); // the proposal may be there before the first answer is judged
    }

    [Theory]
    [InlineData(0.5, "APPROVE", "APPROVE", "REJECT")]
    [InlineData(0.6, "REJECT", "APPROVE", "REJECT")]
    [InlineData(0.5, "ABSTAIN", "REVIEW", "REVIEW")]
    [InlineData(1.0, "APPROVE", "APPROVE", "REVIEW")]
    [InlineData(0.5, "REJECT", "BLOCK", "REJECT")]
    public async Task The_majority_votes_as_the_evaluations_say(double threshold, string vote, params string[] recommendations)
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        var bob = decisions.Join("bob").VoteWith(new MajorityVoter { Threshold = threshold, MinimumEvaluations = 2 });
        var running = bob.RunAsync();
        await alice.AttachAsync();
        foreach (string recommendation in recommendations) await alice.EvaluateAsync("p1", recommendation, 1);
        await alice.WaitForAsync(decision => decision.Votes.Count > 0).Happens();
        Assert.Equal(vote, alice.Projection.Votes["p1"]["bob"].Vote);
        Assert.Equal(2, alice.Projection.Evaluations.Count);
        await bob.StopAsync();
        await running.Happens();
    }
}
