namespace Macp.Runtime.Tests;

/// <summary>An index is a help and never the truth: damaged or missing, it is made again, and what it says of a segment that is damaged is told.</summary>
public sealed class IndexDamageTests
{
    [Fact]
    public async Task A_flipped_bit_anywhere_in_an_index_changes_nothing()
    {
        var journal = await StoredJournal.WriteAsync();
        foreach (string index in IndexesIn(journal.Folder))
            for (int at = 0; at < journal.Folder[index].Length; at += 3)
            {
                var folder = journal.Copy(isIndexed: true);
                byte[] bytes = folder[index];
                bytes[at] ^= (byte)(1 << (at % 8));
                folder[index] = bytes;
                CheckWhole(journal, folder);
            }
    }

    [Fact]
    public async Task Nor_does_one_that_is_cut_or_empty_or_another_segments_or_of_an_older_one()
    {
        var journal = await StoredJournal.WriteAsync();
        string[] indexes = [.. IndexesIn(journal.Folder)];
        foreach (string index in indexes)
            foreach (byte[] wrong in new[] { [], journal.Folder[index][..10], journal.Folder[index][..^1], journal.Folder[indexes.First(other => other != index)] })
            {
                var folder = journal.Copy(isIndexed: true);
                folder[index] = wrong;
                CheckWhole(journal, folder);
            }
    }

    [Fact]
    public async Task Every_closed_segment_is_indexed_and_so_is_what_a_crash_left()
    {
        var journal = await StoredJournal.WriteAsync();
        var folder = journal.Copy();
        JournalHistory.Open(folder).Dispose();
        Assert.Equal(journal.Segments.Select(segment => Path.ChangeExtension(segment, ".index")), IndexesIn(folder));
        // What is indexed is not read again but for its open sessions.
        long before = folder.BytesRead;
        folder.Plan = null;
        JournalHistory.Open(folder).Dispose();
        Assert.True(folder.BytesRead - before < before, "an indexed journal is read like one without");
    }

    [Fact]
    public async Task Damage_that_an_index_does_not_know_of_is_told_by_whoever_reads_and_shuts_no_other_session()
    {
        var journal = await StoredJournal.WriteAsync();
        int told = 0;
        foreach (string segment in journal.Segments.SkipLast(1))
            foreach (var batch in journal.BatchesOf(segment))
                for (int at = batch.Offset; at < batch.End; at += 5)
                {
                    var folder = journal.Copy(isIndexed: true);
                    byte[] bytes = folder[segment];
                    bytes[at] ^= 0x10;
                    folder[segment] = bytes;
                    var (sessions, faults) = StoredJournal.Read(folder);
                    Assert.Contains(faults, fault => !fault.IsTorn && SegmentWriter.NameOf(fault.Segment) == segment && fault.Offset == batch.Offset);
                    string[] hit = [.. JournalCodec.Read(batch.Records).Select(entry => sessions.Keys.FirstOrDefault(id => IsOf(journal, id, entry.Session.MessageId)) ?? "").Distinct()];
                    foreach (var (id, (records, isReadOnly)) in sessions)
                    {
                        Assert.Equal(journal.Records[id].Take(records.Count), records);
                        Assert.Equal(hit.Contains(id), isReadOnly);
                        if (!isReadOnly) Assert.Equal(journal.Records[id].Count, records.Count);
                    }
                    told++;
                }
        Assert.True(told > 100);
    }

    static bool IsOf(StoredJournal journal, string session, string messageId) => journal.Records[session].Any(record => record.Contains($"\"messageId\": \"{messageId}\"", StringComparison.Ordinal));

    static void CheckWhole(StoredJournal journal, FaultyFolder folder)
    {
        for (int life = 0; life < 2; life++)
        {
            var (sessions, faults) = StoredJournal.Read(folder);
            Assert.Empty(faults);
            Assert.Equal(journal.Records, sessions.ToDictionary(s => s.Key, s => s.Value.Records));
            Assert.All(sessions.Values, session => Assert.False(session.IsReadOnly));
        }
        // It was made again, as it was.
        foreach (string index in IndexesIn(journal.Folder)) Assert.Equal(journal.Folder[index], folder[index]);
    }

    static IEnumerable<string> IndexesIn(FaultyFolder folder) => folder.List().Where(name => name.EndsWith(".index", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
