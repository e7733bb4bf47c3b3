namespace Macp.Runtime;

/// <summary>
/// A list that grows by whole chunks, so that appending never copies what is there. One writer at a time; readers need no lock: they
/// see what was there when they read <see cref="Count"/>.
/// </summary>
sealed class ChunkedList<T>
{
    const int ChunkBits = 6, ChunkSize = 1 << ChunkBits;

    T[][] _chunks = new T[1][];
    int _count;

    public int Count => Volatile.Read(ref _count);

    public T this[int index] => _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    public void Add(T item)
    {
        int index = _count;
        if ((index & (ChunkSize - 1)) == 0) AddChunk(index >> ChunkBits);
        _chunks[index >> ChunkBits][index & (ChunkSize - 1)] = item;
        // Last: whoever sees the count sees the item, and the table of chunks that leads to it.
        Volatile.Write(ref _count, index + 1);
    }

    /// <summary>Takes out everything from this index on. Writer only, and what no reader has been told of.</summary>
    public void Cut(int count) => Volatile.Write(ref _count, count);

    void AddChunk(int number)
    {
        var chunks = _chunks;
        if (number == chunks.Length) Array.Resize(ref chunks, number * 2);
        chunks[number] ??= new T[ChunkSize];
        _chunks = chunks;
    }
}
