using System.Runtime.InteropServices;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>How much each sender has said in a session; the start does not count.</summary>
sealed class Activity
{
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>A sender's name: the same string every time, from its first message on.</summary>
    public string NameOf(string sender) => _entries.TryGetValue(sender, out var entry) ? entry.Sender : sender;

    /// <summary>Counts a message.</summary>
    public void Count(string sender, long acceptedAt)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, sender, out bool known);
        if (!known) entry.Sender = sender;
        entry.Messages++;
        entry.LastAt = acceptedAt;
    }

    /// <summary>The metadata's entries, in ordinal order of their names.</summary>
    public IEnumerable<ParticipantActivity> ToWire() => _entries.Values
        .OrderBy(e => e.Sender, StringComparer.Ordinal)
        .Select(e => new ParticipantActivity { ParticipantId = e.Sender, LastMessageAtUnixMs = e.LastAt, MessageCount = e.Messages });

    struct Entry
    {
        public string Sender;
        public uint Messages;
        public long LastAt;
    }
}
