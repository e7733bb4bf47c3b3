namespace Macp.Runtime;

/// <summary>
/// Counts what passed in the last 60 seconds. Exact to the millisecond for limits up to 4096; above, arrivals share slots of 16 milliseconds and
/// leave the window up to 15 milliseconds late, so that a window never holds more than a few thousand slots. Not safe for threads.
/// </summary>
sealed class SlidingWindow(int limit)
{
    const long LengthMs = 60_000;
    const int MostExact = 4096, CoarseSlot = 0xF;

    readonly long _slotMask = limit > MostExact ? CoarseSlot : 0;

    Slot[] _ring = [];
    int _first, _slots, _total;

    /// <summary>Counts one more, unless the window is full.</summary>
    public bool TryTake(long nowMs)
    {
        // No process receives that many in a minute.
        if (limit == int.MaxValue) return true;
        Forget(nowMs);
        if (_total >= limit) return false;
        long slot = nowMs | _slotMask;
        if (_slots > 0 && _ring[Index(_slots - 1)].At == slot) _ring[Index(_slots - 1)].Count++;
        else Add(slot);
        _total++;
        return true;
    }

    public bool IsEmpty(long nowMs)
    {
        Forget(nowMs);
        return _total == 0;
    }

    void Forget(long nowMs)
    {
        for (; _slots > 0 && nowMs - _ring[_first].At > LengthMs; _slots--)
        {
            _total -= _ring[_first].Count;
            _first = Index(1);
        }
    }

    void Add(long at)
    {
        if (_slots == _ring.Length) Grow();
        _ring[Index(_slots++)] = new() { At = at, Count = 1 };
    }

    void Grow()
    {
        var ring = new Slot[Math.Max(4, _ring.Length * 2)];
        for (int i = 0; i < _slots; i++) ring[i] = _ring[Index(i)];
        (_ring, _first) = (ring, 0);
    }

    // The ring's length is a power of two.
    int Index(int offset) => (_first + offset) & (_ring.Length - 1);

    struct Slot
    {
        public long At;
        public int Count;
    }
}
