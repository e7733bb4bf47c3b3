using System.Runtime.CompilerServices;

namespace Macp.Runtime;

/// <summary>Something that happened, as it stands in an <see cref="EventRing{T}"/>.</summary>
abstract class RingEvent
{
    /// <summary>Its place among all that ever happened.</summary>
    public long Position { get; set; }

    /// <summary>How many slots it takes. Larger ones take more, so that a ring bounds bytes and not only numbers.</summary>
    public virtual int Width => 1;
}

/// <summary>
/// The latest events of a kind, for any number of readers at their own pace. Nobody takes a lock. A reader is a position, so that one that stalls costs
/// nothing; it has lost its place once what it would read next has been written over.
/// </summary>
sealed class EventRing<T>(int slots)
    where T : RingEvent
{
    readonly T?[] _slots = new T?[slots];
    readonly WakeUp _grown = new();
    long _end;

    /// <summary>The position of the next event.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Adds an event; <see cref="Pulse"/> wakes those who wait for it.</summary>
    public void Add(T happened)
    {
        int width = Math.Min(happened.Width, slots);
        happened.Position = Interlocked.Add(ref _end, width) - width;
        for (int i = 0; i < width; i++) Put(ref _slots[(happened.Position + i) % slots], happened);
    }

    public void Pulse() => _grown.Pulse();

    /// <summary>Everything from a position on, as it happens. Ends by cancellation only.</summary>
    /// <exception cref="FellBehindException">What comes next is gone.</exception>
    public async IAsyncEnumerable<T> ReadAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var grown = _grown.Next();
            while (Find(position) is { } happened)
            {
                yield return happened;
                position = happened.Position + Math.Min(happened.Width, slots);
            }
            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The event at a position; null when it is yet to come, or just being written.</summary>
    T? Find(long position)
    {
        var found = Volatile.Read(ref _slots[position % slots]);
        if (found is null || found.Position < position) return null;
        return found.Position == position ? found : throw new FellBehindException();
    }

    /// <summary>Puts the event into a slot, unless a writer that came a whole round later has been faster.</summary>
    static void Put(ref T? slot, T happened)
    {
        for (var before = Volatile.Read(ref slot); before is null || before.Position < happened.Position;)
        {
            var found = Interlocked.CompareExchange(ref slot, happened, before);
            if (ReferenceEquals(found, before)) return;
            before = found;
        }
    }
}
