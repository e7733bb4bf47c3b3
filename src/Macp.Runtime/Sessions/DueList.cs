using Macp.Modes;

namespace Macp.Runtime;

/// <summary>
/// What a mode has coming due in one session, in the order in which it comes due: session time, and for the same instant the order of its
/// causes.
/// </summary>
sealed class DueList
{
    PriorityQueue<DueMessage, (long At, long Cause)>? _queue;
    long _causes;

    /// <summary>When the next is due, in session time; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextAt => _queue is not null && _queue.TryPeek(out _, out var due) ? due.At : long.MaxValue;

    /// <summary>Adds what an accepted message brings about.</summary>
    public void Add(DueMessage message, long acceptedAt)
    {
        long delay = Math.Max(0, message.Delay.Ticks / TimeSpan.TicksPerMillisecond);
        (_queue ??= new()).Enqueue(message, (SessionTimes.AddSaturating(acceptedAt, delay), _causes++));
    }

    /// <summary>The next one.</summary>
    public DueMessage Next => _queue!.Peek();

    /// <summary>Takes the next one.</summary>
    public DueMessage Take() => _queue!.Dequeue();

    /// <summary>The one with this id, and when it is due, in session time; null when there is none.</summary>
    public (DueMessage Message, long At)? Find(string messageId)
    {
        if (_queue is null) return null;
        foreach (var (message, due) in _queue.UnorderedItems)
            if (message.MessageId == messageId) return (message, due.At);
        return null;
    }

    /// <summary>
    /// Brings the list to where it stood after this record was appended: whatever was due by then was appended too, before it, or refused and
    /// dropped.
    /// </summary>
    public void CatchUpWith(HistoryRecord record, long sessionTime)
    {
        while (NextAt <= sessionTime)
            if (Take().MessageId == record.MessageId && record.Kind is RecordKind.CameDue) return;
    }

    /// <summary>Takes out the one with this id, whenever it is due.</summary>
    public void Remove(string messageId)
    {
        if (_queue is null) return;
        var rest = _queue.UnorderedItems.Where(item => item.Element.MessageId != messageId);
        _queue = new(rest);
    }

    public void Clear() => _queue = null;
}
