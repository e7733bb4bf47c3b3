using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>A journal can be read by whoever does not own it, session by session, and nothing is done to it.</summary>
public sealed class ArchiveTests
{
    [Fact]
    public async Task Every_session_comes_with_its_history_those_that_have_ended_first()
    {
        var journal = await StoredJournal.WriteAsync();
        var archive = JournalArchive.Open(journal.Folder);
        var sessions = archive.ReadSessions().ToList();

        Assert.Equal([StoredJournal.Ended, StoredJournal.Open, StoredJournal.Late], sessions.Select(s => s.SessionId));
        Assert.Equal([SessionState.Cancelled, SessionState.Open, SessionState.Open], sessions.Select(s => s.State));
        Assert.All(sessions, session => Assert.Equal((journal.World.Start().Mode, true), (session.Mode, session.IsWhole)));
        Assert.All(sessions, session => Assert.Equal(journal.Records[session.SessionId], session.Records.Select(StoredJournal.Describe)));
        Assert.Equal("1.0.0", sessions[0].Start.Binding!.ModeVersion);
        Assert.Empty(archive.Faults);
        var batches = journal.Segments.SelectMany(journal.BatchesOf).ToList();
        Assert.Equal(new(journal.Segments.Count, batches.Count, batches.Sum(b => b.Header.Records), journal.Segments.Sum(s => journal.Folder[s].Length)), archive.Extent);
    }

    [Fact]
    public async Task A_session_that_has_ended_comes_before_the_segments_behind_it_are_read()
    {
        var journal = await StoredJournal.WriteAsync();
        int opened = 0;
        journal.Folder.Plan = (_, operation) =>
        {
            if (operation is FileOperation.Open) opened++;
            return null;
        };
        Assert.Equal(StoredJournal.Ended, JournalArchive.Open(journal.Folder).ReadSessions().First().SessionId);
        Assert.InRange(opened, 1, journal.Segments.Count - 1);
    }

    [Fact]
    public async Task A_state_is_that_of_the_last_record_that_changes_it()
    {
        using var disk = new Disk();
        var world = await disk.LiveAsync();
        string[] ids = ["session-suspended-----", "session-resumed-------", "session-committed-----", "session-expired-------"];
        foreach (string id in ids) await world.StartAsync(id, start => start.TtlMs = id == ids[3] ? 1000 : 60_000);
        foreach (string id in ids[..2]) await world.Runtime.SuspendAsync(World.Ada, id, "");
        await world.Runtime.ResumeAsync(World.Ada, ids[1], "");
        Expect.Accepted(await world.NoteAsync(World.Bob, "after", ids[1]));
        Expect.Accepted(await world.SendAsync(World.Ada, world.Commitment(session: ids[2])));
        world.Time.Advance(2000);
        Assert.Equal(SessionState.Expired, await world.StateAsync(ids[3]));

        var states = JournalArchive.Open(disk.Folder).ReadSessions().ToDictionary(s => s.SessionId, s => s.State);
        Assert.Equal([SessionState.Suspended, SessionState.Open, SessionState.Resolved, SessionState.Expired], ids.Select(id => states[id]));
    }

    [Fact]
    public async Task What_a_running_process_has_acknowledged_is_read_beside_it()
    {
        using var disk = new Disk();
        var world = await disk.LiveAsync();
        await world.StartAsync();
        var archive = JournalArchive.Open(disk.Folder);
        for (int i = 0; i < 5; i++)
        {
            Expect.Accepted(await world.NoteAsync(World.Bob, $"note {i}"));
            Assert.Equal(i + 2, Assert.Single(archive.ReadSessions()).Records.Count);
            Assert.Empty(archive.Faults);
        }
    }

    [Fact]
    public void A_journal_in_which_nothing_stands_yet_is_one()
    {
        using var disk = new Disk();
        using var history = JournalHistory.Open(disk.Folder);
        Assert.Empty(JournalArchive.Open(disk.Folder).ReadSessions());
    }

