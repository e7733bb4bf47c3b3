using Macp.Client;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Agents.Tests;

/// <summary>Every mode is played to its end by agents alone, each with a connection of its own.</summary>
public class ModeTests
{
    readonly string _id = Macp.Protocol.SessionIds.New();

    [Fact]
    public async Task A_decision_is_evaluated_voted_and_committed()
    {
        await using var runtime = await StartAsync();
        var judge = (DecisionMode.Proposal proposal, AgentContext<DecisionSession> _, CancellationToken _) =>
            ValueTask.FromResult<EvaluationChoice?>(new(proposal.Option == "monday" ? "approve" : "reject", 0.9, "seen"));
        var lead = Initiate<DecisionSession>(runtime, "Proposal", """{"proposal_id":"p1","option":"monday"}""", c => new(c, Id()))
            .EvaluateWith(judge).VoteWith(new MajorityVoter { MinimumEvaluations = 2 }).CommitWith(new MajorityCommitter { MinimumApprovals = 2, Action = "day.chosen" });
        var bob = new MacpParticipant<DecisionSession>(new(runtime.Connect("bob"), Id())).EvaluateWith(judge).VoteWith(new MajorityVoter { MinimumEvaluations = 2 })
            .CommitWith(new MajorityCommitter());

        var result = await PlayAsync(lead.RunAsync(), bob.RunAsync());

        Assert.Equal(("day.chosen", true), (result.Commitment!.Action, result.Commitment.OutcomePositive));
        Assert.Contains("monday", result.Commitment.Reason);
        Assert.Equal(2, lead.Session.Projection.VoteTotals["p1"]);
        Assert.Equal(2, lead.Session.Projection.Evaluations.Count);
        Assert.Empty(lead.Session.Projection.Anomalies);
    }

    [Fact]
    public async Task A_decision_that_nobody_wants_is_declined()
    {
        await using var runtime = await StartAsync();
        var reject = (DecisionMode.Proposal _, AgentContext<DecisionSession> _, CancellationToken _) => ValueTask.FromResult<VoteChoice?>(new("reject"));
        var lead = Initiate<DecisionSession>(runtime, "Proposal", """{"proposal_id":"p1","option":"monday"}""", c => new(c, Id()))
            .VoteWith(reject).CommitWith(new MajorityCommitter { DeclineAction = "day.declined" });

        var result = await PlayAsync(lead.RunAsync(), new MacpParticipant<DecisionSession>(new(runtime.Connect("bob"), Id())).VoteWith(reject).RunAsync());

        Assert.Equal(("day.declined", false), (result.Commitment!.Action, result.Commitment.OutcomePositive));
    }

    [Theory]
    [InlineData(QuorumMode.Ballot.Approve, "deploy", true)]
    [InlineData(QuorumMode.Ballot.Reject, "deploy.rejected", false)]
    public async Task A_quorum_is_voted_and_committed_either_way(QuorumMode.Ballot ballot, string action, bool positive)
    {
        await using var runtime = await StartAsync();
        var cast = (QuorumMode.ApprovalRequest _, AgentContext<QuorumSession> _, CancellationToken _) => ValueTask.FromResult<BallotChoice?>(new(ballot, "so it is"));
        var lead = Initiate<QuorumSession>(runtime, "ApprovalRequest", """{"request_id":"r1","action":"deploy","required_approvals":2}""", c => new(c, Id()))
            .BallotWith(cast).CommitWith(new ReadyCommitter<QuorumSession> { Action = "deploy", NegativeAction = "deploy.rejected" });

        var result = await PlayAsync(lead.RunAsync(), new MacpParticipant<QuorumSession>(new(runtime.Connect("bob"), Id())).BallotWith(cast).RunAsync());

        Assert.Equal((action, positive), (result.Commitment!.Action, result.Commitment.OutcomePositive));
        Assert.All(lead.Session.Projection.Ballots.Values, cast => Assert.Equal(ballot, cast));
    }

    [Fact]
    public async Task A_negotiation_goes_past_a_counter_offer_to_an_agreement()
    {
        await using var runtime = await StartAsync();
        var lead = Initiate<ProposalSession>(runtime, "Proposal", """{"proposal_id":"p1","title":"100"}""", c => new(c, Id()))
            .AnswerWith((offer, _, _) => ValueTask.FromResult<OfferAnswer?>(offer.Title == "90" ? new OfferAnswer.Accept("fair") : null))
            .CommitWith(new ReadyCommitter<ProposalSession> { Action = "price.agreed" });
        var bob = new MacpParticipant<ProposalSession>(new(runtime.Connect("bob"), Id()))
            .AnswerWith((offer, context, _) => ValueTask.FromResult<OfferAnswer?>(offer.Proposer == context.ParticipantId ? new OfferAnswer.Accept() : new OfferAnswer.Counter("p2", "90")));

        var result = await PlayAsync(lead.RunAsync(), bob.RunAsync());

        Assert.Equal("price.agreed", result.Commitment!.Action);
        Assert.Equal("p1", lead.Session.Projection.Proposals["p2"].SupersedesProposalId);
    }

    [Fact]
    public async Task A_rejection_for_good_does_not_end_the_run_before_the_commitment()
    {
        await using var runtime = await StartAsync();
        var lead = Initiate<ProposalSession>(runtime, "Proposal", """{"proposal_id":"p1","title":"100"}""", c => new(c, Id()))
            .CommitWith(new ReadyCommitter<ProposalSession> { Action = "price.agreed", NegativeAction = "price.rejected" });
        var bob = new MacpParticipant<ProposalSession>(new(runtime.Connect("bob"), Id()))
            .AnswerWith((_, _, _) => ValueTask.FromResult<OfferAnswer?>(new OfferAnswer.Reject("never", IsTerminal: true)));

        Assert.Equal("price.rejected", (await PlayAsync(lead.RunAsync(), bob.RunAsync())).Commitment!.Action);
    }

