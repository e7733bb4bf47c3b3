namespace Macp.Client;

/// <summary>
/// The sessions whose end was told lately, by the runtime's clock: which of those that started lately and have ended by now are no news. It forgets what
/// it need not know, so that it grows with what ends within a minute and not with the time that is watched.
/// </summary>
/// <param name="start">When the watch began, by this machine's clock; it counts until the runtime has told a time.</param>
sealed class RecentEnds(DateTimeOffset start)
{
    // Between when a session starts and when it is told lies what the history takes to store it.
    static readonly TimeSpan Doubt = TimeSpan.FromMinutes(1);

    // Two clocks differ by no more, as everywhere in the protocol (decisions 5).
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    readonly PriorityQueue<string, DateTimeOffset> _byTime = new();
    DateTimeOffset? _told;

    /// <summary>Whatever started earlier was told while it was open, or had ended when the watch began.</summary>
    public DateTimeOffset Since => _told - Doubt ?? start - Skew;

    public bool Contains(string sessionId) => _ids.Contains(sessionId);

    public void Add(string sessionId, DateTimeOffset? startedAt)
    {
        if (!_ids.Add(sessionId)) return;
        var latest = _told ?? start;
        _byTime.Enqueue(sessionId, startedAt > latest ? startedAt.Value : latest);
    }

    /// <summary>The runtime has told something that happened at this time, and before it everything that happened before.</summary>
    public void Advance(DateTimeOffset? told)
    {
        if (told is null || told <= _told) return;
        _told = told;
        while (_byTime.TryPeek(out string? id, out var at) && at < Since)
        {
            _byTime.Dequeue();
            _ids.Remove(id);
        }
    }
}
