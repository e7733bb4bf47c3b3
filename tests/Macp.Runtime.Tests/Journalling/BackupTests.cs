namespace Macp.Runtime.Tests;

/// <summary>A backup is a prefix of the journal in whole batches, with everything that was acknowledged before it began; or there is none.</summary>
public sealed class BackupTests : IDisposable
{
    readonly Disk _disk = new();
    readonly string _place = Directory.CreateTempSubdirectory("macp-backup-").FullName;

    string Target => Path.Combine(_place, "backup");

    public void Dispose()
    {
        _disk.Dispose();
        Directory.Delete(_place, recursive: true);
    }

    [Fact]
    public async Task It_has_what_a_running_process_has_acknowledged_and_another_goes_on_from_it()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync();
        Expect.Accepted(await world.NoteAsync(World.Bob, "before"));
        var backup = JournalBackup.Make(_disk.Folder, Target + Path.DirectorySeparatorChar);
        Expect.Accepted(await world.NoteAsync(World.Bob, "after"));

        Assert.Empty(backup.Faults);
        Assert.Equal((1, 2, new FileInfo(Path.Combine(Target, SegmentWriter.NameOf(1))).Length), (backup.Copied.Segments, backup.Copied.Records, backup.Copied.Bytes));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_place));
        using var history = JournalHistory.Open(Target);
        Assert.Empty(history.Faults);
        var copy = new World(history: history, before: world);
        copy.Runtime.Start();
        Assert.Equal("SessionStart Note", Expect.Types(await Expect.AvailableAsync(await copy.SubscribeAsync())));
        Expect.Accepted(await copy.NoteAsync(World.Bob, "otherwise"));
        await copy.Runtime.DisposeAsync();
    }

    [Fact]
    public async Task Of_a_journal_that_goes_on_from_segment_to_segment_it_is_a_prefix()
    {
        const int Writers = 4, Backups = 8;
        int[] acknowledged = new int[Writers];
        using var history = JournalHistory.Open(new DiskFolder(_disk.Folder), segmentBytes: 2000);
        using var stop = new CancellationTokenSource();
        var world = new World(history: history);
        string[] ids = [.. Enumerable.Range(0, Writers).Select(i => $"session-{i}-------------")];
        foreach (string id in ids) await world.StartAsync(id);
        var writing = ids.Select((id, i) => Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref acknowledged[i])) Expect.Accepted(await world.NoteAsync(World.Bob, $"note {acknowledged[i]}", id));
        })).ToArray();
        var copied = new List<(int[] Before, long Segments)>();
        for (int i = 0; i < Backups; i++)
        {
            int more = acknowledged.Sum() + 50;
            await Expect.SoonAsync(Task.Run(() => SpinWait.SpinUntil(() => acknowledged.Sum() >= more)), "more notes");
            int[] before = [.. acknowledged];
            copied.Add((before, JournalBackup.Make(_disk.Folder, $"{Target}-{i}").Copied.Segments));
        }
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        await world.Runtime.DisposeAsync();
        history.Dispose();

        var all = JournalArchive.Open(_disk.Folder).ReadSessions().ToDictionary(s => s.SessionId, s => s.Records.Select(StoredJournal.Describe).ToList());
        for (int i = 0; i < Backups; i++)
        {
            // A batch that was only being written is not in it, half or whole.
            var archive = JournalArchive.Open($"{Target}-{i}");
            foreach (var session in archive.ReadSessions())
            {
                Assert.True(session.IsWhole);
                Assert.Equal(all[session.SessionId].Take(session.Records.Count), session.Records.Select(StoredJournal.Describe));
                Assert.InRange(session.Records.Count, copied[i].Before[Array.IndexOf(ids, session.SessionId)] + 1, int.MaxValue);
            }
            Assert.Empty(archive.Faults);
        }
        Assert.True(copied[^1].Segments > copied[0].Segments, "no segment was sealed meanwhile");
    }

    [Fact]
    public async Task A_torn_end_is_left_out_and_told_wherever_it_was_torn()
    {
        var journal = await StoredJournal.WriteAsync();
        string segment = journal.Segments[^1];
        var last = journal.BatchesOf(segment)[^1];
        for (int end = last.Offset + 1; end < last.End; end++)
        {
            var target = new FaultyFolder();
            var backup = JournalCopy.Make(journal.With(segment, bytes => bytes[..end]), target, default);
            Assert.True(Assert.Single(backup.Faults).IsTorn);
            target = target.Crash(CacheLoss.All);
            Assert.Equal(journal.Folder[segment][..last.Offset], target[segment]);
            Assert.Equal(target.List().Sum(name => target[name].Length), backup.Copied.Bytes);
            Assert.Empty(StoredJournal.Read(target).Faults);
        }
    }

    [Fact]
    public async Task A_segment_that_is_only_being_begun_is_left_out()
    {
        var journal = await StoredJournal.WriteAsync();
        var source = journal.Copy();
        source[SegmentWriter.NameOf(journal.Segments.Count + 1)] = new byte[5];
        var target = new FaultyFolder();
        var backup = JournalCopy.Make(source, target, default);
        Assert.Equal(journal.Segments, target.Crash(CacheLoss.All).List().Order(StringComparer.Ordinal));
        Assert.Equal((journal.Segments.Count, journal.Segments.Sum(s => journal.Folder[s].Length)), (backup.Copied.Segments, backup.Copied.Bytes));
    }

    [Fact]
    public async Task A_damaged_journal_is_copied_as_it_is_and_told()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string segment in journal.Segments)
        {
            int at = SegmentFormat.HeaderSize + 40;
            var source = journal.With(segment, at, 3, b => (byte)~b);
            var target = new FaultyFolder();
            var backup = JournalCopy.Make(source, target, default);
            bool isTorn = backup.Faults.Any(fault => fault.IsTorn);
            Assert.Contains(backup.Faults, fault => fault.Segment == SegmentWriter.NumberOf(segment) && fault.Offset <= at && at < fault.Offset + fault.Bytes);
            foreach (string name in journal.Segments.SkipLast(isTorn ? 1 : 0)) Assert.Equal(source[name], target[name]);
        }
        journal.Folder.Delete(journal.Segments[1]);
        Assert.Contains(JournalCopy.Make(journal.Folder, new FaultyFolder(), default).Faults, fault => fault.Reason == "segment 2 is missing");
    }

    [Fact]
    public async Task What_retention_removes_meanwhile_is_there_as_removed()
    {
        var journal = await StoredJournal.WriteAsync();
        bool isRemoved = false;
        journal.Folder.Plan = (_, operation) =>
        {
            if (operation is not FileOperation.Open || isRemoved) return null;
            isRemoved = true;
            foreach (long number in new long[] { 1, 2 }) Assert.NotNull(SegmentRemoval.Remove(journal.Folder, number));
            journal.Folder[SegmentIndex.NameOfRemoved(99)] = [1, 2, 3];
            return null;
        };
        var target = new FaultyFolder();
        var backup = JournalCopy.Make(journal.Folder, target, default);
        target = target.Crash(CacheLoss.All);
        string[] removed = [SegmentIndex.NameOfRemoved(1), SegmentIndex.NameOfRemoved(2)];
        Assert.All(removed, name => Assert.Equal(journal.Folder[name], target[name]));
        Assert.Equal(journal.Segments.Where(name => name.EndsWith(".segment", StringComparison.Ordinal)).Concat(removed).Order(), target.List().Order());
        Assert.Empty(backup.Faults);
    }

    [Fact]
    public async Task Whatever_fails_it_is_no_backup_and_one_that_is_returned_is_durable()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (var fault in Enum.GetValues<FileFault>())
            for (int at = 1; ; at++)
            {
                var target = new FaultyFolder(at) { Plan = (number, _) => number == at ? fault : null };
                bool isReached = true;
                try
                {
                    JournalCopy.Make(journal.Copy(), target, default);
                    isReached = target.Operations >= at;
                    Assert.False(isReached, "a fault was not told");
                }
                catch (IOException)
                {
                    continue;
                }
                Assert.Equal(journal.Records, StoredJournal.Read(target.Crash(CacheLoss.All)).Sessions.ToDictionary(s => s.Key, s => s.Value.Records));
                break;
            }
    }

    [Fact]
    public async Task One_that_is_given_up_leaves_nothing()
    {
        await (await _disk.LiveAsync()).StartAsync();
        Assert.Throws<OperationCanceledException>(() => JournalBackup.Make(_disk.Folder, Target, new(canceled: true)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place));
    }

    [Fact]
    public async Task Nothing_is_written_over_and_what_an_interrupted_one_has_left_is_told_with_the_way_out()
    {
        await (await _disk.LiveAsync()).StartAsync();
        Directory.CreateDirectory(Target);
        JournalBackup.Make(_disk.Folder, Target);
        Assert.Contains("is there already", Assert.Throws<IOException>(() => JournalBackup.Make(_disk.Folder, Target)).Message, StringComparison.Ordinal);
        Assert.Contains("is there already", Assert.Throws<IOException>(() => JournalBackup.Make(_disk.Folder, _disk.Folder)).Message, StringComparison.Ordinal);

        string other = Path.Combine(_place, "other"), left = Path.Combine(other + ".partial", "000000000001.segment");
        Directory.CreateDirectory(other + ".partial");
        File.WriteAllText(left, "half");
        Assert.Contains("delete it and try again", Assert.Throws<IOException>(() => JournalBackup.Make(_disk.Folder, other)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(left));
        Assert.Throws<InvalidDataException>(() => JournalBackup.Make(_place, other + "wise"));
    }
}