    [Fact]
    public async Task A_task_is_taken_on_by_one_of_two_done_and_committed()
    {
        await using var runtime = await StartAsync();
        int done = 0;
        var lead = Initiate<TaskSession>(runtime, "TaskRequest", """{"task_id":"t1","title":"count"}""", c => new(c, Id()), "alice", "bob", "carol")
            .CommitWith(new ReadyCommitter<TaskSession> { Action = "task.completed", NegativeAction = "task.failed" });
        MacpParticipant<TaskSession> Worker(string name) => new MacpParticipant<TaskSession>(new(runtime.Connect(name), Id())).WorkWith(async (task, context, token) =>
        {
            Interlocked.Increment(ref done);
            await context.Session.UpdateTaskAsync(task.TaskId, progress: 0.5, cancellationToken: token);
            return new TaskReport.Completed("counted");
        });

        var result = await PlayAsync(lead.RunAsync(), Worker("bob").RunAsync(), Worker("carol").RunAsync());

        Assert.Equal("task.completed", result.Commitment!.Action);
        Assert.Equal(1, done);
        Assert.Equal(0.5, lead.Session.Projection.LatestProgress);
    }

    [Fact]
    public async Task A_task_that_fails_is_committed_as_failed()
    {
        await using var runtime = await StartAsync();
        var lead = Initiate<TaskSession>(runtime, "TaskRequest", """{"task_id":"t1","requested_assignee":"bob"}""", c => new(c, Id()))
            .CommitWith(new ReadyCommitter<TaskSession> { Action = "task.completed", NegativeAction = "task.failed" });
        var bob = new MacpParticipant<TaskSession>(new(runtime.Connect("bob"), Id()))
            .WorkWith((_, _, _) => ValueTask.FromResult<TaskReport>(new TaskReport.Failed("no_data", "there is nothing to count", IsRetryable: true)));

        Assert.Equal("task.failed", (await PlayAsync(lead.RunAsync(), bob.RunAsync())).Commitment!.Action);
        Assert.True(lead.Session.Projection.IsRetryable("t1"));
    }

    [Fact]
    public async Task A_handoff_that_is_declined_is_offered_again_and_its_agents_stay()
    {
        await using var runtime = await StartAsync();
        var lead = Initiate<HandoffSession>(runtime, "HandoffOffer", """{"handoff_id":"h1","target_participant":"bob"}""", c => new(c, Id()), "alice", "bob", "carol")
            .OnPhase(HandoffMode.Phase.Declined, (context, token) => context.Session.OfferAsync("h2", "carol", cancellationToken: token))
            .CommitWith(new ReadyCommitter<HandoffSession> { Action = "handoff.accepted" });
        MacpParticipant<HandoffSession> Receiver(string name, bool accepts) =>
            new MacpParticipant<HandoffSession>(new(runtime.Connect(name), Id())).ReceiveWith((_, _, _) => ValueTask.FromResult<HandoffAnswer?>(new(accepts, "so it is")));

        var result = await PlayAsync(lead.RunAsync(), Receiver("bob", false).RunAsync(), Receiver("carol", true).RunAsync());

        Assert.Equal("handoff.accepted", result.Commitment!.Action);
        Assert.True(lead.Session.Projection.IsDeclined("h1") && lead.Session.Projection.IsAccepted("h2"));
    }

    [Fact]
    public async Task Values_converge_round_by_round()
    {
        await using var runtime = await StartAsync();
        MacpParticipant<MultiRoundSession> Agreeing(MacpParticipant<MultiRoundSession> participant, string own) => participant.ContributeWith((context, _) =>
        {
            var others = context.Session.Projection.Contributions.Values.Append(own);
            return ValueTask.FromResult<string?>(others.Min(StringComparer.Ordinal));
        });
        var lead = Agreeing(Initiate<MultiRoundSession>(runtime, "Contribute", """{"value":"7"}""", c => new(c, Id())), "7")
            .CommitWith(new ReadyCommitter<MultiRoundSession> { Action = "value.agreed" });

        var result = await PlayAsync(lead.RunAsync(), Agreeing(new(new(runtime.Connect("bob"), Id())), "5").RunAsync());

        Assert.Equal("value.agreed", result.Commitment!.Action);
        Assert.Equal("5", lead.Session.Projection.ConvergedValue);
    }

    SessionOptions Id() => new() { SessionId = _id };

    static Task<TestRuntime> StartAsync() => TestRuntime.StartAsync(modes =>
        modes.Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>());

    static MacpParticipant<TSession> Initiate<TSession>(TestRuntime runtime, string kickoff, string payload, Func<MacpClient, TSession> session, params string[] participants)
        where TSession : class, IModeSession => new(session(runtime.Connect("alice")), new()
        {
            Initiator = new()
            {
                Start = new() { Intent = "play", Participants = participants is [] ? ["alice", "bob"] : participants, TimeToLive = TimeSpan.FromMinutes(5) },
                Kickoff = Kickoff.OfJson(kickoff, System.Text.Json.JsonDocument.Parse(payload).RootElement),
            },
        });

    static async Task<ParticipantResult> PlayAsync(params Task<ParticipantResult>[] agents)
    {
        var results = await Task.WhenAll(agents).Happens();
        Assert.All(results, result => Assert.Equal(SessionState.Resolved, result.State));
        Assert.All(results, result => Assert.Equal(results[0].Commitment, result.Commitment));
        return results[0];
    }
}
