using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The times that a start binds. Pure: a start is judged by them, and so is a stored one that is judged again.</summary>
static class StartRules
{
    /// <summary>
    /// The deadline starts from the client's timestamp, unless that is no time or too far ahead; then from the acceptance (decisions 5).
    /// </summary>
    public static long DeadlineOf(Envelope envelope, SessionStartPayload start, long now, TimeSpan maxSkew)
    {
        long timestamp = envelope.TimestampUnixMs;
        long latest = SessionTimes.AddSaturating(now, maxSkew.Ticks / TimeSpan.TicksPerMillisecond);
        return SessionTimes.AddSaturating(timestamp <= 0 || timestamp > latest ? now : timestamp, start.TtlMs);
    }

    /// <summary>A start after its own deadline comes too late (decisions 5).</summary>
    public static Rejection? CheckDeadline(long deadline, long now) => now > deadline
        ? Rejection.InvalidEnvelope("the session's deadline, timestamp_unix_ms plus ttl_ms, has passed already")
        : null;

    /// <summary>How long the session may be suspended in all, in milliseconds.</summary>
    public static long MaxSuspendOf(SessionStartPayload start) => start.MaxSuspendMs > 0 ? start.MaxSuspendMs : MacpProtocol.DefaultMaxSuspendMs;
}
