using System.Runtime.CompilerServices;
using Google.Protobuf;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>
/// The responses that carry records, encoded once while they are hot: subscribers of a session are mostly at the same place, and each gets the same
/// bytes. A record takes its slot from whatever was there, so that what is kept does not grow with sessions, histories or readers; whoever finds its
/// record gone encodes it again. No lock: an entry never changes.
/// </summary>
sealed class HotFrames
{
    // Of a larger one, copying is what costs, encoded or not.
    const int LargestKept = 1024;

    readonly Entry?[] _slots = new Entry?[512];

    /// <summary>The serialised response that delivers a record.</summary>
    public byte[] Of(HistoryRecord record)
    {
        ref var slot = ref _slots[RuntimeHelpers.GetHashCode(record) & (_slots.Length - 1)];
        if (Volatile.Read(ref slot) is { } entry && entry.Record == record) return entry.Frame;

        byte[] frame = new StreamSessionResponse { Envelope = record.Envelope }.ToByteArray();
        if (frame.Length <= LargestKept) Volatile.Write(ref slot, new(record, frame));
        return frame;
    }

    sealed record Entry(HistoryRecord Record, byte[] Frame);
}
