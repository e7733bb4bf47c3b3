using Macp.Client;

namespace Macp.Agents;

/// <summary>How an agent takes part in a session.</summary>
public sealed record ParticipantOptions
{
    /// <summary>Who takes part; the sender of the session's credential when null.</summary>
    public string? ParticipantId { get; init; }

    /// <summary>Makes the participant the initiator: what it starts the session with. Null for one who joins.</summary>
    public InitiatorOptions? Initiator { get; init; }

    /// <summary>How the session is followed. By default one who joins waits as long as it takes for the session to be there.</summary>
    public FollowOptions Follow { get; init; } = new() { WaitForSession = Timeout.InfiniteTimeSpan };

    /// <summary>An HTTP endpoint that is open while the participant runs, by which it can be cancelled; null for none.</summary>
    public CancelCallbackOptions? CancelCallback { get; init; }

    /// <summary>
    /// Whether a cancel callback cancels the session, for everybody, with the callback's reason; else the participant only stops. When null the initiator's does, and
    /// nobody else's.
    /// </summary>
    public bool? CancelSessionOnCallback { get; init; }

    /// <summary>
    /// Where the participant hears of the session from. Null for the session's own stream; a source of one's own also feeds the projection, and its last change tells the
    /// session's end.
    /// </summary>
    public Func<CancellationToken, IAsyncEnumerable<LiveChange>>? Source { get; init; }
}

/// <summary>What an initiator begins with.</summary>
public sealed record InitiatorOptions
{
    /// <summary>What the session is started with.</summary>
    public required SessionStartOptions Start { get; init; }

    /// <summary>The first message; null for none.</summary>
    public Kickoff? Kickoff { get; init; }
}
