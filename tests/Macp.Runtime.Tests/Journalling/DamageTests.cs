using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>Damage to what was stored is told with its place, and shuts the sessions that it may have taken something from, and no others.</summary>
public sealed class DamageTests
{
    [Fact]
    public async Task A_flipped_bit_anywhere_is_found_and_takes_nothing_unnoticed()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments)
            for (int at = 0; at < journal.Folder[segment].Length; at++)
                Check(journal, segment, at, 1, journal.With(segment, at, 1, b => (byte)(b ^ (1 << (at % 8)))));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(200)]
    public async Task So_is_an_overwritten_range(int length)
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments)
            for (int at = 0; at < journal.Folder[segment].Length; at += 23)
                Check(journal, segment, at, length, journal.With(segment, at, length, b => (byte)~b));
    }

    [Fact]
    public async Task So_is_a_missing_segment_that_others_follow()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments.SkipLast(1))
        {
            var folder = journal.Copy();
            folder.Delete(segment);
            var (sessions, faults) = StoredJournal.Read(folder);
            Assert.Contains(faults, fault => !fault.IsTorn && fault.Reason == $"segment {SegmentWriter.NumberOf(segment)} is missing");
            Assert.Contains(faults, fault => !fault.IsTorn && fault.Reason.StartsWith("batch", StringComparison.Ordinal));
            CheckSessions(journal, sessions, isTorn: false);
        }
    }

    [Fact]
    public async Task A_tail_of_zeros_in_an_older_segment_is_no_torn_end()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments.SkipLast(1))
            foreach (var batch in journal.BatchesOf(segment))
            {
                int end = journal.Folder[segment].Length;
                var folder = journal.With(segment, batch.Offset, end, _ => 0);
                var (sessions, faults) = StoredJournal.Read(folder);
                Assert.Contains(faults, fault => fault is { IsTorn: false } && fault.Segment == SegmentWriter.NumberOf(segment) && fault.Offset == batch.Offset);
                Assert.Equal(end, folder[segment].Length);
                CheckSessions(journal, sessions, isTorn: false);
            }
    }

    [Fact]
    public async Task What_stands_between_batches_that_follow_one_another_is_told_and_shuts_nobody()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments)
        {
            var (sessions, faults) = StoredJournal.Read(journal.With(segment, bytes => [.. bytes, .. "what is this?"u8]));
            var fault = Assert.Single(faults);
            Assert.Equal((segment, journal.Folder[segment].Length, segment == journal.Segments[^1]), (SegmentWriter.NameOf(fault.Segment), fault.Offset, fault.IsTorn));
            Assert.All(sessions.Values, session => Assert.False(session.IsReadOnly));
            Assert.Equal(journal.Records, sessions.ToDictionary(s => s.Key, s => s.Value.Records));
        }
    }

    [Fact]
    public async Task A_damaged_header_of_a_segment_does_not_hide_what_follows_it()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments)
        {
            var (sessions, faults) = StoredJournal.Read(journal.With(segment, 0, SegmentFormat.HeaderSize, b => (byte)~b));
            var fault = Assert.Single(faults);
            Assert.Equal((segment, 0L, false), (SegmentWriter.NameOf(fault.Segment), fault.Offset, fault.IsTorn));
            Assert.Equal(journal.Records, sessions.ToDictionary(s => s.Key, s => s.Value.Records));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_client_sent_is_never_taken_for_a_batch(bool isHeaderDamagedToo)
    {
        var folder = new FaultyFolder();
        using var history = JournalHistory.Open(folder);
        var world = new World(history: history);
        await world.StartAsync();
        byte[] forged = new byte[SegmentFormat.BatchHeaderSize];
        SegmentFormat.WriteBatchHeader(forged, new(0, 1, 1000, Crc32C.Of([]), Salt: 4711));
        await world.SendAsync(World.Bob, world.Note(World.Bob, new('x', 2 * forged.Length)));
        await world.NoteAsync(World.Bob, "after");
        history.Dispose();
        string segment = Assert.Single(folder.List());
        var note = new SegmentScan(folder[segment]).Read(1).ElementAt(1);
        byte[] bytes = folder[segment];
        forged.CopyTo(bytes, note.Offset + SegmentFormat.BatchHeaderSize + 10);
        if (isHeaderDamagedToo) bytes[note.Offset + 5] ^= 1;
        folder[segment] = bytes;

        var (sessions, faults) = StoredJournal.Read(folder);
        Assert.Equal([(note.Offset, "a batch is damaged"), (note.End, "batch 2 is missing")], faults.Select(fault => ((int)fault.Offset, fault.Reason)));
        Assert.Single(sessions[World.Session].Records);
    }

    [Fact]
    public async Task Another_version_of_the_format_is_refused_and_left_alone()
    {
        var journal = await StoredJournal.WriteAsync();
        var folder = journal.With(journal.Segments[^1], bytes =>
        {
            bytes[8] = 2;
            BitConverter.TryWriteBytes(bytes.AsSpan(24), Crc32C.Of(bytes.AsSpan(0, 24)));
            return bytes[..SegmentFormat.HeaderSize];
        });
        Assert.Contains("format version 2", Assert.Throws<InvalidDataException>(() => JournalHistory.Open(folder)).Message, StringComparison.Ordinal);
        Assert.Equal(journal.Segments.Count, folder.List().Count);
    }

    [Fact]
    public async Task A_session_that_may_have_lost_something_is_read_and_listed_and_takes_no_more()
    {
        var journal = await StoredJournal.WriteAsync();
        var (world, history) = journal.Live(journal.With(journal.Segments[^2], SegmentFormat.HeaderSize, 40, b => (byte)~b));
        using var ended = history;
        Assert.Contains(history.Faults, fault => !fault.IsTorn);

        Expect.Code(ErrorCode.InternalError, await world.NoteAsync(World.Bob, "more", StoredJournal.Open));
        Expect.Code(ErrorCode.InternalError, Expect.Done(await world.Runtime.SuspendAsync(World.Ada, StoredJournal.Open, "")));
        Expect.Code(ErrorCode.InternalError, Expect.Done(await world.Runtime.CancelAsync(World.Ada, StoredJournal.Open, "")));
        Assert.Equal(SessionState.Open, await world.StateAsync(StoredJournal.Open));
        Assert.NotEmpty(await Expect.AvailableAsync(await world.SubscribeAsync(session: StoredJournal.Open)));
        Assert.True((await world.Runtime.ListSessionsAsync(World.Bob, new())).Succeeded(out var page, out _));
        Assert.Contains(page.Sessions, session => session.SessionId == StoredJournal.Open);

        // The one that started after the damage has nothing to miss, and others can start.
        Expect.Accepted(await world.NoteAsync(World.Bob, "more", StoredJournal.Late));
        Expect.Accepted(await world.SendAsync(World.Ada, world.Start()));

        // Its time is up, and nothing says so any more.
        world.Time.Advance(10_000_000);
        Assert.Equal(SessionState.Open, await world.StateAsync(StoredJournal.Open));
        Assert.Equal(SessionState.Expired, await world.StateAsync(StoredJournal.Late));
    }

    static void Check(StoredJournal journal, string segment, int at, int length, FaultyFolder damaged)
    {
        var (sessions, faults) = StoredJournal.Read(damaged);
        // The place is that of the header or the batch in which the damage lies.
        Assert.Contains(faults, fault => fault.Segment == SegmentWriter.NumberOf(segment) && fault.Offset < at + length && at < fault.Offset + fault.Bytes);
        bool isTorn = faults.Any(fault => fault.IsTorn);
        if (isTorn) Assert.True(segment == journal.Segments[^1] && at + length > journal.BatchesOf(segment)[^1].Offset, $"{segment} at {at} is not the end");
        CheckSessions(journal, sessions, isTorn);
    }

    /// <summary>Whatever is shorter than it was can only be read; what has ended, and is whole, is never suspected.</summary>
    static void CheckSessions(StoredJournal journal, Dictionary<string, (IReadOnlyList<string> Records, bool IsReadOnly)> sessions, bool isTorn)
    {
        foreach (var (id, (records, isReadOnly)) in sessions)
        {
            var all = journal.Records[id];
            Assert.Equal(all.Take(records.Count), records);
            // What is cut as torn cannot be told from a batch that was damaged later: it is one batch, the last.
            int missing = all.Count - records.Count;
            if (missing > (isTorn ? 1 : 0)) Assert.True(isReadOnly, $"{id} lost {missing} records");
            if (missing == 0 && id == StoredJournal.Ended) Assert.False(isReadOnly);
        }
    }
}
