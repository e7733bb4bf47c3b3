namespace Macp.Runtime;

/// <summary>Finds messages of a history by their ordinals.</summary>
static class OrdinalSearch
{
    /// <summary>The position right after the message with this ordinal, among the first records of a history; their end when there is no such message yet.</summary>
    public static long PositionAfter(this ChunkedList<HistoryRecord> records, long ordinal, int count)
    {
        if (count == 0 || records[count - 1].Ordinal < ordinal) return count;
        int low = 0, high = count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (StandsAfter(records[middle], ordinal)) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>An annotation has the ordinal of the message before it, and stands after that message.</summary>
    static bool StandsAfter(HistoryRecord record, long ordinal) => record.Ordinal > ordinal || (record.IsAnnotation && record.Ordinal == ordinal);
}
