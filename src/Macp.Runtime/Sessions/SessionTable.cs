using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Macp.Runtime;

/// <summary>All sessions of this runtime, by id. Finished ones stay: an id is never used again (decisions 23).</summary>
sealed class SessionTable
{
    readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    // Starts take no lock that all of them share: whoever lists sorts in what has arrived.
    readonly ConcurrentQueue<string> _arrived = new();
    readonly SortedSet<string> _sorted = new(StringComparer.Ordinal);

    /// <summary>When the sweeper has to look at which of them.</summary>
    public DueSchedule Schedule { get; } = new();

    public bool TryFind(string id, [NotNullWhen(true)] out Session? session) => _sessions.TryGetValue(id, out session);

    public bool TryAdd(Session session)
    {
        if (!_sessions.TryAdd(session.Id, session)) return false;
        _arrived.Enqueue(session.Id);
        return true;
    }

    /// <summary>Takes out a session whose start was never stored; its id is free.</summary>
    public void Remove(Session session) => _sessions.TryRemove(new(session.Id, session));

    /// <summary>The sessions that have something due. Looks at each without locking it.</summary>
    public IEnumerable<Session> DueAt(long now) => _sessions.Where(entry => entry.Value.NextDueAt <= now).Select(entry => entry.Value);

    /// <summary>The sessions after this id, in ordinal order of their ids; those that start meanwhile may be among them or not.</summary>
    public IEnumerable<Session> After(string id)
    {
        while (NextIds(id) is { Length: > 0 } ids)
        {
            foreach (string next in ids)
                if (TryFind(next, out var session)) yield return session;
            id = ids[^1];
        }
    }

    string[] NextIds(string id)
    {
        const int AtATime = 256;
        lock (_sorted)
        {
            while (_arrived.TryDequeue(out string? arrived)) _sorted.Add(arrived);
            // The view has the bound itself as its first; an id is never empty.
            return _sorted.Max is { } last && string.CompareOrdinal(id, last) < 0
                ? [.. _sorted.GetViewBetween(id, last).SkipWhile(next => next == id).Take(AtATime)]
                : [];
        }
    }
}
