using Google.Protobuf;
using Macp.Wire.Journal.V1;

namespace Macp.Runtime.Tests;

/// <summary>A history whose writes become durable, or are lost, when a test says so.</summary>
public sealed class ManualHistory : IHistory
{
    readonly List<(string Session, Log Log)> _logs = [];

    /// <summary>While set, appended records wait for <see cref="Release"/> or <see cref="Lose"/>.</summary>
    public bool Holds { get; set; }

    /// <summary>Whether somebody waits for <see cref="Release"/> or <see cref="Lose"/>.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_logs) return _logs.Any(log => log.Log.IsAwaited);
        }
    }

    /// <summary>Ids that sessions of another life have used.</summary>
    public HashSet<string> UsedBefore { get; } = [];

    /// <summary>While set, appending itself throws.</summary>
    public bool IsBroken { get; set; }

    /// <summary>While set, what was appended cannot be read to be folded.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>What the process before left.</summary>
    public IReadOnlyList<ISessionHistory> Stored { get; private set; } = [];

    /// <summary>What another process finds of it: what is durable, as it comes back from a journal.</summary>
    public ManualHistory Recalled()
    {
        var recalled = new ManualHistory();
        lock (_logs)
            foreach (var (session, log) in _logs.Where(log => log.Log.Durable.Count > 0)) recalled._logs.Add((session, new Log(recalled, log.Durable)));
        recalled.Stored = [.. recalled._logs.Select(log => log.Log)];
        return recalled;
    }

    public bool Knows(string sessionId) => UsedBefore.Contains(sessionId);

    public ISessionHistory Create(string sessionId)
    {
        var log = new Log(this);
        lock (_logs) _logs.Add((sessionId, log));
        return log;
    }

    /// <summary>What is durable of a session. Of several starts at once, each with a history of its own, one is kept.</summary>
    public IReadOnlyList<HistoryRecord> Of(string sessionId)
    {
        lock (_logs) return _logs.Where(log => log.Session == sessionId).Select(log => log.Log.Durable).SingleOrDefault(records => records.Count > 0) ?? [];
    }

    public void Release() => Settle(static log => log.Release());

    public void Lose() => Settle(static log => log.Lose());

    void Settle(Action<Log> settle)
    {
        Log[] logs;
        lock (_logs) logs = [.. _logs.Select(log => log.Log)];
        foreach (var log in logs) settle(log);
    }

    sealed class Log(ManualHistory owner) : ISessionHistory
    {
        readonly Lock _gate = new();
        readonly List<(HistoryRecord Record, long Ticket)> _records = [];
        readonly List<(long Ticket, TaskCompletionSource Settled)> _waiting = [];
        readonly HashSet<long> _lost = [];
        long _tickets, _durableTicket;
        int _durable;
        bool _losing;

        /// <summary>Records that are read back.</summary>
        public Log(ManualHistory owner, IReadOnlyList<HistoryRecord> records)
            : this(owner)
        {
            foreach (var (i, record) in records.Index())
            {
                byte[] stored = JournalCodec.Write(1, i, record).ToByteArray();
                Append(JournalCodec.ToRecord(Entry.Parser.ParseFrom(stored).Session, records[0], record.Ordinal, new()));
            }
        }

        public IReadOnlyList<HistoryRecord> Durable
        {
            get
            {
                lock (_gate) return [.. _records.Take(_durable).Select(r => r.Record)];
            }
        }

        public bool IsAwaited
        {
            get
            {
                lock (_gate) return _waiting.Count > 0;
            }
        }

        public long Append(HistoryRecord record)
        {
            if (owner.IsBroken) throw new IOException("broken");
            lock (_gate)
            {
                _records.Add((record, ++_tickets));
                if (_losing) _lost.Add(_tickets);
                else if (!owner.Holds) ReleaseLocked();
                return _tickets;
            }
        }

        public ValueTask WhenDurable(long ticket)
        {
            lock (_gate)
            {
                if (_lost.Contains(ticket)) return ValueTask.FromException(new IOException("lost"));
                if (ticket <= _durableTicket) return ValueTask.CompletedTask;
                var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((ticket, settled));
                return new(settled.Task);
            }
        }

        public void DropLost()
        {
            lock (_gate)
            {
                _records.RemoveAll(r => _lost.Contains(r.Ticket));
                _losing = false;
            }
        }

        public IEnumerable<HistoryRecord> ReadAll()
        {
            if (owner.IsUnreadable) throw new InvalidDataException("unreadable");
            lock (_gate) return [.. _records.Select(r => r.Record)];
        }

        public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken)
        {
            var durable = Durable;
            if (durable.Count == 0 || durable[^1].Ordinal < ordinal) return new(durable.Count);
            return new(durable.TakeWhile(r => r.Ordinal < ordinal || (r.Ordinal == ordinal && !r.IsAnnotation)).Count());
        }

        public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken)
        {
            var read = Durable.Skip((int)position).Take(into.Length).ToArray();
            read.CopyTo(into);
            return new(read.Length);
        }

        public void Release()
        {
            lock (_gate)
                if (!_losing) ReleaseLocked();
        }

        public void Lose()
        {
            lock (_gate)
            {
                _losing |= _records.Count > _durable;
                foreach (var (_, ticket) in _records.Skip(_durable)) _lost.Add(ticket);
                foreach (var (_, settled) in _waiting) settled.SetException(new IOException("lost"));
                _waiting.Clear();
            }
        }

        void ReleaseLocked()
        {
            _durable = _records.Count;
            _durableTicket = _tickets;
            foreach (var (_, settled) in _waiting) settled.SetResult();
            _waiting.Clear();
        }
    }
}
