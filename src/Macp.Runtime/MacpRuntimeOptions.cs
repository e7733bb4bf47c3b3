using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>What a host may set. The defaults are the protocol's.</summary>
public sealed record MacpRuntimeOptions
{
    /// <summary>The largest payload of an envelope, in bytes; a payload of exactly this size is accepted.</summary>
    public int MaxPayloadBytes { get; init; } = MacpProtocol.DefaultMaxPayloadBytes;

    /// <summary>How many sessions a sender may start in any 60 seconds. <see cref="int.MaxValue"/> is no limit.</summary>
    public int SessionStartLimitPerMinute { get; init; } = 60;

    /// <summary>How many other messages a sender may send in any 60 seconds. <see cref="int.MaxValue"/> is no limit.</summary>
    public int MessageLimitPerMinute { get; init; } = 600;

    /// <summary>How far ahead of the runtime's clock a start's timestamp may be; one further ahead counts as none (decisions 5).</summary>
    public TimeSpan MaxStartClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How often the sweeper looks at the clock, and forgets silent senders. What comes due in a session that nobody touches is appended when it is due, and
    /// as late as this only when the wall clock was set forward.
    /// </summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a session that has ended stays in memory, as long as there are not too many. It is read from the history then, where that is possible: this
    /// is about speed only.
    /// </summary>
    public TimeSpan FinishedSessionMemory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most sessions that have ended and stay in memory, of those that can be read from the history.</summary>
    public int MaxFinishedSessionsInMemory { get; init; } = 10_000;

    /// <summary>
    /// How long a session that has ended is kept in the history; then it is removed whole, and its id stays taken. Null keeps it for ever. A history in memory
    /// removes nothing.
    /// </summary>
    public TimeSpan? HistoryRetention { get; init; }

    /// <summary>How many sessions a page lists when the request does not say.</summary>
    public int SessionsPageSize { get; init; } = 100;

    /// <summary>The most sessions that a page lists, whatever the request says.</summary>
    public int MaxSessionsPageSize { get; init; } = 1000;

    /// <summary>All policies besides the built-in ones; null where clients register them, else the registry is read-only.</summary>
    public IReadOnlyList<Wire.V1.PolicyDescriptor>? Policies { get; init; }

    internal MacpRuntimeOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPayloadBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SessionStartLimitPerMinute);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MessageLimitPerMinute);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxStartClockSkew, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SweepInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(FinishedSessionMemory, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxFinishedSessionsInMemory);
        if (HistoryRetention is { } retention) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero, nameof(HistoryRetention));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SessionsPageSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSessionsPageSize, SessionsPageSize);
        return this;
    }
}
