using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>How much each sender has said in a session; the start does not count.</summary>
sealed class SenderActivity
{
    FewByName<Entry> _entries;

    /// <summary>A sender's name: the same string every time, from its first message on.</summary>
    public string NameOf(string sender) => _entries.Find(sender)?.Sender ?? sender;

    /// <summary>Counts a message.</summary>
    public void Count(string sender, long acceptedAt)
    {
        var entry = _entries.Find(sender);
        if (entry is null) _entries.TryAdd(sender, entry = new(sender));
        entry.Messages++;
        entry.LastAt = acceptedAt;
    }

    /// <summary>The metadata's entries, in ordinal order of their names.</summary>
    public IEnumerable<ParticipantActivity> ToWire() => _entries.Items
        .OrderBy(e => e.Sender, StringComparer.Ordinal)
        .Select(e => new ParticipantActivity { ParticipantId = e.Sender, LastMessageAtUnixMs = e.LastAt, MessageCount = e.Messages });

    sealed class Entry(string sender)
    {
        public string Sender => sender;

        public uint Messages { get; set; }

        public long LastAt { get; set; }
    }
}
