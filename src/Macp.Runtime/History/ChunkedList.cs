namespace Macp.Runtime;

/// <summary>
/// A list that grows by whole chunks, so that appending never copies what is there; but for the first chunk, which is copied while it is short, since most
/// lists stay so. One writer at a time; readers need no lock: they see what was there when they read <see cref="Count"/>.
/// </summary>
sealed class ChunkedList<T>
{
    const int ChunkBits = 6, ChunkSize = 1 << ChunkBits, FirstGrowth = 4;

    // The first chunk is short at first, the others are made whole: the first of them has number 1.
    T[] _first = [];
    T[][] _others = [];
    int _count;

    public int Count => Volatile.Read(ref _count);

    public T this[int index] => Chunk(index)[index & (ChunkSize - 1)];

    public void Add(T item)
    {
        int index = _count;
        if (index < ChunkSize) RoomInFirst(index);
        else if ((index & (ChunkSize - 1)) == 0) AddChunk((index >> ChunkBits) - 1);
        Chunk(index)[index & (ChunkSize - 1)] = item;
        // Last: whoever sees the count sees the item, and the chunk or the table of chunks that leads to it.
        Volatile.Write(ref _count, index + 1);
    }

    /// <summary>Takes out everything from this index on. Writer only, and what no reader has been told of.</summary>
    public void Cut(int count) => Volatile.Write(ref _count, count);

    T[] Chunk(int index) => index < ChunkSize ? _first : _others[(index >> ChunkBits) - 1];

    void RoomInFirst(int index)
    {
        if (index < _first.Length) return;
        var longer = new T[Math.Max(1, _first.Length * FirstGrowth)];
        _first.CopyTo(longer, 0);
        // Filled before it can be seen: a reader finds what it was told of in either.
        Volatile.Write(ref _first, longer);
    }

    void AddChunk(int number)
    {
        var chunks = _others;
        if (number == chunks.Length) Array.Resize(ref chunks, Math.Max(1, number * 2));
        chunks[number] ??= new T[ChunkSize];
        _others = chunks;
    }
}
