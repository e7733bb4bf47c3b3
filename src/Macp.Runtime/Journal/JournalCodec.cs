using System.Buffers;
using Google.Protobuf;
using Macp.Modes;
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
    public static IReadOnlyList<Entry> Read(ReadOnlyMemory<byte> records)
    {
        var entries = new List<Entry>();
        var input = new CodedInputStream(records.ToArray());
        try
        {
            while (!input.IsAtEnd)
            {
                var entry = new Entry();
                input.ReadMessage(entry);
                entries.Add(entry);
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("a batch of the journal holds what is no record, although its checksum is right", e);
        }
        return entries;
    }

    /// <summary>A session's record. Its start is given with the first, and taken from it by the others.</summary>
    public static HistoryRecord ToRecord(SessionRecord stored, HistoryRecord? start, long ordinal) => new(
        (RecordKind)stored.Kind,
        new()
        {
            Mode = start?.Mode ?? stored.Start.Mode,
            SessionId = start?.SessionId ?? stored.Start.SessionId,
            MessageType = stored.MessageType,
            MessageId = stored.MessageId,
            Sender = stored.Sender,
            TimestampUnixMs = stored.TimestampUnixMs,
            Payload = stored.Payload,
        },
        stored.AcceptedAtUnixMs,
        ordinal,
        stored.Start is { } bound ? ToBinding(bound) : null);

    /// <summary>What the policy comes to in the session's mode is found out by whoever folds the session.</summary>
    static SessionBinding ToBinding(Start bound)
    {
        var policy = PolicyDefinition.Recall(bound.Policy);
        return new(bound.SemanticsRevision, bound.ModeVersion, new(policy.Id, Definition: policy), bound.ExpiresAtUnixMs, bound.MaxSuspendMs);
    }

    static Start Write(HistoryRecord record, SessionBinding binding) => new()
    {
        SessionId = record.SessionId,
        Mode = record.Mode,
        SemanticsRevision = binding.SemanticsRevision,
        ModeVersion = binding.ModeVersion,
        Policy = binding.Policy.Definition!.ToDescriptor(),
        ExpiresAtUnixMs = binding.ExpiresAtUnixMs,
        MaxSuspendMs = binding.MaxSuspendMs,
    };
}
