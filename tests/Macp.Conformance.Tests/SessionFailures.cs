using Macp.Client;
using Macp.Grpc;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Conformance.Tests;

/// <summary>What goes wrong reaches a session client's caller as a typed failure, and never enters a projection.</summary>
public class SessionFailures
{
    [Fact]
    public async Task A_refusal_carries_the_registrys_code()
    {
        await using var deliberation = await Deliberation.BeginAsync();

        var refused = await Assert.ThrowsAsync<MacpNackException>(() => deliberation.AsLead.VoteAsync(proposalId: "nowhere", vote: "APPROVE"));

        Assert.Equal(ErrorCode.InvalidEnvelope, refused.Code);
        Assert.False(refused.IsTransient);
        Assert.Equal(deliberation.AsLead.SessionId, refused.Error.SessionId);
        Assert.Single(deliberation.AsLead.Projection.Transcript);
    }

    [Fact]
    public async Task A_refusal_is_a_value_for_who_prefers_it()
    {
        await using var deliberation = await Deliberation.BeginAsync();

        var ack = await deliberation.AsSecurity.CommitAsync(Deliberation.Selected, new() { ThrowOnNack = false });

        Assert.Equal((false, ErrorCode.Forbidden), (ack.Ok, ack.Error!.Code));
    }

    [Fact]
    public async Task What_the_runtime_would_refuse_for_its_form_does_not_leave_the_client()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        var session = deliberation.AsLead;

