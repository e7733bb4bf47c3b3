using System.Collections.Concurrent;

namespace Macp.Cli.Tests;

/// <summary>All that was done, by everybody.</summary>
sealed class SoakBook(TimeSpan retention)
{
    readonly ConcurrentQueue<DateTimeOffset> _deadlines = new();
    int _sessions, _followed, _repeated;

    /// <summary>The policy that is registered and stays.</summary>
    public const string Policy = "policy.soak.kept";

    public TimeSpan Retention => retention;

    /// <summary>The sessions that can still be compared.</summary>
    public ConcurrentDictionary<string, SessionRecord> Sessions { get; } = new(StringComparer.Ordinal);

    public int Started => _sessions;

    public int Followed => _followed;

    public int Repetitions => _repeated;

    public void Add(SessionRecord session)
    {
        Interlocked.Increment(ref _sessions);
        Sessions.TryAdd(session.Id, session);
    }

    public void WillExpire(SessionRecord session, DateTimeOffset deadline)
    {
        // Asked again after a restart, it is the same.
        if (session.Deadline is null) _deadlines.Enqueue(deadline);
        session.Deadline = deadline;
    }

    /// <summary>How many sessions have expired since then.</summary>
    public int ExpiredSince(DateTimeOffset then) => _deadlines.Count(deadline => deadline > then && deadline <= DateTimeOffset.UtcNow);

    /// <summary>When the last one expires that is known to.</summary>
    public DateTimeOffset LastDeadline => _deadlines.DefaultIfEmpty().Max();

    public void Ended(bool followed)
    {
        if (followed) Interlocked.Increment(ref _followed);
    }

    public void Repeated() => Interlocked.Increment(ref _repeated);

    public string SomePolicy(Random random) => random.Next(3) == 0 ? Policy : "";
}
