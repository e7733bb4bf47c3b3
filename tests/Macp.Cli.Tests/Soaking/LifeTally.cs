using System.Collections.Concurrent;
using Macp.Client;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>What the clients of one process were told, under the names by which that process counts it.</summary>
sealed class LifeTally
{
    public const string Expired = "macp_sessions_expired_total";

    /// <summary>The counters that are held against it; what expires nobody is told of by an answer.</summary>
    static readonly string[] Counted =
    [
        "macp_messages_accepted_total", "macp_messages_rejected_total", "macp_commitments_accepted_total", "macp_commitments_rejected_total", "macp_signals_accepted_total",
        "macp_sessions_started_total", "macp_sessions_resolved_total", "macp_sessions_cancelled_total", "macp_sessions_suspended_total", "macp_sessions_resumed_total",
    ];

    readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>An envelope was answered. A duplicate changes nothing: it was counted when it came first, by whichever process that was.</summary>
    public void Answered(Envelope envelope, MacpAck ack)
    {
        bool isCommitment = envelope.MessageType == "Commitment";
        if (ack.Error is { } error)
        {
            Add("macp_messages_rejected_total", envelope.Mode, $"code=\"{error.Code}\",");
            if (isCommitment) Add("macp_commitments_rejected_total", envelope.Mode);
        }
        else if (!ack.Duplicate)
        {
            Add(envelope.MessageType == "SessionStart" ? "macp_sessions_started_total" : "macp_messages_accepted_total", envelope.Mode);
            if (isCommitment) Add("macp_commitments_accepted_total", envelope.Mode);
            if (isCommitment) Add("macp_sessions_resolved_total", envelope.Mode);
        }
    }

    /// <summary>A session was cancelled, suspended or resumed.</summary>
    public void Controlled(string mode, string change) => Add($"macp_sessions_{change}_total", mode);

    public void Signalled() => _counts.AddOrUpdate("macp_signals_accepted_total", 1, (_, count) => count + 1);

    public long Of(string name) => _counts.Where(count => NameOf(count.Key) == name).Sum(count => count.Value);

    public Dictionary<string, long> Copy() => new(_counts, StringComparer.Ordinal);

    /// <summary>Those of a process's counters that are held against a tally; none that stand at 0.</summary>
    public static Dictionary<string, long> CountedIn(IReadOnlyDictionary<string, long> metrics) =>
        metrics.Where(metric => metric.Value > 0 && Counted.Contains(NameOf(metric.Key))).ToDictionary(StringComparer.Ordinal);

    public static string NameOf(string series) => series.Split('{')[0];

    void Add(string name, string mode, string code = "") =>
        _counts.AddOrUpdate($"{name}{{{code}mode=\"{(Move.Modes.Contains(mode) ? mode : "_other")}\"}}", 1, (_, count) => count + 1);
}
