using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>The parts of the journal, each by itself.</summary>
public sealed class JournalPiecesTests
{
    readonly FaultyFolder _folder = new();
    readonly Journal _journal;

    public JournalPiecesTests() => _journal = new(new SegmentWriter(_folder, 1, 1, 2000), _ => { });

    [Fact]
    public void The_checksum_is_the_published_one()
    {
        Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AA, Crc32C.Of(new byte[32]));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Fact]
    public void A_segment_is_read_as_it_was_written()
    {
        var random = new Random(1);
        var writer = new SegmentWriter(_folder, 7, 40, int.MaxValue);
        var written = Enumerable.Range(1, 50).Select(size => new byte[SegmentFormat.BatchHeaderSize + random.Next(size * size)]).ToArray();
        foreach (byte[] batch in written)
        {
            random.NextBytes(batch);
            writer.Append(batch, batch.Length);
        }
        byte[] segment = _folder[SegmentWriter.NameOf(7)];
        Assert.True(SegmentFormat.TryReadHeader(segment, out var header));
        Assert.Equal(7, header.Number);
        var read = new SegmentScan(segment).Read(40).ToArray();
        Assert.Equal(written.Select(batch => batch[SegmentFormat.BatchHeaderSize..]), read.Select(part => part.Records.ToArray()));
        Assert.Equal(written.Select((batch, i) => (batch.Length, 40L + i)), read.Select(part => (part.Header.Records, part.Header.Number)));
        // Older ones than can follow are none.
        Assert.Equal(10, new SegmentScan(segment).Read(80).Count(part => part.Batch is not null));
        _journal.Dispose();
    }

    [Fact]
    public async Task Records_of_a_session_are_written_in_their_order_however_many_append()
    {
        const int Sessions = 8, Records = 300;
        await Task.WhenAll(Enumerable.Range(1, Sessions).Select(number => Task.Run(async () =>
        {
            var log = new SessionLog(number, _journal, _ => false);
            for (int i = 0; i < Records; i++)
            {
                long ticket = log.Append(Record(i));
                if (i % 50 == 49) await log.WhenDurable(ticket);
            }
        })));
        _journal.Dispose();

        var reader = new JournalReader(_folder);
        var read = reader.ReadAll().Select(entry => entry.Session).ToLookup(record => record.Session);
        Assert.Empty(reader.Faults);
        Assert.True(reader.LastSegment > 1);
        Assert.Equal(Sessions, read.Count);
        foreach (var session in read)
        {
            Assert.Equal(Enumerable.Range(0, Records).Select(i => (ulong)i), session.Select(record => record.Position));
            Assert.Equal(Enumerable.Range(0, Records).Select(i => $"m{i}"), session.Select(record => record.MessageId));
        }
    }

    [Fact]
    public async Task What_cannot_be_written_is_lost_by_itself_and_the_journal_goes_on()
    {
        var unwritable = new SessionLog(1, _journal, _ => false);
        var policy = new PolicyBinding("an id and no definition");
        var start = new HistoryRecord(RecordKind.Sent, new() { MessageType = "SessionStart" }, 0, 1, new(1, "1.0.0", policy, 0, 0));
        Assert.False(await IsKeptAsync(unwritable, unwritable.Append(start)));
        var log = new SessionLog(2, _journal, _ => false);
        Assert.True(await IsKeptAsync(log, log.Append(Record(0))));
        _journal.Dispose();
    }

    [Fact]
    public async Task Nothing_is_read_before_it_is_durable()
    {
        using var release = new ManualResetEventSlim();
        var log = new SessionLog(1, _journal, _ => false);
        _folder.Plan = (_, operation) =>
        {
            if (operation is FileOperation.Sync) release.Wait();
            return null;
        };
        var durable = log.WhenDurable(log.Append(Record(0))).AsTask();
        Assert.Equal(0, await log.ReadAsync(0, new HistoryRecord[1], default));
        Assert.Equal(0, await log.SeekAsync(1, default));
        Assert.False(durable.IsCompleted);
        Assert.Single(log.ReadAll());

        release.Set();
        await Expect.SoonAsync(durable, "the record");
        Assert.Equal(1, await log.ReadAsync(0, new HistoryRecord[1], default));
        _journal.Dispose();
    }

    [Fact]
    public async Task A_ticket_says_for_ever_what_became_of_it()
    {
        var log = new SessionLog(1, _journal, _ => false);
        var expected = new List<bool>();
        for (int round = 0; round < 4; round++)
        {
            bool isLost = round % 2 == 1;
            _folder.Plan = (_, operation) => isLost && operation is FileOperation.Write or FileOperation.Create ? FileFault.BeforeAll : null;
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(expected.Count + 1, log.Append(Record(i)));
                expected.Add(!isLost);
            }
            Assert.Equal(!isLost, await IsKeptAsync(log, expected.Count));
            if (isLost)
            {
                // Before the loss is dropped nothing else is kept, although the disk is well.
                _folder.Plan = null;
                log.Append(Record(9));
                expected.Add(false);
                Assert.False(await IsKeptAsync(log, expected.Count));
                log.DropLost();
            }
            for (int ticket = 1; ticket <= expected.Count; ticket++) Assert.Equal(expected[ticket - 1], await IsKeptAsync(log, ticket));
        }
        Assert.Equal(6, log.ReadAll().Count());
        _journal.Dispose();
    }

    [Fact]
    public async Task What_is_appended_to_a_closed_journal_is_lost_at_once()
    {
        var log = new SessionLog(1, _journal, _ => false);
        Assert.True(await IsKeptAsync(log, log.Append(Record(0))));
        _journal.Dispose();
        Assert.False(await IsKeptAsync(log, log.Append(Record(1))));
        Assert.False(await IsKeptAsync(log, log.Append(Record(2))));
        Assert.Equal(1, await log.ReadAsync(0, new HistoryRecord[3], default));
    }

    [Fact]
    public async Task A_full_disk_is_not_filled_with_what_failed()
    {
        var log = new SessionLog(1, _journal, _ => false);
        bool isBegun = false;
        // A segment's header just fits, and nothing more.
        _folder.Plan = (_, operation) =>
        {
            bool fails = isBegun && operation is FileOperation.Write;
            isBegun |= operation is FileOperation.SyncFolder;
            isBegun &= operation is not FileOperation.Create;
            return fails ? FileFault.Halfway : null;
        };
        for (int i = 0; i < 20; i++)
        {
            Assert.False(await IsKeptAsync(log, log.Append(Record(i))));
            log.DropLost();
        }
        _folder.Plan = null;
        Assert.Single(_folder.List());
        Assert.True(await IsKeptAsync(log, log.Append(Record(0))));
        _journal.Dispose();
    }

    static HistoryRecord Record(int number) => new(RecordKind.Sent, new Envelope { MessageId = $"m{number}", MessageType = "Note" }, number, number + 1);

    static async Task<bool> IsKeptAsync(SessionLog log, long ticket)
    {
        var settled = log.WhenDurable(ticket).AsTask();
        await Expect.SoonAsync(Task.WhenAny(settled), "what became of a record");
        return settled.IsCompletedSuccessfully;
    }
}
