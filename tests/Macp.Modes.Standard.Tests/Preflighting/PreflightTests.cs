using Macp.Client;
using Macp.Protocol;
using Macp.Testing;

namespace Macp.Modes.Standard.Tests.Preflighting;

/// <summary>What a session that is followed refuses before the wire, against a runtime; and that the runtime says the same where it is asked.</summary>
public sealed class PreflightTests : IAsyncLifetime
{
    static readonly MacpCallOptions Unchecked = new() { ValidateLocally = false };

    readonly CancellationTokenSource _stop = new();
    TestRuntime _runtime = null!;
    string _session = "";
    int _calls;

    public async Task InitializeAsync() => _runtime = await TestRuntime.StartAsync(modes => modes.Add<QuorumMode>().Add<DecisionMode>());

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _runtime.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_second_vote_is_not_sent()
    {
        var (ada, bob) = await QuorumAsync();
        await bob.WaitForAsync((await bob.ApproveAsync("r")).MessageId);

        await RefusedAsync("bob", ErrorCode.InvalidEnvelope, call => bob.RejectAsync("r", call: call));
        await ada.ApproveAsync("r");
    }

    [Fact]
    public async Task A_request_more_and_an_id_that_is_taken_are_not_sent()
    {
        var (ada, _) = await QuorumAsync();
        await RefusedAsync("ada", ErrorCode.InvalidEnvelope, call => ada.RequestApprovalAsync("another", requiredApprovals: 1, call: call));

        var decider = await DecisionAsync();
        await decider.WaitForAsync((await decider.ProposeAsync("p", "yes")).MessageId);
        await RefusedAsync("ada", ErrorCode.InvalidEnvelope, call => decider.ProposeAsync("p", "no", call: call));
        await decider.ProposeAsync("q", "no");
    }