        Assert.Equal(ErrorCode.InvalidEnvelope, (await Assert.ThrowsAsync<MacpSessionException>(() => session.EvaluateAsync(proposalId: "p", recommendation: "APPROVE", confidence: double.NaN))).Code);
        await Assert.ThrowsAsync<MacpSessionException>(() => session.VoteAsync(proposalId: "p", vote: "PERHAPS"));
        await Assert.ThrowsAsync<MacpSessionException>(() => session.ProposeAsync(proposalId: " ", option: "ship"));
        await Assert.ThrowsAsync<MacpSessionException>(() => session.CommitAsync(Deliberation.Selected with { OutcomePositive = false }));
    }

    [Fact]
    public async Task The_runtime_refuses_the_same_when_the_client_does_not_look()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        await deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship");

        var refused = await Assert.ThrowsAsync<MacpNackException>(() =>
            deliberation.AsLead.EvaluateAsync(proposalId: "p", recommendation: "APPROVE", confidence: double.NaN, call: new() { ValidateLocally = false }));
        await deliberation.AsLead.EvaluateAsync(proposalId: "p", recommendation: "APPROVE", confidence: 1);

        Assert.Equal(ErrorCode.InvalidEnvelope, refused.Code);
    }

    public static TheoryData<SessionStartOptions> WrongStarts =>
    [
        Start with { Participants = [" "] },
        Start with { Participants = ["a", "b", " a"] },
        Start with { Participants = [.. Enumerable.Range(0, 1001).Select(i => $"p{i}")] },
        Start with { TimeToLive = TimeSpan.Zero },
        Start with { TimeToLive = TimeSpan.FromDays(2) },
        Start with { MaxSuspend = TimeSpan.FromTicks(-1) },
    ];

    [Theory]
    [MemberData(nameof(WrongStarts))]
    public async Task A_start_is_refused_by_the_client_in_the_runtimes_own_words(SessionStartOptions start)
    {
        await using var runtime = await TestRuntime.StartAsync(BuiltIns.AddTo);
        var session = new DecisionSession(runtime.Connect("agent://a"));

        var local = await Assert.ThrowsAsync<MacpSessionException>(() => session.StartAsync(start));
        var refused = await Assert.ThrowsAsync<MacpNackException>(() => session.StartAsync(start, new() { ValidateLocally = false }));

        Assert.Equal((refused.Code, refused.Error.Message), (local.Code, local.Rejection.Reason));
    }

    [Theory, InlineData(""), InlineData("implicit-accept:x")]
    public async Task So_is_a_message_id_and_a_blank_one_is_none_the_worse(string id)
    {
        await using var deliberation = await Deliberation.BeginAsync();
        Task<MacpAck> Propose(MacpCallOptions call) => deliberation.AsLead.ProposeAsync(proposalId: $"p{call.MessageId}", option: "ship", call: call);

        var local = await Assert.ThrowsAsync<MacpSessionException>(() => Propose(new() { MessageId = id }));
        var refused = await Assert.ThrowsAsync<MacpNackException>(() => Propose(new() { MessageId = id, ValidateLocally = false }));

        Assert.Equal((refused.Code, refused.Error.Message), (local.Code, local.Rejection.Reason));
        Assert.True((await Propose(new() { MessageId = " " })).Ok);
    }

    static SessionStartOptions Start { get; } = new() { Intent = "x", Participants = ["agent://a"], TimeToLive = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task A_cancelled_session_takes_nothing_more_and_ends_every_stream()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        deliberation.Followed();

        var ack = await deliberation.AsLead.CancelAsync("the release is off");
        await deliberation.EndedAsync();

        Assert.Equal(SessionState.Cancelled, ack.State);
        Assert.Equal(SessionState.Cancelled, (await deliberation.AsSecurity.MetadataAsync()).State);
        var late = await Assert.ThrowsAsync<MacpNackException>(() => deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship", call: new() { ValidateLocally = false }));
        Assert.Equal(ErrorCode.SessionNotOpen, late.Code);
        Assert.Equal(late.Code, (await Assert.ThrowsAsync<MacpSessionException>(() => deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship"))).Code);
    }

    [Fact]
    public async Task Only_who_may_commit_may_cancel()
    {
        await using var deliberation = await Deliberation.BeginAsync();

        var denied = await Assert.ThrowsAsync<MacpTransportException>(() => deliberation.AsSecurity.CancelAsync());

        Assert.Equal(GrpcStatusCode.PermissionDenied, denied.StatusCode);
        Assert.Equal(SessionState.Open, (await deliberation.AsLead.MetadataAsync()).State);
    }

    [Fact]
    public async Task A_session_expires_by_the_runtimes_clock()
    {
        var clock = new TestClock();
        await using var deliberation = await Deliberation.BeginAsync(clock);
        await deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship");

        clock.Advance(TimeSpan.FromMinutes(5));
        await deliberation.AsLead.VoteAsync(proposalId: "p", vote: "APPROVE");
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(ErrorCode.SessionNotOpen, (await Assert.ThrowsAsync<MacpNackException>(() => deliberation.AsLead.CommitAsync(Deliberation.Selected))).Code);
        Assert.Equal(SessionState.Expired, (await deliberation.AsLead.MetadataAsync()).State);
    }

    [Fact]
    public async Task Outsiders_read_nothing()
    {
        await using var deliberation = await Deliberation.BeginAsync();
        var outsider = new DecisionSession(deliberation.Runtime.Connect("agent://stranger"), new() { SessionId = deliberation.AsLead.SessionId });

        Assert.Equal(GrpcStatusCode.PermissionDenied, (await Assert.ThrowsAsync<MacpTransportException>(() => outsider.MetadataAsync())).StatusCode);
        var refused = await Assert.ThrowsAsync<MacpNackException>(async () =>
        {
            await foreach (var _ in outsider.FollowAsync()) { }
        });
        Assert.Equal(ErrorCode.Forbidden, refused.Code);
        Assert.Empty(outsider.Projection.Transcript);
    }

    [Fact]
    public async Task A_credential_sends_in_its_own_name_only()
    {
        await using var deliberation = await Deliberation.BeginAsync();

        var mismatch = await Assert.ThrowsAsync<MacpIdentityMismatchException>(() =>
            deliberation.AsLead.ProposeAsync(proposalId: "p", option: "ship", call: new() { Sender = Deliberation.Security }));

        Assert.Equal((Deliberation.Lead, Deliberation.Security), (mismatch.ExpectedSender, mismatch.ActualSender));
    }
}
