using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>Who waits for a record of a session is told of that record, once, and keeps nobody else waiting.</summary>
public sealed class TicketWaiterTests : IDisposable
{
    const int Records = 12;

    readonly FaultyFolder _folder = new();
    readonly Journal _journal;
    readonly SessionLog _log;

    public TicketWaiterTests()
    {
        _journal = new(new SegmentWriter(_folder, 1, 1, int.MaxValue), _ => { });
        _log = new(1, _journal, _ => false);
    }

    public void Dispose() => _journal.Dispose();

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void In_whatever_order_they_came_those_are_taken_whose_tickets_are_meant(int seed)
    {
        var random = new Random(seed);
        var waiters = new TicketWaiters();
        var expected = new List<long>();
        for (int step = 0; step < 2000; step++)
        {
            long ticket = random.Next(1, 20);
            if (random.Next(4) > 0)
            {
                waiters.Add(new(ticket));
                expected.Add(ticket);
                continue;
            }
            bool isFrom = random.Next(3) == 0;
            var taken = TicketsOf(isFrom ? waiters.TakeFrom(ticket) : waiters.TakeUntil(ticket));
            Assert.Equal(expected.Where(waiting => isFrom ? waiting >= ticket : waiting <= ticket).Order(), taken);
            expected.RemoveAll(waiting => isFrom ? waiting >= ticket : waiting <= ticket);
        }
        Assert.Equal(expected.Order(), TicketsOf(waiters.TakeUntil(long.MaxValue)));
        Assert.Null(waiters.TakeUntil(long.MaxValue));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Each_is_told_of_its_own_ticket_in_whatever_order_they_ask(bool isLost)
    {
        using var first = new ManualResetEventSlim();
        using var second = new ManualResetEventSlim();
        int writes = 0;
        Hold(operation =>
        {
            if (operation is not FileOperation.Write) return null;
            if (Interlocked.Increment(ref writes) == 2) first.Wait();
            if (writes != 3) return null;
            second.Wait();
            return isLost ? FileFault.Halfway : null;
        });
        // The first write is the segment's header. The first record is a batch by itself; the others come while it is written, and are the second.
        long alone = _log.Append(Record(0));
        await Expect.SoonAsync(() => Volatile.Read(ref writes) == 2, "the first batch");
        long[] others = [.. Enumerable.Range(1, Records).Select(i => _log.Append(Record(i)))];
        var late = others.Reverse().Concat(others).Select(ticket => _log.WhenDurable(ticket).AsTask()).ToArray();
        var early = new[] { _log.WhenDurable(alone).AsTask(), _log.WhenDurable(alone).AsTask() };

        first.Set();
        await Expect.SoonAsync(Task.WhenAll(early), "the first record");
        Assert.DoesNotContain(late, waiting => waiting.IsCompleted);
        second.Set();
        await Expect.SoonAsync(Task.WhenAll(late.Select(waiting => Task.WhenAny(waiting))), "the others");
        Assert.All(late, waiting => Assert.Equal(!isLost, waiting.IsCompletedSuccessfully));
        if (isLost) Assert.All(late, waiting => Assert.IsType<IOException>(waiting.Exception!.InnerException));
    }

    [Fact]
    public async Task Whoever_goes_on_keeps_neither_the_journal_nor_the_others_waiting()
    {
        using var release = new ManualResetEventSlim();
        Hold(operation =>
        {
            if (operation is FileOperation.Sync) release.Wait();
            return null;
        });
        long ticket = _log.Append(Record(0));
        var waiting = Enumerable.Range(1, 2).Select(async i =>
        {
            await _log.WhenDurable(ticket).ConfigureAwait(false);
            // Blocks the thread on which it goes on until another record is durable.
            return _log.WhenDurable(_log.Append(Record(i))).AsTask().Wait(TimeSpan.FromSeconds(20));
        }).ToArray();
        release.Set();
        Assert.DoesNotContain(false, await Expect.SoonAsync(Task.WhenAll(waiting), "those who block"));
    }

    void Hold(Func<FileOperation, FileFault?> plan) => _folder.Plan = (_, operation) => plan(operation);

    static IEnumerable<long> TicketsOf(TicketWaiter? first)
    {
        for (var waiter = first; waiter is not null; waiter = waiter.Next) yield return waiter.Ticket;
    }

    static HistoryRecord Record(int number) => new(RecordKind.Sent, new Envelope { MessageId = $"m{number}", MessageType = "Note" }, number, number + 1);
}
