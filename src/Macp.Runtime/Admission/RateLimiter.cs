using System.Collections.Concurrent;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>
/// Two windows a sender: one for starts, one for everything else. What passes counts, also when the kernel refuses it later; what is limited does
/// not. Senders share no lock, and one that has been silent for a minute is forgotten by the sweep.
/// </summary>
sealed class RateLimiter(MacpRuntimeOptions options, TimeProvider time)
{
    readonly ConcurrentDictionary<string, Sender> _senders = new(StringComparer.Ordinal);
    readonly long _origin = time.GetTimestamp();

    /// <summary>How many senders are not forgotten.</summary>
    public int Senders => _senders.Count;

    /// <summary>Counts one more of the sender's; why it is refused where there were too many.</summary>
    public Rejection? Take(string sender, bool isStart) => TryTake(sender, isStart)
        ? null
        : new(ErrorCode.RateLimited, $"'{sender}' has sent too much in the last minute; try again later");

    bool TryTake(string sender, bool isStart)
    {
        long now = NowMs;
        bool? taken;
        // A sender that is being forgotten answers null; the next look-up finds a new one.
        do taken = _senders.GetOrAdd(sender, static (_, o) => new Sender(o), options).TryTake(isStart, now);
        while (taken is null);
        return taken.Value;
    }

    public void ForgetSilent()
    {
        long now = NowMs;
        foreach (var entry in _senders)
            if (entry.Value.TryForget(now)) _senders.TryRemove(entry);
    }

    // The monotonic clock: a wall clock that is set must not open or shut the gate.
    long NowMs => time.GetElapsedTime(_origin).Ticks / TimeSpan.TicksPerMillisecond;

    sealed class Sender(MacpRuntimeOptions options)
    {
        readonly Lock _gate = new();
        readonly SlidingWindow _starts = new(options.SessionStartLimitPerMinute), _messages = new(options.MessageLimitPerMinute);
        bool _forgotten;

        public bool? TryTake(bool isStart, long nowMs)
        {
            lock (_gate) return _forgotten ? null : (isStart ? _starts : _messages).TryTake(nowMs);
        }

        public bool TryForget(long nowMs)
        {
            lock (_gate) return _forgotten = _starts.IsEmpty(nowMs) && _messages.IsEmpty(nowMs);
        }
    }
}
