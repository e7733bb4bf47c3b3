namespace Macp.Runtime;

/// <summary>Histories that live as long as the process. Everything is durable at once, so that nothing ever waits.</summary>
public sealed class MemoryHistory : IHistory
{
    /// <inheritdoc/>
    public ISessionHistory Create(string sessionId) => new MemorySessionHistory();
}

/// <summary>The history of one session in memory.</summary>
sealed class MemorySessionHistory : ISessionHistory
{
    readonly ChunkedList<HistoryRecord> _records = new();

    public long Append(HistoryRecord record)
    {
        _records.Add(record);
        return _records.Count;
    }

    public ValueTask WhenDurable(long ticket) => ValueTask.CompletedTask;

    public void DropLost()
    {
        // Memory loses nothing.
    }

    public IEnumerable<HistoryRecord> ReadAll()
    {
        for (int i = 0; i < _records.Count; i++) yield return _records[i];
    }

    public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken)
    {
        int count = _records.Count;
        if (count == 0 || _records[count - 1].Ordinal < ordinal) return new(count);
        int low = 0, high = count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (StandsAfter(_records[middle], ordinal)) high = middle;
            else low = middle + 1;
        }
        return new(low);
    }

    public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken)
    {
        int count = (int)Math.Clamp(_records.Count - position, 0, into.Length);
        for (int i = 0; i < count; i++) into.Span[i] = _records[(int)position + i];
        return new(count);
    }

    /// <summary>An annotation has the ordinal of the message before it, and stands after that message.</summary>
    static bool StandsAfter(HistoryRecord record, long ordinal) => record.Ordinal > ordinal || (record.IsAnnotation && record.Ordinal == ordinal);
}
