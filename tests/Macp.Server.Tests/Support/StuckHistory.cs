using Macp.Runtime;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Server.Tests;

/// <summary>A history in memory in which whatever follows a proposal whose id begins with this word never becomes durable, in its session.</summary>
sealed class StuckHistory : IHistory
{
    public const string Word = "stuck";

    readonly MemoryHistory _kept = new();

    public ISessionHistory Create(string sessionId) => new Session(_kept.Create(sessionId));

    sealed class Session(ISessionHistory kept) : ISessionHistory
    {
        long _stuckFrom = long.MaxValue;

        public long Append(HistoryRecord record)
        {
            long ticket = kept.Append(record);
            bool isStuck = record.MessageType == "Proposal" && ProposalPayload.Parser.ParseFrom(record.Payload).ProposalId.StartsWith(Word, StringComparison.Ordinal);
            if (isStuck) Interlocked.CompareExchange(ref _stuckFrom, ticket, long.MaxValue);
            return ticket;
        }

        public ValueTask WhenDurable(long ticket) => ticket < Volatile.Read(ref _stuckFrom) ? default : new(Task.Delay(Timeout.Infinite));

        public void DropLost() => kept.DropLost();

        public IEnumerable<HistoryRecord> ReadAll() => kept.ReadAll();

        public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken) => kept.SeekAsync(ordinal, cancellationToken);

        public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken) => kept.ReadAsync(position, into, cancellationToken);
    }
}
