using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;
using ModeDescriptor = Macp.Modes.ModeDescriptor;

namespace Macp.Runtime;

/// <summary>
/// A mode that was registered by its descriptor: the runtime knows its message types and nothing of their payloads, which it passes through. The
/// initiator's commitment ends a session; whatever else is accepted takes the place of the state (runtime-semantics 5.9). No policy governs it, but
/// for the rights to cancel, suspend and resume (decisions 15).
/// </summary>
sealed class DescriptorOnlyMode(SessionContext session, IReadOnlySet<string> types) : SessionHandler
{
    const string OpenPhase = "Open", CommittedPhase = "Committed";

    static readonly PayloadReader<CommitmentPayload> Commitments = new();

    ByteString _state = ByteString.Empty;
    bool _isCommitted;

    /// <summary>The mode that a descriptor describes.</summary>
    public static HostedMode Of(Wire.V1.ModeDescriptor wire)
    {
        string[] types = [.. wire.MessageTypes.Where(type => type is not (MessageTypes.SessionStart or MessageTypes.Commitment))];
        var descriptor = new ModeDescriptor
        {
            Identifier = wire.Mode,
            Version = wire.ModeVersion,
            Title = wire.Title,
            Description = wire.Description,
            // Free text on the wire, echoed and not looked at.
            Participants = ParticipantModel.Peer,
            Determinism = DeterminismClass.StructuralOnly,
            MinimumParticipants = 1, // once it is promoted
            Phases = [OpenPhase, CommittedPhase],
            CommittedPhase = CommittedPhase,
            Messages = [.. types.Select(type => new MessageRule
            {
                Type = type, Payload = BytesValue.Descriptor, From = Role.Participant, During = [OpenPhase], ClientMethod = type,
            })],
        };
        var known = types.ToHashSet(StringComparer.Ordinal);
        return new(descriptor, session => new DescriptorOnlyMode(session, known));
    }

    public override SessionContext Session => session;

    public override string Phase => _isCommitted ? CommittedPhase : OpenPhase;

    public override bool IsCommitted => _isCommitted;

    public override Rejection? CanStart() => null;

    public override Verdict Decide(in MessageContext message, ByteString payload)
    {
        if (message.Type == MessageTypes.Commitment) return DecideCommitment(message, payload);
        // Without declared participants everybody is one.
        bool isOpenToAll = session.Participants.Count == 0;
        if (!isOpenToAll && !session.IsParticipant(message.Sender)) return Refuse.NotAParticipant(message);
        return types.Contains(message.Type) ? Verdict.Accept(new BytesValue { Value = payload }) : Refuse.NoSuchType(message, session);
    }

    public override void Evolve(in MessageContext message, IMessage payload)
    {
        if (message.Type == MessageTypes.Commitment) _isCommitted = true;
        else _state = ((BytesValue)payload).Value;
    }

    public override IMessage Recall(in MessageContext message, ByteString payload) =>
        message.Type == MessageTypes.Commitment ? CommitmentPayload.Parser.ParseFrom(payload) : new BytesValue { Value = payload };

    public override IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload) => [];

    public override void WriteState(CanonicalJson json) =>
        json.BeginObject().Key("payload").Value(_state.ToBase64()).Key("phase").Value(Phase).EndObject();

    Verdict DecideCommitment(in MessageContext message, ByteString payload)
    {
        if (message.Sender != session.Initiator) return Refuse.NotTheInitiator(message);
        if (Commitments.Read(payload, out var commitment) is { } unreadable) return unreadable;
        return (CommitmentRules.CheckFields(commitment) ?? CommitmentRules.CheckBinding(commitment, session)) is { } rejection ? rejection : Verdict.Accept(commitment);
    }
}
