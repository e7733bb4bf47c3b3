using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Tests.Exploring;

/// <summary>
/// A mode small enough to count by hand. Participants climb a ladder of three rungs, and lock it for good from the first rung on. On the first rung it
/// can be committed to a negative outcome, on the second to a positive one, on the third to none.
/// </summary>
sealed class Ladder(SessionContext session) : SessionHandler
{
    int _rung;
    bool _isLocked, _isCommitted;

    public static HostedMode Mode { get; } = new(Descriptor(("Step", Empty.Descriptor), ("Lock", Empty.Descriptor)), session => new Ladder(session));

    /// <summary>A lock springs open by itself.</summary>
    public static HostedMode WithTimer { get; } =
        new(Descriptor(("Step", Empty.Descriptor), ("Lock", Empty.Descriptor), ("Unlock", Empty.Descriptor)), session => new Ladder(session) { HasTimer = true });

    /// <summary>It climbs where it should only judge.</summary>
    public static HostedMode Careless { get; } = new(Mode.Descriptor, session => new Ladder(session) { ClimbsInDeciding = true });

    /// <summary>It can be climbed when it is committed.</summary>
    public static HostedMode Unbound { get; } = new(Mode.Descriptor, session => new Ladder(session) { StepsPastCommitment = true });

    public bool HasTimer { get; init; }

    public bool ClimbsInDeciding { get; init; }

    public bool StepsPastCommitment { get; init; }

    public override SessionContext Session => session;

    public override string Phase => _isCommitted ? "Committed" : "Climbing";

    public override bool IsCommitted => _isCommitted;

    public static Macp.Modes.ModeDescriptor Descriptor(params (string Type, Google.Protobuf.Reflection.MessageDescriptor Payload)[] messages) => new()
    {
        Identifier = "ext.ladder.v1",
        Version = "1.0.0",
        Title = "Ladder",
        Description = "A ladder.",
        Participants = ParticipantModel.Peer,
        Determinism = DeterminismClass.SemanticDeterministic,
        MinimumParticipants = 1,
        Phases = ["Climbing", "Falling", "Committed"],
        CommittedPhase = "Committed",
        Messages =
        [
            .. messages.Select(message => new MessageRule
                { Type = message.Type, Payload = message.Payload, From = Role.Participant, During = ["Climbing"], ClientMethod = message.Type + "Async" }),
        ],
    };

    public override Rejection? CanStart() => session.Participants.Count == 0 ? Refuse.TooFewParticipants(1) : null;

    public override Verdict Decide(in MessageContext message, ByteString payload)
    {
        if (ClimbsInDeciding) _rung++;
        if (message.Type == MessageTypes.Commitment) return DecideCommitment(message, payload);
        if (!session.IsParticipant(message.Sender)) return Refuse.NotAParticipant(message);
        bool fits = message.Type switch
        {
            "Step" => !_isLocked && _rung < 3 && (!_isCommitted || StepsPastCommitment),
            "Lock" => !_isLocked && _rung > 0 && !_isCommitted,
            "Unlock" => message.IsFromRuntime && _isLocked && !_isCommitted,
            _ => false,
        };
        return fits ? Verdict.Accept(new Empty()) : Rejection.InvalidEnvelope("not now");
    }

    public override IMessage Recall(in MessageContext message, ByteString payload) => new Empty();

    public override void Evolve(in MessageContext message, IMessage payload)
    {
        switch (message.Type)
        {
            case "Step": _rung++; break;
            case "Lock": _isLocked = true; break;
            case "Unlock": _isLocked = false; break;
            case MessageTypes.Commitment: _isCommitted = true; break;
        }
    }

    public override IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload) => HasTimer && message.Type == "Lock"
        ? [new("Unlock", message.Sender, $"unlock-{_rung}", TimeSpan.FromSeconds(1), new Empty())]
        : [];

    public override void WriteState(CanonicalJson json) => json.BeginObject().Key("locked").Value(_isLocked).Key("rung").Value(_rung).EndObject();

    Verdict DecideCommitment(in MessageContext message, ByteString payload)
    {
        if (message.Sender != session.Initiator) return Refuse.MayNotCommit(message);
        var commitment = CommitmentPayload.Parser.ParseFrom(payload);
        if (CommitmentRules.CheckFields(commitment) is { } incomplete) return incomplete;
        if (CommitmentRules.CheckBinding(commitment, session) is { } unbound) return unbound;
        return !_isCommitted && !_isLocked && _rung == (commitment.OutcomePositive ? 2 : 1) ? Verdict.Accept(commitment) : Rejection.InvalidEnvelope("not from this rung");
    }
}
