using System.Threading.Tasks.Sources;

namespace Macp.Runtime;

/// <summary>
/// Those who wait for tickets of one session, in the order of the tickets. Each is told by itself and once, so that nobody wakes to learn that there is
/// nothing for him yet. Not safe for threads.
/// </summary>
struct TicketWaiters
{
    // The first waits for the lowest ticket.
    TicketWaiter? _first, _last;

    public void Add(TicketWaiter waiter)
    {
        // Whoever asks has mostly appended just now.
        if (_last is null || _last.Ticket <= waiter.Ticket)
        {
            Link(_last, waiter);
            _last = waiter;
            return;
        }
        TicketWaiter? before = null;
        for (var next = _first!; next.Ticket <= waiter.Ticket; next = next.Next!) before = next;
        waiter.Next = before is null ? _first : before.Next;
        Link(before, waiter);
    }

    /// <summary>Takes out who waits for this ticket or an earlier one; the others hang on the answer.</summary>
    public TicketWaiter? TakeUntil(long ticket)
    {
        var taken = _first;
        if (taken is null || taken.Ticket > ticket) return null;
        var end = taken;
        while (end.Next is { } next && next.Ticket <= ticket) end = next;
        _first = end.Next;
        end.Next = null;
        if (_first is null) _last = null;
        return taken;
    }

    /// <summary>Takes out who waits for this ticket or a later one; the others hang on the answer.</summary>
    public TicketWaiter? TakeFrom(long ticket)
    {
        var earlier = TakeUntil(ticket - 1);
        var taken = _first;
        (_first, _last) = (earlier, earlier);
        while (_last?.Next is { } next) _last = next;
        return taken;
    }

    void Link(TicketWaiter? before, TicketWaiter waiter)
    {
        if (before is null) _first = waiter;
        else before.Next = waiter;
    }
}

/// <summary>One who waits for a ticket. He goes on in the thread pool, and never in the journal's thread.</summary>
sealed class TicketWaiter(long ticket) : IValueTaskSource
{
    ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };

    public long Ticket => ticket;

    /// <summary>Who waits behind him.</summary>
    public TicketWaiter? Next { get; set; }

    public ValueTask Task => new(this, _source.Version);

    /// <summary>Tells him, and all behind him, that it is durable.</summary>
    public void Keep()
    {
        for (var waiter = this; waiter is not null; waiter = waiter.Next) waiter._source.SetResult(true);
    }

    /// <summary>Tells him, and all behind him, that it was lost.</summary>
    public void Lose(Exception reason)
    {
        for (var waiter = this; waiter is not null; waiter = waiter.Next) waiter._source.SetException(SessionLog.NotStored(reason));
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