    [Fact]
    public async Task A_proposal_after_the_first_vote_is_not_sent()
    {
        var decider = await DecisionAsync();
        await decider.ProposeAsync("p", "yes");
        await decider.WaitForAsync((await decider.VoteAsync("p", "approve")).MessageId);

        await RefusedAsync("ada", ErrorCode.InvalidEnvelope, call => decider.ProposeAsync("q", "no", call: call));
        await RefusedAsync("ada", ErrorCode.InvalidEnvelope, call => decider.RaiseObjectionAsync("p", call: call));
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_session_that_is_committed()
    {
        var (ada, bob) = await QuorumAsync();
        await bob.ApproveAsync("r");
        string id = (await ada.CommitAsync(Commitment)).MessageId;
        await bob.WaitForAsync(id);
        await ada.WaitForAsync(id);

        await RefusedAsync("bob", ErrorCode.SessionNotOpen, call => bob.AbstainAsync("r", call: call));
        await RefusedAsync("ada", ErrorCode.SessionNotOpen, call => ada.CommitAsync(Commitment, call));
    }

    [Fact]
    public async Task Who_may_not_commit_does_not_send_a_commitment()
    {
        var (_, bob) = await QuorumAsync();
        await RefusedAsync("bob", ErrorCode.Forbidden, call => bob.CommitAsync(Commitment, call));
    }

    [Fact]
    public async Task What_a_later_message_may_mend_is_sent()
    {
        var (ada, bob) = await QuorumAsync();

        await AskedAsync(() => bob.ApproveAsync("unknown", call: Counted("bob")));
        await AskedAsync(() => ada.CommitAsync(Commitment, Counted("ada")));
    }

    [Fact]
    public async Task A_message_that_is_in_the_history_may_be_sent_again()
    {
        var (_, bob) = await QuorumAsync();
        var again = new MacpCallOptions { MessageId = "once" };
        await bob.ApproveAsync("r", call: again);
        await bob.WaitForAsync("once");

        Assert.True((await bob.ApproveAsync("r", call: again)).Duplicate);
    }

    [Fact]
    public async Task Without_a_stream_from_the_start_the_runtime_judges()
    {
        var (ada, bob) = await QuorumAsync();
        await bob.WaitForAsync((await bob.ApproveAsync("r")).MessageId);
        var acked = Session("bob");
        await AskedAsync(() => acked.ApproveAsync("r", call: Counted("bob")));
        var late = Session("bob");
        await foreach (var _ in late.FollowAsync(new() { AfterOrdinal = 2 })) break;
        await AskedAsync(() => late.ApproveAsync("r", call: Counted("bob")));
        await ada.ApproveAsync("r");
    }

    [Fact]
    public async Task While_a_session_is_suspended_the_runtime_says_so_before_anything_else()
    {
        var (ada, bob) = await QuorumAsync();
        await bob.WaitForAsync((await bob.ApproveAsync("r")).MessageId);
        await ada.SuspendAsync();
        await Soon(() => bob.State is Macp.Wire.V1.SessionState.Suspended);

        Assert.Equal(ErrorCode.SessionNotOpen, (await Assert.ThrowsAsync<MacpNackException>(() => bob.RejectAsync("r"))).Code);

        await ada.ResumeAsync();
        await Soon(() => bob.State is Macp.Wire.V1.SessionState.Open);
        await RefusedAsync("bob", ErrorCode.InvalidEnvelope, call => bob.RejectAsync("r", call: call));
    }

    [Fact]
    public async Task A_history_that_does_not_fit_is_no_ground_to_refuse()
    {
        var (_, bob) = await QuorumAsync();
        var ack = await bob.ApproveAsync("r");
        await bob.WaitForAsync(ack.MessageId);
        var projection = new QuorumProjection();
        foreach (var envelope in bob.Projection.Transcript) projection.Apply(envelope);
        var vote = projection.Transcript[^1];
        Assert.NotNull(projection.Preflight(MessageContext.Of(vote) with { MessageId = "second" }, vote.Payload));
        Assert.Null(projection.Preflight(MessageContext.Of(vote), vote.Payload));

        // A runtime of other rules, by the looks of it: what else it takes nobody can tell.
        vote.MessageId = "third";
        Assert.Equal(ProjectionResult.Anomalous, projection.Apply(vote));
        Assert.Null(projection.Preflight(MessageContext.Of(vote) with { MessageId = "second" }, vote.Payload));
    }

    [Fact]
    public async Task Another_name_than_the_credentials_is_told_as_such()
    {
        var (_, bob) = await QuorumAsync();
        await Assert.ThrowsAsync<MacpIdentityMismatchException>(() => bob.ApproveAsync("r", call: new() { Sender = "mallory" }));
    }

    static CommitOptions Commitment => new() { Action = "quorum.approved", AuthorityScope = "test", Reason = "enough", OutcomePositive = true };

    async Task<(QuorumSession Ada, QuorumSession Bob)> QuorumAsync()
    {
        _session = SessionIds.New();
        var (ada, bob) = (Session("ada"), Session("bob"));
        await ada.StartAsync(Start);
        Follow(ada);
        Follow(bob);
        string id = (await ada.RequestApprovalAsync("r", requiredApprovals: 1)).MessageId;
        await ada.WaitForAsync(id);
        await bob.WaitForAsync(id);
        return (ada, bob);
    }

    async Task<DecisionSession> DecisionAsync()
    {
        _session = SessionIds.New();
        var ada = new DecisionSession(_runtime.Connect("ada"), new() { SessionId = _session });
        await ada.StartAsync(Start);
        Follow(ada);
        return ada;
    }

    static SessionStartOptions Start => new() { Intent = "test", Participants = ["ada", "bob"], TimeToLive = TimeSpan.FromMinutes(1) };

    QuorumSession Session(string name) => new(_runtime.Connect(name), new() { SessionId = _session });

    void Follow<TProjection>(ModeSession<TProjection> session)
        where TProjection : class, IProjection
    {
        var items = session.FollowAsync(cancellationToken: _stop.Token).GetAsyncEnumerator();
        // The first step takes the stream over, before anybody waits for a message of it.
        var first = items.MoveNextAsync().AsTask();
        _ = Task.Run(async () =>
        {
            try
            {
                for (bool more = await first; more; more = await items.MoveNextAsync()) { }
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                // The test is over.
            }
        });
    }

    static async Task Soon(Func<bool> holds)
    {
        for (int i = 0; i < 3000 && !holds(); i++) await Task.Delay(10);
        Assert.True(holds());
    }

    /// <summary>Refused before the wire; and by the runtime with the same code, where the checks are off.</summary>
    async Task RefusedAsync(string name, ErrorCode code, Func<MacpCallOptions, Task<MacpAck>> send)
    {
        int before = _calls;
        var here = await Assert.ThrowsAsync<MacpSessionException>(() => send(Counted(name)));
        Assert.Equal((code, before), (here.Code, _calls));
        Assert.Equal(code, (await Assert.ThrowsAsync<MacpNackException>(() => send(Unchecked))).Code);
    }

    /// <summary>Refused by the runtime, which was asked.</summary>
    async Task AskedAsync(Func<Task<MacpAck>> send)
    {
        int before = _calls;
        Assert.Equal(ErrorCode.InvalidEnvelope, (await Assert.ThrowsAsync<MacpNackException>(send)).Code);
        Assert.Equal(before + 1, _calls);
    }

    // A credential is asked for its token before every call.
    MacpCallOptions Counted(string name) => new() { Auth = MacpAuth.Bearer(_ => ValueTask.FromResult(Count(name)), senderHint: name) };

    string Count(string name)
    {
        _calls++;
        return name;
    }
}
