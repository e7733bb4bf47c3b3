using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>What the runtime tells of a session.</summary>
public sealed record SessionInfo
{
    /// <summary>The session's id.</summary>
    public required string SessionId { get; init; }

    /// <summary>The mode's identifier.</summary>
    public required string Mode { get; init; }

    /// <summary>The state, brought up to date by the question.</summary>
    public required SessionState State { get; init; }

    /// <summary>Who started it.</summary>
    public required string Initiator { get; init; }

    /// <summary>The declared participants, in the order of the start.</summary>
    public required IReadOnlyList<string> Participants { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its time is up.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The bound mode version.</summary>
    public string ModeVersion { get; init; } = "";

    /// <summary>The bound configuration version.</summary>
    public string ConfigurationVersion { get; init; } = "";

    /// <summary>The bound policy.</summary>
    public string PolicyVersion { get; init; } = "";

    /// <summary>The context that the start named; empty when it named none.</summary>
    public string ContextId { get; init; } = "";

    /// <summary>The keys of the start's extensions. Their values are never told.</summary>
    public IReadOnlyList<string> ExtensionKeys { get; init; } = [];

    /// <summary>What each participant has sent.</summary>
    public IReadOnlyList<ParticipantRecord> Activity { get; init; } = [];

    /// <summary>All this as it came, for tools that pass it on.</summary>
    public SessionMetadata Metadata { get; init; } = new();

    /// <summary>Whether the session has ended: resolved, expired or cancelled.</summary>
    public bool IsTerminal => State.IsTerminal();

    internal static SessionInfo Of(SessionMetadata session) => new()
    {
        SessionId = session.SessionId,
        Mode = session.Mode,
        State = session.State,
        Initiator = session.Initiator,
        Participants = [.. session.Participants],
        StartedAt = UnixTime.Read(session.StartedAtUnixMs),
        ExpiresAt = UnixTime.Read(session.ExpiresAtUnixMs),
        ModeVersion = session.ModeVersion,
        ConfigurationVersion = session.ConfigurationVersion,
        PolicyVersion = session.PolicyVersion,
        ContextId = session.ContextId,
        ExtensionKeys = [.. session.ExtensionKeys],
        Activity = [.. session.ParticipantActivity.Select(a => new ParticipantRecord(a.ParticipantId, UnixTime.Read(a.LastMessageAtUnixMs), a.MessageCount))],
        Metadata = session,
    };
}

/// <summary>What one participant has sent.</summary>
/// <param name="ParticipantId">Who.</param>
/// <param name="LastMessageAt">When the last accepted message came; null when none has.</param>
/// <param name="MessageCount">How many messages were accepted.</param>
public sealed record ParticipantRecord(string ParticipantId, DateTimeOffset? LastMessageAt, uint MessageCount);
