using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>The smallest mode that a session can be of, written by hand: participants leave notes.</summary>
static class Notes
{
    public const string Mode = "ext.notes.v1";

    public static readonly Macp.Modes.ModeDescriptor Descriptor = new()
    {
        Identifier = Mode,
        Version = "1.0.0",
        Title = "Notes",
        Description = "Participants leave notes.",
        Participants = ParticipantModel.Peer,
        Determinism = DeterminismClass.SemanticDeterministic,
        MinimumParticipants = 1,
        Phases = ["Open", "Committed"],
        CommittedPhase = "Committed",
        Messages = [new() { Type = "Note", Payload = SignalPayload.Descriptor, From = Role.Participant, During = ["Open"], ClientMethod = "Note" }],
    };

    public static Envelope Note(string sessionId, string sender, string text, string? messageId = null) => new()
    {
        MacpVersion = "1.0",
        Mode = Mode,
        SessionId = sessionId,
        MessageType = "Note",
        MessageId = messageId ?? text,
        Sender = sender,
        Payload = new SignalPayload { SignalType = text }.ToByteString(),
    };

    public static Envelope Start(string sessionId, string initiator, params IEnumerable<string> participants) => new()
    {
        MacpVersion = "1.0",
        Mode = Mode,
        SessionId = sessionId,
        MessageType = MessageTypes.SessionStart,
        MessageId = "start",
        Sender = initiator,
        Payload = new SessionStartPayload { Intent = "i", ModeVersion = "1.0.0", ConfigurationVersion = "config.default", TtlMs = 1, Participants = { participants } }.ToByteString(),
    };

    public static Envelope Commitment(string sessionId, string sender) => new()
    {
        MacpVersion = "1.0",
        Mode = Mode,
        SessionId = sessionId,
        MessageType = MessageTypes.Commitment,
        MessageId = "commitment",
        Sender = sender,
        Payload = new CommitmentPayload
        {
            CommitmentId = "c1", Action = "notes.taken", AuthorityScope = "team", Reason = "done",
            ModeVersion = "1.0.0", ConfigurationVersion = "config.default", PolicyVersion = "policy.default", OutcomePositive = true,
        }.ToByteString(),
    };

    public static Envelope Annotation(string sessionId, string type, string messageId) =>
        new() { MacpVersion = "1.0", Mode = Mode, SessionId = sessionId, MessageType = type, MessageId = messageId, Sender = "_runtime" };
}

sealed class NoteState : IEquatable<NoteState>
{
    public List<string> Notes { get; } = [];

    public bool IsCommitted { get; set; }

    public bool Equals(NoteState? other) => other is not null && Notes.SequenceEqual(other.Notes);

    public override bool Equals(object? obj) => Equals(obj as NoteState);

    public override int GetHashCode() => Notes.Count;
}

enum NotePhase
{
    Open,
    Committed,
}

sealed class NoteProjection() : Projection<NoteState, NotePhase>(Client.Tests.Notes.Mode)
{
    public IReadOnlyList<string> Notes => Query((state, _) => ReadOnly.List(state.Notes));

    protected override NotePhase PhaseOf(NoteState state, SessionContext session) => state.IsCommitted ? NotePhase.Committed : NotePhase.Open;

    protected override Anomaly? Evolve(NoteState state, SessionContext session, in MessageContext message, ByteString payload)
    {
        if (message.Type == MessageTypes.Commitment) state.IsCommitted = true;
        else if (message.Type == "Note") state.Notes.Add($"{message.Sender}: {SignalPayload.Parser.ParseFrom(payload).SignalType}");
        else throw new InvalidDataException(message.Type);
        return null;
    }

    protected override void WriteState(NoteState state, SessionContext session, CanonicalJson json) => json.BeginObject().EndObject();
}

sealed class NoteSession(MacpClient client, SessionOptions? options = null)
    : ModeSession<NoteProjection>(client, Notes.Descriptor, new NoteProjection(), options)
{
    public Task<MacpAck> NoteAsync(string text, MacpCallOptions? call = null, CancellationToken cancellationToken = default) =>
        SendAsync("Note", new SignalPayload { SignalType = text }, text.Length == 0 ? Refuse.Blank("text") : null, call, cancellationToken);

    public string Sender(MacpCallOptions? call = null) => SenderOf(call);

    public static SessionStartOptions Start(params string[] participants) =>
        new() { Intent = "take notes", Participants = participants, TimeToLive = TimeSpan.FromMinutes(1) };
}
