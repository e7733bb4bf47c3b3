using Macp.Runtime;

namespace Macp.Server.Tests;

/// <summary>A history in memory that loses what is appended while it is told to.</summary>
sealed class LossyHistory : IHistory
{
    readonly MemoryHistory _kept = new();

    public bool Loses { get; set; }

    public ISessionHistory Create(string sessionId) => new Session(this, _kept.Create(sessionId));

    public ValueTask AppendAsync(RegistryChange change) => Loses ? ValueTask.FromException(new IOException("the disk is full")) : default;

    sealed class Session(LossyHistory history, ISessionHistory kept) : ISessionHistory
    {
        readonly HashSet<long> _lost = [];
        long _ticket;

        public long Append(HistoryRecord record)
        {
            _ticket++;
            if (history.Loses) lock (_lost) _lost.Add(_ticket);
            else kept.Append(record);
            return _ticket;
        }

        public ValueTask WhenDurable(long ticket)
        {
            lock (_lost) return _lost.Contains(ticket) ? ValueTask.FromException(new IOException("the disk is full")) : default;
        }

        public void DropLost() => kept.DropLost();

        public IEnumerable<HistoryRecord> ReadAll() => kept.ReadAll();

        public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken) => kept.SeekAsync(ordinal, cancellationToken);

        public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken) => kept.ReadAsync(position, into, cancellationToken);
    }
}
