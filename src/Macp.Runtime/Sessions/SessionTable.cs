using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Macp.Runtime;

/// <summary>All sessions of this runtime, by id. Finished ones stay: an id is never used again (decisions 23).</summary>
sealed class SessionTable
{
    readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    // All of them, and those that somebody may read: nobody goes along the sessions of others.
    readonly SortedIds _ids = new();
    readonly ConcurrentDictionary<string, SortedIds> _idsByReader = new(StringComparer.Ordinal);

    /// <summary>When the sweeper has to look at which of them.</summary>
    public DueSchedule Schedule { get; } = new();

    public bool TryFind(string id, [NotNullWhen(true)] out Session? session) => _sessions.TryGetValue(id, out session);

    public bool TryAdd(Session session)
    {
        if (!_sessions.TryAdd(session.Id, session)) return false;
        _ids.Add(session.Id);
        foreach (string reader in session.Readers) _idsByReader.GetOrAdd(reader, static _ => new()).Add(session.Id);
        return true;
    }

    /// <summary>Takes out a session whose start was never stored; its id is free.</summary>
    public void Remove(Session session) => _sessions.TryRemove(new(session.Id, session));

    /// <summary>The sessions that have something due. Looks at each without locking it.</summary>
    public IEnumerable<Session> DueAt(long now) => _sessions.Where(entry => entry.Value.NextDueAt <= now).Select(entry => entry.Value);

    /// <summary>The sessions that the identity may read, in ordinal order of their ids, after this one. Those that start meanwhile may be among them or not.</summary>
    public IEnumerable<Session> ReadableBy(Identity identity, string afterId = "")
    {
        var ids = identity.IsObserver ? _ids : _idsByReader.GetValueOrDefault(identity.Sender);
        foreach (string id in ids?.After(afterId) ?? [])
            if (TryFind(id, out var session) && session.IsReadableBy(identity)) yield return session;
    }
}
