using Google.Protobuf;
using Macp.Modes.MultiRound;
using Macp.Wire.V1;
using Decision = Macp.Wire.Modes.Decision.V1;
using Handoff = Macp.Wire.Modes.Handoff.V1;
using MultiRounds = Macp.Wire.Modes.MultiRound.V1;
using Proposal = Macp.Wire.Modes.Proposal.V1;
using Quorum = Macp.Wire.Modes.Quorum.V1;
using Task = Macp.Wire.Modes.Task.V1;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>What holds of the projections of all modes: only the accepted history of one session, each message once, moves them.</summary>
public sealed class EveryProjection
{
    const string Lead = "agent://lead", Ana = "agent://ana";

    static readonly Dictionary<string, Func<(IProjection, Envelope[])>> Told = new()
    {
        ["decision"] = () => Of<DecisionProjection>(
            DecisionMode.Descriptor, (Lead, new Decision.ProposalPayload { ProposalId = "p", Option = "ship" }), (Ana, new Decision.VotePayload { ProposalId = "p", Vote = "APPROVE" })),
        ["proposal"] = () => Of<ProposalProjection>(
            ProposalMode.Descriptor, (Ana, new Proposal.ProposalPayload { ProposalId = "p" }), (Ana, new Proposal.AcceptPayload { ProposalId = "p" }),
            (Lead, new Proposal.AcceptPayload { ProposalId = "p" })),
        ["task"] = () => Of<TaskProjection>(
            TaskMode.Descriptor, (Lead, new Task.TaskRequestPayload { TaskId = "t" }), (Ana, new Task.TaskAcceptPayload { TaskId = "t" }),
            (Ana, new Task.TaskUpdatePayload { TaskId = "t" }), (Ana, new Task.TaskCompletePayload { TaskId = "t" })),
        ["handoff"] = () => Of<HandoffProjection>(
            HandoffMode.Descriptor, (Lead, new Handoff.HandoffOfferPayload { HandoffId = "h", TargetParticipant = Ana }), (Lead, new Handoff.HandoffContextPayload { HandoffId = "h" }),
            (Ana, new Handoff.HandoffAcceptPayload { HandoffId = "h" })),
        ["quorum"] = () => Of<QuorumProjection>(
            QuorumMode.Descriptor, (Lead, new Quorum.ApprovalRequestPayload { RequestId = "r", RequiredApprovals = 1 }), (Ana, new Quorum.ApprovePayload { RequestId = "r" })),
        ["multi_round"] = () => Of<MultiRoundProjection>(
            MultiRoundMode.Descriptor, (Lead, new MultiRounds.ContributePayload { Value = "x" }), (Ana, new MultiRounds.ContributePayload { Value = "x" })),
    };

    public static TheoryData<string> Modes => [.. Told.Keys];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_history_ends_in_its_commitment_and_folds_to_the_same_again(string mode)
    {
        var (projection, history) = Told[mode]();
        Assert.All(history, envelope => Assert.Equal(ProjectionResult.Applied, projection.Apply(envelope)));
        Assert.Equal(("Committed", true), (projection.Phase, projection.IsCommitted));
        string state = projection.ToJson();

        projection.Reset();
        Assert.False(projection.IsCommitted);
        Assert.All(history, envelope => projection.Apply(envelope));
        Assert.Equal(state, projection.ToJson());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void What_was_told_already_changes_nothing_and_no_phase_goes_back(string mode)
    {
        var (projection, history) = Told[mode]();
        for (int told = 1; told <= history.Length; told++)
        {
            projection.Apply(history[told - 1]);
            string state = projection.ToJson();

            Assert.All(history.Take(told), envelope => Assert.Equal(ProjectionResult.AlreadyApplied, projection.Apply(envelope)));
            Assert.Equal(state, projection.ToJson());
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Another_session_is_not_mixed_in_nor_another_mode(string mode)
    {
        var (projection, history) = Told[mode]();
        projection.Apply(history[0]);
        string state = projection.ToJson();

        foreach (var envelope in history)
        {
            Assert.Equal(ProjectionResult.OtherSession, projection.Apply(new(envelope) { SessionId = "s-2", MessageId = "other" }));
            Assert.Equal(ProjectionResult.OtherSession, projection.Apply(new(envelope) { Mode = envelope.Mode + "x", MessageId = "other" }));
        }
        Assert.Equal(state, projection.ToJson());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void What_cannot_be_read_changes_nothing(string mode)
    {
        var (projection, history) = Told[mode]();
        foreach (var envelope in history)
        {
            string state = projection.ToJson();
            Assert.Equal(ProjectionResult.Unreadable, projection.Apply(new(envelope) { Payload = ByteString.CopyFrom(0xff) }));
            Assert.Equal(ProjectionResult.Unreadable, projection.Apply(new(envelope) { MessageType = "Applause" }));
            Assert.Equal(state, projection.ToJson());
            Assert.Equal(ProjectionResult.Applied, projection.Apply(envelope)); // and takes no id
        }
    }

    static (IProjection, Envelope[]) Of<TProjection>(ModeDescriptor mode, params (string Sender, IMessage Payload)[] messages)
        where TProjection : IProjection, new()
    {
        var start = new SessionStartPayload { ModeVersion = "1.0.0", ConfigurationVersion = "cfg", Participants = { Lead, Ana } };
        var commitment = new CommitmentPayload { CommitmentId = "c", Action = "the-outcome", OutcomePositive = true };
        return (new TProjection(), [.. messages.Prepend((Lead, start)).Append((Lead, commitment)).Select((message, i) => new Envelope
        {
            Mode = mode.Identifier,
            MessageType = message.Payload.Descriptor.Name[..^"Payload".Length],
            MessageId = $"m-{i}",
            SessionId = "s-1",
            Sender = message.Sender,
            Payload = message.Payload.ToByteString(),
        })]);
    }
}