    [Fact]
    public async Task A_batch_that_is_being_written_is_a_torn_end_and_is_left_alone()
    {
        var journal = await StoredJournal.WriteAsync();
        string segment = journal.Segments[^1];
        var last = journal.BatchesOf(segment)[^1];
        for (int end = last.Offset + 1; end < last.End; end++)
        {
            var folder = journal.With(segment, bytes => bytes[..end]);
            var archive = JournalArchive.Open(folder);
            var sessions = archive.ReadSessions().ToList();
            Assert.Equal((last.Offset, true), (Assert.Single(archive.Faults).Offset, archive.Faults[0].IsTorn));
            Assert.All(sessions, session => Assert.True(session.IsWhole));
            Assert.Equal(end, folder[segment].Length);
        }
    }

    [Fact]
    public async Task Damage_is_told_and_counts_as_it_does_for_the_process_that_owns_the_journal()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments)
            for (int at = 0; at < journal.Folder[segment].Length; at += 7)
            {
                var folder = journal.With(segment, at, 3, b => (byte)~b);
                var archive = JournalArchive.Open(folder);
                var read = archive.ReadSessions().ToDictionary(s => s.SessionId, s => (Records: s.Records.Select(StoredJournal.Describe), s.IsWhole));
                Assert.Equal(journal.Folder[segment].Length, folder[segment].Length);

                var (sessions, faults) = StoredJournal.Read(folder);
                Assert.Equal(faults, archive.Faults);
                Assert.Equal(sessions.Keys.Order(), read.Keys.Order());
                foreach (var (id, (records, isReadOnly)) in sessions)
                {
                    Assert.Equal(records, read[id].Records);
                    Assert.Equal(!isReadOnly, read[id].IsWhole);
                }
            }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_segment_that_vanishes_meanwhile_is_told_and_shuts_what_was_open(int fromEnd)
    {
        var journal = await StoredJournal.WriteAsync();
        var archive = JournalArchive.Open(journal.Folder);
        using var sessions = archive.ReadSessions().GetEnumerator();
        Assert.True(sessions.MoveNext());
        string vanished = journal.Segments[^fromEnd];
        journal.Folder.Delete(vanished);
        while (sessions.MoveNext())
            if (sessions.Current.SessionId == StoredJournal.Open) Assert.False(sessions.Current.IsWhole);
        Assert.Contains(archive.Faults, fault => fault == new JournalFault(SegmentWriter.NumberOf(vanished)!.Value, 0, 0, IsTorn: false, "the segment was removed while the journal was read"));
    }

    [Fact]
    public async Task What_retention_has_removed_is_neither_there_nor_missing()
    {
        var journal = await StoredJournal.WriteAsync();
        var folder = journal.Copy(isIndexed: true);
        foreach (string segment in journal.Segments)
        {
            // Until the last session's start.
            if (journal.BatchesOf(segment).SelectMany(b => JournalCodec.Read(b.Records)).Any(e => e.Session.Start?.SessionId == StoredJournal.Late)) break;
            Assert.NotNull(SegmentRemoval.Remove(folder, SegmentWriter.NumberOf(segment)!.Value));
        }
        Assert.NotEqual(journal.Segments[0], folder.List().Order(StringComparer.Ordinal).First());
        var archive = JournalArchive.Open(folder);
        var late = Assert.Single(archive.ReadSessions());
        Assert.Equal((StoredJournal.Late, true), (late.SessionId, late.IsWhole));
        Assert.Equal(journal.Records[late.SessionId], late.Records.Select(StoredJournal.Describe));
        Assert.Empty(archive.Faults);
    }

    [Fact]
    public void A_folder_that_is_not_there_or_is_another_s_is_refused()
    {
        using var disk = new Disk();
        string nowhere = Path.Combine(disk.Folder, "nowhere");
        Assert.Equal($"there is no folder '{nowhere}'", Assert.Throws<DirectoryNotFoundException>(() => JournalArchive.Open(nowhere)).Message);
        File.WriteAllText(Path.Combine(disk.Folder, "1.segment"), "");
        Assert.Equal($"there is no journal in the folder '{disk.Folder}'", Assert.Throws<InvalidDataException>(() => JournalArchive.Open(disk.Folder)).Message);
    }
}
