using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Macp.Runtime;

/// <summary>All sessions of this runtime, by id. Finished ones stay: an id is never used again (decisions 23).</summary>
sealed class SessionTable
{
    readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>When the sweeper has to look at which of them.</summary>
    public DueSchedule Schedule { get; } = new();

    public bool TryFind(string id, [NotNullWhen(true)] out Session? session) => _sessions.TryGetValue(id, out session);

    public bool TryAdd(Session session) => _sessions.TryAdd(session.Id, session);

    /// <summary>Takes out a session whose start was never stored; its id is free.</summary>
    public void Remove(Session session) => _sessions.TryRemove(new(session.Id, session));

    /// <summary>The sessions that have something due. Looks at each without locking it.</summary>
    public IEnumerable<Session> DueAt(long now) => _sessions.Where(entry => entry.Value.NextDueAt <= now).Select(entry => entry.Value);
}
