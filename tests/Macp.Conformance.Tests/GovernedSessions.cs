using Macp.Client;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Conformance.Tests;

/// <summary>Under a policy, a session's projection says after every message what the runtime would do: for who started it, and for who comes late.</summary>
public class GovernedSessions
{
    const string Lead = "agent://lead", Ann = "agent://ann", Bob = "agent://bob", Board = "agent://board";

    [Fact]
    public async Task A_proposal_that_the_counterparties_accept() => Assert.Equal(
        ["--", "--", "--", "+-"],
        await VerdictsAsync<ProposalSession, ProposalProjection>(
            ProposalPolicy.Create("policy.test.proposal", "Others accept.", new() { Acceptance = new() { Criterion = AcceptanceCriterion.Counterparty } }),
            (client, options) => new(client, options),
            (projection, positive) => projection.CanCommit(positive) is null,
            (Lead, (session, call) => session.ProposeAsync(proposalId: "p", title: "t", call: call)),
            (Ann, (session, call) => session.AcceptAsync(proposalId: "p", call: call)),
            (Bob, (session, call) => session.AcceptAsync(proposalId: "p", call: call))));

    [Fact]
    public async Task A_rejection_that_the_policy_makes_a_terminal_one() => Assert.Equal(
        ["--", "--", "-+", "-+"],
        await VerdictsAsync<ProposalSession, ProposalProjection>(
            ProposalPolicy.Create("policy.test.proposal", "One no is a no.", new() { Rejection = new() { TerminalOnAnyReject = true } }),
            (client, options) => new(client, options),
            (projection, positive) => projection.CanCommit(positive) is null,
            (Lead, (session, call) => session.ProposeAsync(proposalId: "p", title: "t", call: call)),
            (Ann, (session, call) => session.RejectAsync(proposalId: "p", terminal: false, call: call)),
            (Ann, (session, call) => session.ProposeAsync(proposalId: "q", title: "t", call: call))));

    [Fact]
    public async Task A_bar_that_is_a_percentage_of_the_participants() => Assert.Equal(
        ["--", "--", "--", "+-"],
        await VerdictsAsync<QuorumSession, QuorumProjection>(
            QuorumPolicy.Create("policy.test.quorum", "Half of them.", new() { Threshold = new() { Type = ThresholdType.Percentage, Value = 50 } }),
            (client, options) => new(client, options),
            (projection, positive) => projection.CanCommit(positive) is null && projection.HasQuorum("r") == positive && projection.Threshold("r") == 2,
            (Lead, (session, call) => session.RequestApprovalAsync(requestId: "r", action: "deploy", requiredApprovals: 1, call: call)),
            (Ann, (session, call) => session.ApproveAsync(requestId: "r", call: call)),
            (Bob, (session, call) => session.ApproveAsync(requestId: "r", call: call))));

    [Fact]
    public async Task A_decision_by_majority() => Assert.Equal(
        ["--", "--", "+-", "+-", "-+"],
        await VerdictsAsync<DecisionSession, DecisionProjection>(
            DecisionPolicy.Create("policy.test.decision", "More for it than against.", new() { Voting = new() { Algorithm = VotingAlgorithm.Majority } }),
            (client, options) => new(client, options),
            (projection, positive) => projection.CanCommit(positive) is null,
            (Lead, (session, call) => session.ProposeAsync(proposalId: "p", option: "o", call: call)),
            (Ann, (session, call) => session.VoteAsync(proposalId: "p", vote: "APPROVE", call: call)),
            (Bob, (session, call) => session.VoteAsync(proposalId: "p", vote: "REJECT", call: call)),
            (Lead, (session, call) => session.VoteAsync(proposalId: "p", vote: "REJECT", call: call))));

    [Fact]
    public async Task Who_may_commit_is_whom_the_policy_designates()
    {
        var policy = DecisionPolicy.Create("policy.test.board", "The board.", commitment: new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = [Board] });
        await using var runtime = await RuntimeAsync(policy);
        var started = new DecisionSession(runtime.Connect(Lead), new() { PolicyVersion = policy.PolicyId });
        await started.StartAsync(Start);
        await started.ProposeAsync(proposalId: "p", option: "o");

        foreach (string sender in new[] { Lead, Ann, Board })
        {
            bool may = started.Projection.Session!.MayCommit(sender);
            var late = sender == Lead ? started : await LateAsync<DecisionSession, DecisionProjection>(new(runtime.Connect(sender), new() { SessionId = started.SessionId }), 2);
            Assert.Equal((sender, may), (sender, late.Projection.Session!.MayCommit(sender)));
            Assert.Equal((sender, may), (sender, (await late.CommitAsync(Outcome(true), new() { ThrowOnNack = false, ValidateLocally = false })).Ok));
        }
        Assert.Equal(SessionState.Resolved, (await started.MetadataAsync()).State);
    }

    static SessionStartOptions Start { get; } = new() { Intent = "settle it", Participants = [Lead, Ann, Bob], TimeToLive = TimeSpan.FromMinutes(5) };

    static CommitOptions Outcome(bool positive) => new() { Action = "matter.settled", AuthorityScope = "team", Reason = "so it came out", OutcomePositive = positive };

    static async Task<TestRuntime> RuntimeAsync(PolicyDescriptor policy)
    {
        var runtime = await TestRuntime.StartAsync(BuiltIns.AddTo);
        await runtime.Connect(Lead).RegisterPolicyAsync(policy);
        return runtime;
    }

    /// <summary>After the start and after each step, which signs the runtime takes: the projections must have said so.</summary>
    static async Task<List<string>> VerdictsAsync<TSession, TProjection>(
        PolicyDescriptor policy, Func<MacpClient, SessionOptions, TSession> create, Func<TProjection, bool, bool> may, params (string Who, Func<TSession, MacpCallOptions, Task<MacpAck>> Send)[] steps)
        where TSession : ModeSession<TProjection>
        where TProjection : class, IProjection
    {
        await using var runtime = await RuntimeAsync(policy);
        var verdicts = new List<string>();
        for (int told = 0; told <= steps.Length; told++) verdicts.Add(await VerdictAsync(true, told) + await VerdictAsync(false, told));
        return verdicts;

        async Task<string> VerdictAsync(bool positive, int told)
        {
            var started = create(runtime.Connect(Lead), new() { PolicyVersion = policy.PolicyId });
            await started.StartAsync(Start);
            foreach (var (who, send) in steps.Take(told)) await send(started, new() { Auth = MacpAuth.DevAgent(who) });
            var late = await LateAsync<TSession, TProjection>(create(runtime.Connect(Ann), new() { SessionId = started.SessionId }), told + 1);

            string state = await RuntimeFold.StateAsync(runtime, Lead, started.SessionId);
            Assert.Equal([state, state], [started.Projection.ToJson(), late.Projection.ToJson()]);
            bool[] said = [may(started.Projection, positive), may(late.Projection, positive)];
            var ack = await started.CommitAsync(Outcome(positive), new() { ThrowOnNack = false });
            Assert.Equal([ack.Ok, ack.Ok], said);
            return ack.Ok ? "+" : "-";
        }
    }

    static async Task<TSession> LateAsync<TSession, TProjection>(TSession session, int messages)
        where TSession : ModeSession<TProjection>
        where TProjection : class, IProjection
    {
        await foreach (var _ in session.FollowAsync())
            if (--messages == 0) break;
        return session;
    }
}
