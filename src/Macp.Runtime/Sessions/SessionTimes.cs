namespace Macp.Runtime;

/// <summary>
/// A session's clocks, in Unix milliseconds. Session time is the runtime's time without the suspensions: in it a mode's delays run, and the
/// deadline stands still (RFC-MACP-0003 section 2).
/// </summary>
struct SessionTimes(long startedAt, SessionBinding binding)
{
    readonly long _maxSuspendMs = binding.MaxSuspendMs;
    long _suspendedMs;
    long _suspendedAt;

    public long StartedAt { get; } = startedAt;

    /// <summary>The deadline: a message is in time up to and including it. Moves on resumption, not before.</summary>
    public long ExpiresAt { get; private set; } = binding.ExpiresAtUnixMs;

    /// <summary>The last instant at which the suspension is within its cap.</summary>
    public readonly long SuspensionEndsAt => AddSaturating(_suspendedAt, _maxSuspendMs - _suspendedMs);

    public void Suspend(long at) => _suspendedAt = at;

    public void Resume(long at)
    {
        long suspended = SuspendedFor(at);
        _suspendedMs += suspended;
        ExpiresAt += suspended;
    }

    /// <summary>How long the suspension has lasted.</summary>
    public readonly long SuspendedFor(long at) => at - _suspendedAt;

    public readonly long ToSessionTime(long at) => at - _suspendedMs;

    public readonly long FromSessionTime(long sessionTime) => AddSaturating(sessionTime, _suspendedMs);

    public static long AddSaturating(long at, long duration) => at > long.MaxValue - duration ? long.MaxValue : at + duration;
}
