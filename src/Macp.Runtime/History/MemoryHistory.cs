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

    public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken) => new(_records.PositionAfter(ordinal, _records.Count));

    public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken)
    {
        int count = (int)Math.Clamp(_records.Count - position, 0, into.Length);
        for (int i = 0; i < count; i++) into.Span[i] = _records[(int)position + i];
        return new(count);
    }
}
