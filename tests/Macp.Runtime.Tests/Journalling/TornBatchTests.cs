namespace Macp.Runtime.Tests;

/// <summary>A crash in the middle of a write leaves a part of the last batch: it goes whole, and the journal goes on after what is sound.</summary>
public sealed class TornBatchTests
{
    [Theory]
    [InlineData("cut")]
    [InlineData("zeros")]
    [InlineData("noise")]
    public async Task The_last_batch_is_dropped_whole_wherever_it_was_torn(string how)
    {
        var journal = await StoredJournal.WriteAsync();
        string segment = journal.Segments[^1];
        var last = journal.BatchesOf(segment)[^1];
        for (int from = last.Offset; from < last.End - 1; from++)
        {
            var folder = journal.With(segment, bytes => how switch
            {
                "cut" => bytes[..from],
                "zeros" => [.. bytes[..from], .. new byte[last.End - from]],
                _ => [.. bytes[..from], .. bytes[from..].Select(b => (byte)(b ^ 0x5A))],
            });
            var (world, history) = journal.Live(folder);
            if (from > last.Offset || how != "cut")
            {
                var fault = Assert.Single(history.Faults);
                Assert.Equal((segment, last.Offset, true), (SegmentWriter.NameOf(fault.Segment), fault.Offset, fault.IsTorn));
            }
            Assert.Equal(last.Offset, folder[segment].Length);
            Expect.Accepted(await world.NoteAsync(World.Bob, "after", StoredJournal.Open));
            history.Dispose();

            var (sessions, faults) = StoredJournal.Read(folder);
            Assert.Empty(faults);
            Assert.Equal(journal.Records[StoredJournal.Open].SkipLast(1), sessions[StoredJournal.Open].Records.SkipLast(1));
            Assert.Equal(journal.Records[StoredJournal.Open].Count, sessions[StoredJournal.Open].Records.Count);
            Assert.Equal(journal.Records[StoredJournal.Late], sessions[StoredJournal.Late].Records);
        }
    }

    [Fact]
    public async Task A_segment_that_was_only_being_begun_is_begun_again()
    {
        var journal = await StoredJournal.WriteAsync();
        const string Next = "000000000099.segment";
        for (int length = 0; length <= SegmentFormat.HeaderSize; length++)
        {
            var folder = journal.Copy();
            string next = SegmentWriter.NameOf(journal.Segments.Count + 1);
            folder[next] = new byte[length];
            var (world, history) = journal.Live(folder);
            Assert.True(Assert.Single(history.Faults).IsTorn);
            Assert.DoesNotContain(next, folder.List());
            Expect.Accepted(await world.NoteAsync(World.Bob, "after", StoredJournal.Open));
            history.Dispose();
            Assert.Contains(next, folder.List());
            Assert.Empty(StoredJournal.Read(folder).Faults);
        }
        Assert.Null(SegmentWriter.NumberOf("99.segment"));
        Assert.Equal(99, SegmentWriter.NumberOf(Next));
    }
}
