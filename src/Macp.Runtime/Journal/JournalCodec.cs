using System.Buffers;
using Google.Protobuf;
using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>How records of sessions stand in a journal: what the start says once is not repeated, so that a record takes less than its envelope.</summary>
static class JournalCodec
{
    public static Entry Write(long session, int position, HistoryRecord record)
    {
        var stored = new SessionRecord
        {
            Session = (ulong)session,
            Position = (ulong)position,
            Kind = (uint)record.Kind,
            MessageType = record.MessageType,
            MessageId = record.MessageId,
            Sender = record.Sender,
            TimestampUnixMs = record.TimestampUnixMs,
            AcceptedAtUnixMs = record.AcceptedAtUnixMs,
            Payload = record.Payload,
        };
        if (record.Binding is { } binding) stored.Start = Write(record, binding);
        return new() { Session = stored };
    }

    /// <summary>Writes an entry behind its length, a base-128 varint as in protobuf.</summary>
    public static void WriteTo(IBufferWriter<byte> bytes, Entry entry)
    {
        var length = bytes.GetSpan(5);
        int written = 0;
        for (uint rest = (uint)entry.CalculateSize(); ; rest >>= 7)
        {
            length[written++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80) break;
        }
        bytes.Advance(written);
        entry.WriteTo(bytes);
    }

    /// <summary>The entries of a batch.</summary>
    /// <exception cref="InvalidDataException">It holds what no journal writes, although its checksum is right.</exception>
    public static IEnumerable<Entry> Read(ReadOnlyMemory<byte> records) => Split(records).Select(entry => Parse(entry.Span));

    /// <summary>The entries of a batch, as they are written.</summary>
    /// <exception cref="InvalidDataException">It holds what no journal writes, although its checksum is right.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> records)
    {
        while (!records.IsEmpty) yield return Next(ref records);
    }

    /// <summary>An entry as it is written.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Entry Parse(ReadOnlySpan<byte> entry)
    {
        try
        {
            return Entry.Parser.ParseFrom(entry);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw NoRecord(e);
        }
    }

    /// <summary>Takes a base-128 varint from the front; false when there is none.</summary>
    public static bool TryTakeVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int at = 0; at < bytes.Length && at < 10; at++)
        {
            value |= (ulong)(bytes[at] & 0x7F) << (7 * at);
            if (bytes[at] >= 0x80) continue;
            bytes = bytes[(at + 1)..];
            return true;
        }
        return false;
    }

    static ReadOnlyMemory<byte> Next(ref ReadOnlyMemory<byte> records)
    {
        var bytes = records.Span;
        if (!TryTakeVarint(ref bytes, out ulong length) || length > (ulong)bytes.Length) throw NoRecord(null);
        int begin = records.Length - bytes.Length;
        var entry = records.Slice(begin, (int)length);
        records = records[(begin + (int)length)..];
        return entry;
    }

    static InvalidDataException NoRecord(Exception? inner) => new("a batch of the journal holds what is no record, although its checksum is right", inner);

    /// <summary>A session's record. Its start is given with the first, and taken from it by the others.</summary>
    public static HistoryRecord ToRecord(SessionRecord stored, HistoryRecord? start, long ordinal, StoredPolicies policies) => new(
        (RecordKind)stored.Kind,
        new()
        {
            Mode = start?.Mode ?? SharedTexts.Of(stored.Start.Mode),
            SessionId = start?.SessionId ?? stored.Start.SessionId,
            MessageType = SharedTexts.Of(stored.MessageType),
            MessageId = stored.MessageId,
            Sender = SharedTexts.Of(stored.Sender),
            TimestampUnixMs = stored.TimestampUnixMs,
            Payload = stored.Payload,
        },
        stored.AcceptedAtUnixMs,
        ordinal,
        stored.Start is { } bound ? ToBinding(bound, policies) : null);

    static SessionBinding ToBinding(Start bound, StoredPolicies policies) =>
        new(bound.SemanticsRevision, SharedTexts.Of(bound.ModeVersion), policies.Of(bound.Policy), bound.ExpiresAtUnixMs, bound.MaxSuspendMs,
            bound.TraceParent.Length > 0 ? bound.TraceParent : null);

    static Start Write(HistoryRecord record, SessionBinding binding) => new()
    {
        SessionId = record.SessionId,
        Mode = record.Mode,
        SemanticsRevision = binding.SemanticsRevision,
        ModeVersion = binding.ModeVersion,
        Policy = binding.Policy.Definition!.ToDescriptor(),
        ExpiresAtUnixMs = binding.ExpiresAtUnixMs,
        MaxSuspendMs = binding.MaxSuspendMs,
        TraceParent = binding.TraceParent ?? "",
    };
}
