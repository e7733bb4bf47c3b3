using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Macp.Runtime;

/// <summary>
/// The sessions in memory, by id: all that have not ended, and the others as long as the history cannot be asked for them, and a while longer. An id is
/// never used again (decisions 23).
/// </summary>
sealed class SessionTable(IHistory history, int mostFinished)
{
    // So that the sweeper is not woken for each.
    const int ManyFinished = 1024;

    readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    // The first that ended first.
    readonly ConcurrentQueue<FinishedSession> _finished = new();
    readonly Lock _releasing = new();

    // All of them, and those that somebody may read: nobody goes along the sessions of others.
    readonly SortedIds _ids = new();
    readonly ConcurrentDictionary<string, SortedIds> _idsByReader = new(StringComparer.Ordinal);

    /// <summary>When the sweeper has to look at which of them.</summary>
    public DueSchedule Schedule { get; } = new();

    /// <summary>How many there are.</summary>
    public int Count => _sessions.Count;

    public bool TryFind(string id, [NotNullWhen(true)] out Session? session) => _sessions.TryGetValue(id, out session);

    /// <summary>Adds a session; false when its id is taken.</summary>
    public bool TryAdd(Session session)
    {
        if (!_sessions.TryAdd(session.Id, session)) return false;
        // In this order: whoever takes a session that has ended out of the table does it after the history knows it.
        if (history.Knows(session.Id))
        {
            _sessions.TryRemove(new(session.Id, session));
            return false;
        }
        _ids.TryAdd(session.Id);
        foreach (string reader in session.Readers)
            while (_idsByReader.GetOrAdd(reader, static _ => new()) is var ids && !ids.TryAdd(session.Id)) _idsByReader.TryRemove(new(reader, ids));
        return true;
    }

    /// <summary>Takes out a session: one whose start was never stored, and whose id is free, or one that has ended and that the history knows.</summary>
    public void Remove(Session session)
    {
        if (!_sessions.TryRemove(new(session.Id, session))) return;
        _ids.Remove(session.Id);
        foreach (string reader in session.Readers)
        {
            if (!_idsByReader.TryGetValue(reader, out var ids)) continue;
            ids.Remove(session.Id);
            if (ids.TryClose()) _idsByReader.TryRemove(new(reader, ids));
        }
    }

    /// <summary>A session has ended.</summary>
    /// <param name="session">The session.</param>
    /// <param name="endedAt">When that was noticed, in Unix milliseconds.</param>
    public void Finish(Session session, long endedAt)
    {
        _finished.Enqueue(new(session, endedAt));
        int count = _finished.Count;
        if (count > mostFinished && count % ManyFinished == 0) Schedule.Wake();
    }

    /// <summary>
    /// Takes out of those that have ended the first: what is more than there may be, and what ended before this time, in Unix milliseconds; but none for which
    /// the history cannot be asked yet.
    /// </summary>
    public void Release(long endedBefore)
    {
        // The sweeper and whoever sweeps: what one has looked at, the other must not take out.
        lock (_releasing)
            while (_finished.TryPeek(out var first) && (_finished.Count > mostFinished || first.EndedAt < endedBefore)
                && first.Session.History.CanBeRecalled && _finished.TryDequeue(out first))
                Remove(first.Session);
    }

    /// <summary>The sessions that have something due. Looks at each without locking it.</summary>
    public IEnumerable<Session> DueAt(long now) => _sessions.Where(entry => entry.Value.NextDueAt <= now).Select(entry => entry.Value);

    /// <summary>The ids of the sessions that the identity may read, in ordinal order, after this one. Those that start meanwhile may be among them or not.</summary>
    public IEnumerable<string> ReadableBy(Identity identity, string afterId = "") =>
        (identity.IsObserver ? _ids : _idsByReader.GetValueOrDefault(identity.Sender))?.After(afterId) ?? [];

    readonly record struct FinishedSession(Session Session, long EndedAt);
}
