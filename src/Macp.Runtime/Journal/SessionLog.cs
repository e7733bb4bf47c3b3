namespace Macp.Runtime;

/// <summary>
/// The history of one session in a journal: in memory what it holds, and of that how much is durable. The session's writer appends, the journal's
/// thread says what became of it, and readers see what is durable.
/// </summary>
sealed class SessionLog(long number, Journal journal, Func<long, bool> isFindable) : ISessionHistory
{
    readonly Lock _gate = new();
    readonly ChunkedList<HistoryRecord> _records = new();

    // Nearly always none. The last one grows until it is dropped.
    readonly List<Loss> _losses = [];
    bool _isLosing;
    TicketWaiters _waiters;
    long _tickets, _durableTicket;
    int _durable;
    long _segment;

    /// <summary>What the journal calls the session.</summary>
    public long Number => number;

    public bool IsReadOnly { get; private init; }

    public bool CanBeRecalled => isFindable(Volatile.Read(ref _segment));

    /// <summary>The log of a session that the journal holds already.</summary>
    public static SessionLog Recall(StoredSession stored, Journal journal, Func<long, bool> isFindable)
    {
        var log = new SessionLog(stored.Number, journal, isFindable) { IsReadOnly = stored.IsReadOnly };
        foreach (var record in stored.Records) log._records.Add(record);
        log._durable = stored.Records.Count;
        return log;
    }

    public long Append(HistoryRecord record)
    {
        lock (_gate)
        {
            int position = _records.Count;
            _records.Add(record);
            long ticket = ++_tickets;
            if (_isLosing) _losses[^1].Last = ticket;
            else journal.Enqueue(new RecordAppend(this, record, position, ticket));
            return ticket;
        }
    }

    public ValueTask WhenDurable(long ticket)
    {
        // What is lost is told by the loss; what is durable, without a lock, where nothing ever was. In this order: a later ticket is durable only after
        // the loss of an earlier one was entered.
        if (ticket <= Volatile.Read(ref _durableTicket) && _losses.Count == 0) return default;
        lock (_gate)
        {
            if (LossOf(ticket) is { } loss) return ValueTask.FromException(NotStored(loss));
            if (ticket <= _durableTicket) return default;
            var waiter = new TicketWaiter(ticket);
            _waiters.Add(waiter);
            return waiter.Task;
        }
    }

    public void DropLost()
    {
        lock (_gate)
        {
            _isLosing = false;
            _records.Cut(_durable);
        }
    }

    public IEnumerable<HistoryRecord> ReadAll()
    {
        for (int i = 0; i < _records.Count; i++) yield return _records[i];
    }

    public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken) => new(_records.PositionAfter(ordinal, Volatile.Read(ref _durable)));

    public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken)
    {
        int count = (int)Math.Clamp(Volatile.Read(ref _durable) - position, 0, into.Length);
        for (int i = 0; i < count; i++) into.Span[i] = _records[(int)position + i];
        return new(count);
    }

    /// <summary>Journal only: whether a record that waits was lost with an earlier one.</summary>
    public bool IsLost(long ticket)
    {
        lock (_gate) return LossOf(ticket) is not null;
    }

    /// <summary>Journal only: the records up to this one are durable, this one in this segment.</summary>
    public void Keep(int position, long ticket, long segment)
    {
        TicketWaiter? waiters;
        lock (_gate)
        {
            Volatile.Write(ref _segment, segment);
            Volatile.Write(ref _durable, position + 1);
            Volatile.Write(ref _durableTicket, ticket);
            waiters = _waiters.TakeUntil(ticket);
        }
        waiters?.Keep();
    }

    /// <summary>Journal only: this record was lost, and with it all after it that stand there by now or will until the loss is dropped.</summary>
    public void Lose(long ticket, Exception reason)
    {
        TicketWaiter? waiters;
        lock (_gate)
        {
            if (LossOf(ticket) is not null) return;
            _isLosing = true;
            // While a disk is full one loss follows the other; they are remembered as one.
            if (_losses.Count > 0 && _losses[^1].Last == ticket - 1) _losses[^1].Last = _tickets;
            else _losses.Add(new(ticket, reason) { Last = _tickets });
            waiters = _waiters.TakeFrom(ticket);
        }
        waiters?.Lose(reason);
    }

    /// <summary>What whoever waits for a lost record is told.</summary>
    public static IOException NotStored(Exception reason) => new("the record could not be stored", reason);

    Exception? LossOf(long ticket)
    {
        foreach (var loss in _losses)
            if (ticket >= loss.First && ticket <= loss.Last) return loss.Reason;
        return null;
    }

    /// <summary>Tickets that were lost for one reason.</summary>
    sealed record Loss(long First, Exception Reason)
    {
        public long Last { get; set; }
    }
}
