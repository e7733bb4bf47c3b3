using Google.Protobuf.Reflection;
using Macp.Protocol;

namespace Macp.Modes;

/// <summary>What a mode says of itself: the source of <c>ListModes</c>, of <c>macp modes</c>, and of every tool that reads payloads by name.</summary>
public sealed record ModeDescriptor
{
    /// <summary>The identifier on the wire.</summary>
    public required string Identifier { get; init; }

    /// <summary>The semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>A name for people.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence on what the mode is for.</summary>
    public required string Description { get; init; }

    /// <summary>How participants relate.</summary>
    public required ParticipantModel Participants { get; init; }

    /// <summary>What replay guarantees.</summary>
    public required DeterminismClass Determinism { get; init; }

    /// <summary>The fewest participants a session may start with.</summary>
    public required int MinimumParticipants { get; init; }

    /// <summary>The phases in the order of their declaration; a session begins in the first.</summary>
    public required IReadOnlyList<string> Phases { get; init; }

    /// <summary>The phase of a committed session.</summary>
    public required string CommittedPhase { get; init; }

    /// <summary>The mode's own message types in the order of their declaration; the commitment is not among them.</summary>
    public required IReadOnlyList<MessageRule> Messages { get; init; }

    /// <summary>The message types that end a session.</summary>
    public IReadOnlyList<string> TerminalMessageTypes { get; } = [MessageTypes.Commitment];

    /// <summary>All message types of a session, from <c>SessionStart</c> to <c>Commitment</c>.</summary>
    public IReadOnlyList<string> AllMessageTypes => [MessageTypes.SessionStart, .. Messages.Select(m => m.Type), MessageTypes.Commitment];

    /// <summary>The payload type of a message of this mode; null for a type it does not have.</summary>
    public MessageDescriptor? PayloadOf(string messageType) => messageType switch
    {
        MessageTypes.SessionStart => Wire.V1.SessionStartPayload.Descriptor,
        MessageTypes.Commitment => Wire.V1.CommitmentPayload.Descriptor,
        _ => Messages.FirstOrDefault(m => m.Type == messageType)?.Payload,
    };

    /// <summary>What else a session's start must satisfy, in the author's words.</summary>
    public IReadOnlyList<string> StartRules { get; init; } = [];

    /// <summary>When a session may be bound.</summary>
    public CommitmentRule Commitment { get; init; } = new();
}

/// <summary>What a mode declares of one message type.</summary>
public sealed record MessageRule
{
    /// <summary>The message type on the wire.</summary>
    public required string Type { get; init; }

    /// <summary>The payload's type.</summary>
    public required MessageDescriptor Payload { get; init; }

    /// <summary>Who may send it.</summary>
    public required Role From { get; init; }

    /// <summary>The phases in which it is accepted.</summary>
    public required IReadOnlyList<string> During { get; init; }

    /// <summary>The phase that follows its acceptance; null when it does not move the phase.</summary>
    public string? MovesTo { get; init; }

    /// <summary>The client's method for it.</summary>
    public required string ClientMethod { get; init; }

    /// <summary>Everything that is asked of it, in the order in which it is asked; the first that fails answers.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>What comes due after its acceptance, in the author's words.</summary>
    public IReadOnlyList<string> ComesDue { get; init; } = [];

    /// <summary>Where the phase is computed: what may follow in which phase. From a phase that is not here the message leads nowhere else.</summary>
    public IReadOnlyList<PhaseLead> Leads { get; init; } = [];
}

/// <summary>The phases that may follow a message that is sent in one.</summary>
/// <param name="From">The phase that it is sent in.</param>
/// <param name="To">The phases that may follow.</param>
public sealed record PhaseLead(string From, IReadOnlyList<string> To);

/// <summary>When a session of a mode may be bound.</summary>
public sealed record CommitmentRule
{
    /// <summary>Everything that is asked of a commitment, in the order in which it is asked; the first that fails answers.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>The phases in which a positive outcome can be eligible.</summary>
    public IReadOnlyList<string> PositiveDuring { get; init; } = [];

    /// <summary>The phases in which a negative outcome can be eligible.</summary>
    public IReadOnlyList<string> NegativeDuring { get; init; } = [];
}
