using Google.Protobuf;
using Macp.Client;
using Macp.Modes.MultiRound;
using Macp.Testing;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.Modes.Handoff.V1;
using Macp.Wire.Modes.MultiRound.V1;
using Macp.Wire.Modes.Quorum.V1;
using Macp.Wire.Modes.Task.V1;
using Macp.Wire.V1;
using Negotiations = Macp.Wire.Modes.Proposal.V1;

namespace Macp.Modes.Standard.Tests.Sending;

/// <summary>What each method of each session sends, against a runtime: the payload of its message, every field where it was said and its default where it was not.</summary>
public sealed class SessionMessageTests : IAsyncLifetime
{
    static readonly ByteString Bytes = ByteString.CopyFrom(1, 2, 3);
    static readonly MacpCallOptions Bob = new() { Auth = MacpAuth.DevAgent("bob") }, Cleo = new() { Auth = MacpAuth.DevAgent("cleo") };

    TestRuntime _runtime = null!;
    MacpClient _ada = null!;

    public async Task InitializeAsync()
    {
        _runtime = await TestRuntime.StartAsync(modes =>
            modes.Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>());
        _ada = _runtime.Connect("ada");
    }

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    [Fact]
    public async Task Decision()
    {
        var session = new DecisionSession(_ada);
        await session.StartAsync(Start);
        await session.ProposeAsync("p", "ship", "it is ready", Bytes);
        await session.ProposeAsync("q", "wait");
        await session.EvaluateAsync("p", "Approve", 0.5, "small");
        await session.RaiseObjectionAsync("p", "too late", "HIGH");
        await session.RaiseObjectionAsync("p");
        await session.VoteAsync("p", "approve", "yes");

        Sent(
            session.Projection.Transcript,
            new ProposalPayload { ProposalId = "p", Option = "ship", Rationale = "it is ready", SupportingData = Bytes },
            new ProposalPayload { ProposalId = "q", Option = "wait" },
            new EvaluationPayload { ProposalId = "p", Recommendation = "APPROVE", Confidence = 0.5, Reason = "small" },
            new ObjectionPayload { ProposalId = "p", Reason = "too late", Severity = "high" },
            new ObjectionPayload { ProposalId = "p", Severity = "medium" },
            new VotePayload { ProposalId = "p", Vote = "APPROVE", Reason = "yes" });
    }

    [Fact]
    public async Task Proposal()
    {
        var session = new ProposalSession(_ada);
        await session.StartAsync(Start);
        await session.ProposeAsync("p", "offer", "terms", Bytes, ["x", "y"]);
        await session.CounterProposeAsync("q", "p", "less", "other terms", Bytes, Bob);
        await session.AcceptAsync("q", "fair");
        await session.RejectAsync("p", terminal: true, reason: "too much", Bob);
        await session.RejectAsync("q", call: Bob);
        await session.WithdrawAsync("p", "so be it");

        Sent(
            session.Projection.Transcript,
            new Negotiations.ProposalPayload { ProposalId = "p", Title = "offer", Summary = "terms", Details = Bytes, Tags = { "x", "y" } },
            new Negotiations.CounterProposalPayload { ProposalId = "q", SupersedesProposalId = "p", Title = "less", Summary = "other terms", Details = Bytes },
            new Negotiations.AcceptPayload { ProposalId = "q", Reason = "fair" },
            new Negotiations.RejectPayload { ProposalId = "p", Terminal = true, Reason = "too much" },
            new Negotiations.RejectPayload { ProposalId = "q" },
            new Negotiations.WithdrawPayload { ProposalId = "p", Reason = "so be it" });
    }

    [Fact]
    public async Task Task_that_is_done()
    {
        var session = new TaskSession(_ada);
        await session.StartAsync(Start);
        await session.RequestAsync("t", "build", "all of it", "bob", Bytes, 5);
        await session.AcceptTaskAsync("t", "bob", "gladly", Bob);
        await session.UpdateAsync("t", "compiling", 0.5, "on it", Bytes, Bob);
        await session.CompleteAsync("t", "bob", Bytes, "done", Bob);

        Sent(
            session.Projection.Transcript,
            new TaskRequestPayload { TaskId = "t", Title = "build", Instructions = "all of it", RequestedAssignee = "bob", Input = Bytes, DeadlineUnixMs = 5 },
            new TaskAcceptPayload { TaskId = "t", Assignee = "bob", Reason = "gladly" },
            new TaskUpdatePayload { TaskId = "t", Status = "compiling", Progress = 0.5, Message = "on it", PartialOutput = Bytes },
            new TaskCompletePayload { TaskId = "t", Assignee = "bob", Output = Bytes, Summary = "done" });
    }

