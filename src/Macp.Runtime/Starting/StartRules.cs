using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>What every mode asks of a start's payload (RFC-MACP-0001 section 7).</summary>
static class StartRules
{
    /// <summary>The fields, in the order in which they are judged. How few participants will do is the mode's to say (decisions 7).</summary>
    public static Rejection? Check(SessionStartPayload start)
    {
        if (start.TtlMs is < 1 or > MacpProtocol.MaxTtlMs)
            return Rejection.InvalidEnvelope($"ttl_ms must be from 1 to {MacpProtocol.MaxTtlMs}; it is {start.TtlMs}");
        if (string.IsNullOrWhiteSpace(start.ModeVersion)) return Refuse.Blank("mode_version");
        if (string.IsNullOrWhiteSpace(start.ConfigurationVersion)) return Refuse.Blank("configuration_version");
        if (start.Participants.Count > MacpProtocol.MaxParticipants)
            return Rejection.InvalidEnvelope($"participants must name at most {MacpProtocol.MaxParticipants}; there are {start.Participants.Count}");
        if (CheckNames(start.Participants) is { } rejection) return rejection;
        return start.MaxSuspendMs < 0 ? Rejection.InvalidEnvelope($"max_suspend_ms must not be negative; it is {start.MaxSuspendMs}") : null;
    }

    /// <summary>
    /// The deadline starts from the client's timestamp, unless that is no time or too far ahead; then from the acceptance (decisions 5).
    /// </summary>
    public static long DeadlineOf(Envelope envelope, SessionStartPayload start, long now, TimeSpan maxSkew)
    {
        long timestamp = envelope.TimestampUnixMs;
        long latest = SessionTimes.AddSaturating(now, maxSkew.Ticks / TimeSpan.TicksPerMillisecond);
        return (timestamp <= 0 || timestamp > latest ? now : timestamp) + start.TtlMs;
    }

    static Rejection? CheckNames(IReadOnlyList<string> participants)
    {
        var names = new HashSet<string>(participants.Count, StringComparer.Ordinal);
        for (int i = 0; i < participants.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(participants[i])) return Refuse.Blank($"participants[{i}]");
            if (!names.Add(participants[i].Trim())) return Rejection.InvalidEnvelope($"participants must differ; '{participants[i]}' is named twice");
        }
        return null;
    }
}
