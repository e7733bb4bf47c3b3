using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;
using ModeDescriptor = Macp.Modes.ModeDescriptor;

namespace Macp.Runtime.Tests;

/// <summary>
/// A mode written by hand, with what the kernel must cope with: notes, alarms that come due, a type that breaks the mode, a commitment.
/// </summary>
sealed class NotesMode(SessionContext session) : SessionHandler, IMode
{
    public const string Identifier = "ext.notes.v1";

    readonly List<string> _notes = [];
    bool _isSilenced, _isForgetful;

    static readonly ConcurrentDictionary<(string Configuration, string Session), NotesMode> Opened = new();

    public static ModeDescriptor Descriptor { get; } = new()
    {
        Identifier = Identifier,
        Version = "1.0.0",
        Title = "Notes",
        Description = "Takes notes.",
        Participants = ParticipantModel.Peer,
        Determinism = DeterminismClass.SemanticDeterministic,
        MinimumParticipants = 1,
        Phases = ["Open", "Committed"],
        CommittedPhase = "Committed",
        Messages = [Rule("Note", StringValue.Descriptor), Rule("Alarm", Int64Value.Descriptor), Rule("Rang", Empty.Descriptor),
            Rule("Silence", StringValue.Descriptor), Rule("Break", StringValue.Descriptor)],
    };

    public static SessionHandler Open(SessionContext session) => Opened[(session.ConfigurationVersion, session.SessionId)] = new NotesMode(session);

    /// <summary>The state of the newest handler of a session. The configuration version tells one test's sessions from another's.</summary>
    public static string StateOf(string configuration, string session)
    {
        var json = new CanonicalJson();
        Opened[(configuration, session)].WriteState(json);
        return json.ToString();
    }

    /// <summary>From now on the session's notes are not kept.</summary>
    public static void ForgetNotes(string configuration, string session) => Opened[(configuration, session)]._isForgetful = true;

    public override SessionContext Session => session;

    public override string Phase => IsCommitted ? "Committed" : "Open";

    public override bool IsCommitted => _isCommitted;

    bool _isCommitted;

    public override Rejection? CanStart() => session.Initiator == "unstartable"
        ? throw new InvalidOperationException("CanStart breaks")
        : session.Participants.Count < 1 ? Refuse.TooFewParticipants(1) : null;

    public override Verdict Decide(in MessageContext message, ByteString payload)
    {
        if (message.Type == MessageTypes.Commitment) return DecideCommitment(message, payload);
        if (!session.IsParticipant(message.Sender)) return Refuse.NotAParticipant(message);
        if (message.Type == "Rang" && message.MessageId.EndsWith("broken", StringComparison.Ordinal)) throw new InvalidOperationException("Rang breaks");
        if (message.Type == "Rang")
            return !message.IsFromRuntime ? Refuse.Reserved("Rang") : _isSilenced ? Rejection.InvalidEnvelope("silenced") : Verdict.Accept(new Empty());
        if (message.Type == "Alarm") return Numbers.Read(payload, out var delay) is { } unreadable ? unreadable : Verdict.Accept(delay);
        if (message.Type is not ("Note" or "Silence" or "Break")) return Refuse.UnknownType(message, session);
        if (Texts.Read(payload, out var text) is { } bad) return bad;
        if (message.Type == "Break" && text.Value == "decide") throw new InvalidOperationException("Decide breaks");
        return text.Value == "refuse me" ? Rejection.InvalidEnvelope("as you wish") : Verdict.Accept(text);
    }

    public override void Evolve(in MessageContext message, IMessage payload)
    {
        switch (message.Type)
        {
            case MessageTypes.Commitment: _isCommitted = true; break;
            case "Silence": _isSilenced = ((StringValue)payload).Value != "off"; break;
            case "Break": _notes.Add("half a change"); throw new InvalidOperationException("Evolve breaks");
            case "Rang": _notes.Add($"rang {message.MessageId}"); break;
            case "Note" when !_isForgetful: _notes.Add(((StringValue)payload).Value); break;
        }
    }

    public override IMessage Recall(in MessageContext message, ByteString payload) => message.Type switch
    {
        MessageTypes.Commitment => CommitmentPayload.Parser.ParseFrom(payload),
        "Rang" => new Empty(),
        "Alarm" => Int64Value.Parser.ParseFrom(payload),
        _ => StringValue.Parser.ParseFrom(payload),
    };

    public override IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload) => message.Type == "Alarm"
        ? [new("Rang", message.Sender, MacpProtocol.ImplicitAcceptPrefix + message.MessageId, TimeSpan.FromMilliseconds(((Int64Value)payload).Value), new Empty())]
        : [];

    public override void WriteState(CanonicalJson json)
    {
        json.BeginObject().Key("notes").BeginArray();
        foreach (string note in _notes) json.Value(note);
        json.EndArray().Key("phase").Value(Phase).EndObject();
    }

    Verdict DecideCommitment(in MessageContext message, ByteString payload)
    {
        if (!session.MayCommit(message.Sender)) return Refuse.MayNotCommit(message);
        if (Commitments.Read(payload, out var commitment) is { } unreadable) return unreadable;
        if (CommitmentRules.CheckFields(commitment) is { } incomplete) return incomplete;
        if (CommitmentRules.CheckBinding(commitment, session) is { } unbound) return unbound;
        return commitment.Reason == "deny" ? Rejection.PolicyDenied("too \"early\"", "too few") : Verdict.Accept(commitment);
    }

    static readonly PayloadReader<StringValue> Texts = new();
    static readonly PayloadReader<Int64Value> Numbers = new();
    static readonly PayloadReader<CommitmentPayload> Commitments = new();

    static MessageRule Rule(string type, Google.Protobuf.Reflection.MessageDescriptor payload) => new()
    {
        Type = type,
        Payload = payload,
        From = Role.Participant,
        During = ["Open"],
        ClientMethod = type + "Async",
    };
}