    [Fact]
    public async Task Task_that_fails()
    {
        var session = new TaskSession(_ada);
        await session.StartAsync(Start);
        await session.RequestAsync("t");
        await session.AcceptTaskAsync("t", call: Bob);
        await session.FailAsync("t", "bob", "DISK_FULL", "no room", retryable: true, Bob);

        Sent(
            session.Projection.Transcript,
            new TaskRequestPayload { TaskId = "t" },
            new TaskAcceptPayload { TaskId = "t", Assignee = "bob" }, // whoever sends it
            new TaskFailPayload { TaskId = "t", Assignee = "bob", ErrorCode = "DISK_FULL", Reason = "no room", Retryable = true });
        Assert.Equal("bob", session.Projection.Task!.ActiveAssignee);
    }

    [Fact]
    public async Task Task_that_nobody_wants()
    {
        var session = new TaskSession(_ada);
        await session.StartAsync(Start);
        await session.RequestAsync("t", "build");
        await session.RejectTaskAsync("t", "cleo", "busy", Cleo);

        Sent(session.Projection.Transcript, new TaskRequestPayload { TaskId = "t", Title = "build" }, new TaskRejectPayload { TaskId = "t", Assignee = "cleo", Reason = "busy" });
    }

    [Fact]
    public async Task Handoff()
    {
        var session = new HandoffSession(_ada);
        await session.StartAsync(Start);
        await session.OfferAsync("h1", "bob", "on-call", "the shift ends");
        await session.SendContextAsync("h1", "text/plain", Bytes);
        await session.SendContextAsync("h1");
        await session.DeclineAsync("h1", "bob", "asleep", Bob);
        await session.OfferAsync("h2", "cleo");
        await session.AcceptHandoffAsync("h2", reason: "ready", call: Cleo);

        Sent(
            session.Projection.Transcript,
            new HandoffOfferPayload { HandoffId = "h1", TargetParticipant = "bob", Scope = "on-call", Reason = "the shift ends" },
            new HandoffContextPayload { HandoffId = "h1", ContentType = "text/plain", Context = Bytes },
            new HandoffContextPayload { HandoffId = "h1" },
            new HandoffDeclinePayload { HandoffId = "h1", DeclinedBy = "bob", Reason = "asleep" },
            new HandoffOfferPayload { HandoffId = "h2", TargetParticipant = "cleo" },
            new HandoffAcceptPayload { HandoffId = "h2", AcceptedBy = "cleo", Reason = "ready" }); // whoever sends it
    }

    [Fact]
    public async Task Quorum()
    {
        var session = new QuorumSession(_ada);
        await session.StartAsync(Start);
        await session.RequestApprovalAsync("r", action: "deploy", summary: "the release", details: Bytes, requiredApprovals: 2);
        await session.ApproveAsync("r", "good");
        await session.RejectAsync("r", "too soon", Bob);
        await session.AbstainAsync("r", "no opinion", Cleo);

        Sent(
            session.Projection.Transcript,
            new ApprovalRequestPayload { RequestId = "r", Action = "deploy", Summary = "the release", Details = Bytes, RequiredApprovals = 2 },
            new ApprovePayload { RequestId = "r", Reason = "good" },
            new RejectPayload { RequestId = "r", Reason = "too soon" },
            new AbstainPayload { RequestId = "r", Reason = "no opinion" });
    }

    [Fact]
    public async Task Multi_round()
    {
        var session = new MultiRoundSession(_ada);
        await session.StartAsync(Start);
        await session.ContributeAsync("7");
        await session.ContributeAsync("7", Bob);

        Sent(session.Projection.Transcript, new ContributePayload { Value = "7" }, new ContributePayload { Value = "7" });
        Assert.Equal((1, 2), (session.Projection.Supporters.Count, session.Projection.Round));
    }

    static SessionStartOptions Start => new() { Intent = "test", Participants = ["ada", "bob", "cleo"], TimeToLive = TimeSpan.FromMinutes(1) };

    /// <summary>What was accepted behind the start: messages of the payloads' types, with their bytes.</summary>
    static void Sent(IReadOnlyList<Envelope> transcript, params IMessage[] payloads) => Assert.Equal(
        payloads.Select(payload => (payload.Descriptor.Name, payload.ToByteString())),
        transcript.Skip(1).Select(envelope => (envelope.MessageType + "Payload", envelope.Payload)));
}
