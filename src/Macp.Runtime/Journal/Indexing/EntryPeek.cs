using System.Text;

namespace Macp.Runtime;

/// <summary>
/// The first fields of a session's record as they are written, in the order of their numbers: enough to know whose it is and whether it is the last,
/// without decoding the rest.
/// </summary>
readonly ref struct EntryPeek
{
    // Tags: field number and wire type, as journal.proto has them.
    const byte SessionRecord = 1 << 3 | 2, SessionNumber = 1 << 3, PositionInSession = 2 << 3, Kind = 3 << 3, Type = 4 << 3 | 2;

    readonly ReadOnlySpan<byte> _type;

    /// <summary>Looks at an entry.</summary>
    public EntryPeek(ReadOnlySpan<byte> entry)
    {
        if (!Take(ref entry, SessionRecord, out _) || !Take(ref entry, SessionNumber, out ulong session)) return;
        // What is 0 is not written.
        Position = Take(ref entry, PositionInSession, out ulong position) ? position : 0;
        Take(ref entry, Kind, out _);
        if (!Take(ref entry, Type, out ulong length) || length > (ulong)entry.Length) return;
        Session = session;
        _type = entry[..(int)length];
    }

    /// <summary>The session's number; 0 of an entry of another kind.</summary>
    public ulong Session { get; }

    /// <summary>Among the session's records.</summary>
    public ulong Position { get; }

    /// <summary>Whether nothing can follow it in its session.</summary>
    public bool EndsSession => HistoryRecord.Ends(Encoding.UTF8.GetString(_type));

    static bool Take(ref ReadOnlySpan<byte> bytes, byte tag, out ulong value)
    {
        value = 0;
        if (bytes.IsEmpty || bytes[0] != tag) return false;
        bytes = bytes[1..];
        return JournalCodec.TryTakeVarint(ref bytes, out value);
    }
}
