using System.Collections.Concurrent;

namespace Macp.Runtime;

/// <summary>The open sessions of each initiator, for identities that may have only so many.</summary>
sealed class OpenSessions
{
    readonly ConcurrentDictionary<string, Initiator> _initiators = new(StringComparer.Ordinal);

    public Initiator Of(string sender) => _initiators.GetOrAdd(sender, static _ => new());
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
