using System.Collections.Concurrent;

namespace Macp.Runtime;

/// <summary>The open sessions of each initiator, for identities that may have only so many.</summary>
sealed class OpenSessions
{
    // Weakly: each session holds its initiator, and of one without sessions in memory there is nothing to count.
    readonly ConcurrentDictionary<string, WeakReference<Initiator>> _initiators = new(StringComparer.Ordinal);

    /// <summary>How many initiators it has.</summary>
    public int Count => _initiators.Count;

    public Initiator Of(string sender)
    {
        while (true)
        {
            var entry = _initiators.GetOrAdd(sender, static _ => new(new()));
            if (entry.TryGetTarget(out var initiator)) return initiator;
            _initiators.TryRemove(new(sender, entry));
        }
    }

    /// <summary>Forgets those whose sessions are all gone.</summary>
    public void ForgetGone()
    {
        foreach (var entry in _initiators)
            if (!entry.Value.TryGetTarget(out _)) _initiators.TryRemove(entry);
    }
}

/// <summary>The open sessions of one initiator.</summary>
sealed class Initiator
{
    readonly Lock _gate = new();
    readonly HashSet<Session> _open = [];

    /// <summary>Counts a session that is about to start, unless there are too many.</summary>
    public bool TryEnter(Session session, int? limit)
    {
        lock (_gate) return !(_open.Count >= limit) && _open.Add(session);
    }

    /// <summary>Counts a session as open or not; a resumed one counts whatever the limit.</summary>
    public void Set(Session session, bool isOpen)
    {
        lock (_gate) _ = isOpen ? _open.Add(session) : _open.Remove(session);
    }

    public Session[] Snapshot()
    {
        lock (_gate) return [.. _open];
    }
}
