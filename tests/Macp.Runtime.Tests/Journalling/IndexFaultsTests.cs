using Macp.Protocol;

namespace Macp.Runtime.Tests;

/// <summary>Whatever fails while segments are indexed or removed, and wherever a crash comes: a finished session is there whole or removed whole, and its id stays.</summary>
public sealed class IndexFaultsTests
{
    static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(nameof(FileFault.BeforeAll))]
    [InlineData(nameof(FileFault.Halfway))]
    [InlineData(nameof(FileFault.AfterAll))]
    public async Task A_crash_while_segments_are_removed_removes_each_or_leaves_it(string way)
    {
        using var played = FinishedSessions.Begin();
        await RetentionTests.EndAllAsync(played);
        await RegistryCall.RegisterPolicy("policy.kept").MakeAsync(played.World.Runtime);
        var learned = new Dictionary<string, IReadOnlyList<string>>();
        foreach (string id in FinishedSessions.Ended) learned.Add(id, await played.LearnAsync(id));
        played.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        bool isReached = true, isMixed = false;
        for (int at = 1; isReached; at++)
        {
            var folder = played.Folder.Crash(CacheLoss.None);
            using (var sessions = FinishedSessions.Begin(folder, played.World))
            {
                folder.Plan = (number, _) => number >= at ? Enum.Parse<FileFault>(way) : null;
                ((IHistory)sessions).RemoveFinishedBefore(played.World.Time.NowMs - (long)Retention.TotalMilliseconds);
                await sessions.SweepAsync();
                isReached = folder.Operations >= at;
                folder = folder.Crash((CacheLoss)(at % 3));
            }
            for (int life = 0; life < 2; life++)
            {
                using var again = FinishedSessions.Begin(folder, played.World);
                Assert.Empty(again.Faults);
                int gone = 0;
                foreach (string id in FinishedSessions.Ended.Where((_, i) => i % 4 == at % 4))
                {
                    var now = await again.LearnAsync(id);
                    if (now[0].StartsWith("HISTORY_UNAVAILABLE", StringComparison.Ordinal)) gone++;
                    else Assert.Equal(learned[id], now);
                    Expect.Code(ErrorCode.SessionAlreadyExists, await again.World.SendAsync(World.Ada, again.World.Start(id)));
                }
                isMixed |= gone is > 0 and < 6;
                Assert.NotNull(again.World.Runtime.Policies.Get(World.Ada, "policy.kept").Value);
                Assert.Empty(again.World.Faults);
            }
            using var last = FinishedSessions.Begin(folder, played.World, Retention);
            await last.SweepAsync();
            await RetentionTests.AllGoneAsync(last);
            Assert.Empty(last.Failures);
            Assert.True(RetentionTests.Removed(folder).Length > 5);
        }
        Assert.True(isMixed, "no crash came between two removals");
    }

    [Theory]
    [InlineData(nameof(FileFault.BeforeAll), 1)]
    [InlineData(nameof(FileFault.Halfway), 1)]
    [InlineData(nameof(FileFault.AfterAll), 2)]
    [InlineData(nameof(FileFault.Halfway), 12)]
    public async Task While_indexing_fails_sessions_are_there_and_so_they_are_after_every_restart(string way, int lasts)
    {
        bool isReached = true;
        for (int at = 1; isReached; at += 2)
        {
            var folder = new FaultyFolder(at);
            var sessions = FinishedSessions.Begin(folder);
            folder.Plan = (number, _) => number >= at && number < at + lasts ? Enum.Parse<FileFault>(way) : null;
            var acknowledged = new List<string>();
            for (int i = 0; i < 24; i++)
            {
                string id = $"session-{i:D14}";
                if (!(await sessions.World.SendAsync(World.Ada, sessions.World.Start(id))).Ok) continue;
                if (!(await sessions.World.Runtime.CancelAsync(World.Ada, id, new('x', 500))).Value!.Ok) continue;
                acknowledged.Add(id);
                await sessions.SweepAsync();
            }
            isReached = folder.Operations >= at;
            folder.Plan = null;
            Assert.NotEmpty(acknowledged);
            var learned = new Dictionary<string, IReadOnlyList<string>>();
            foreach (string id in acknowledged) learned.Add(id, await sessions.LearnAsync(id));
            Assert.All(learned.Values, what => Assert.Contains("SESSION_STATE_CANCELLED", what[0], StringComparison.Ordinal));
            Assert.Subset((await sessions.ListAsync(World.Ada)).ToHashSet(), acknowledged.ToHashSet());
            for (int life = 0; life < 2; life++)
            {
                folder = folder.Crash((CacheLoss)((at + life) % 3));
                using var again = FinishedSessions.Begin(folder, sessions.World);
                Assert.All(again.Faults, fault => Assert.True(fault.IsTorn, fault.ToString()));
                foreach (string id in acknowledged) Assert.Equal(learned[id], await again.LearnAsync(id));
                await again.SweepAsync();
            }
            sessions.Dispose();
        }
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_is_a_failure_and_no_exception()
    {
        using var played = FinishedSessions.Begin();
        await played.PlayAsync();
        using var sessions = FinishedSessions.Begin(played.Folder.Crash(CacheLoss.None), played.World);
        sessions.Folder.Plan = (_, operation) => operation is FileOperation.Open ? FileFault.BeforeAll : null;
        Expect.Failed(FailureKind.Internal, await sessions.World.Runtime.ListSessionsAsync(World.Ada, new(), includeFinished: true));
        Assert.NotEmpty(sessions.World.Faults);
        sessions.Folder.Plan = null;
        Assert.Equal(25, (await sessions.ListAsync(World.Ada)).Count);
    }

    [Fact]
    public async Task The_id_of_a_session_of_which_only_the_start_is_damaged_stays_taken()
    {
        var journal = await StoredJournal.WriteAsync();
        var folder = journal.Copy(isIndexed: true);
        byte[] first = folder[journal.Segments[0]];
        foreach (var batch in journal.BatchesOf(journal.Segments[0]).Where(batch => JournalCodec.Read(batch.Records).Any(entry => entry.Session.Start?.SessionId == StoredJournal.Open))) first[batch.End - 1] ^= 1;
        folder[journal.Segments[0]] = first;
        var (world, history) = journal.Live(folder);
        Assert.NotEmpty(history.Faults);
        Assert.False((await world.SendAsync(World.Ada, world.Start(StoredJournal.Open))).Ok);
        Expect.Failed(FailureKind.Internal, await world.Runtime.GetSessionAsync(World.Ada, StoredJournal.Open));
        Assert.True((await world.SendAsync(World.Ada, world.Start("session-new-----------"))).Ok);
        await world.Runtime.DisposeAsync();
        history.Dispose();
    }

    [Fact]
    public async Task Whoever_follows_a_session_whose_end_is_damaged_is_told_so_and_does_not_wait_for_ever()
    {
        var journal = await StoredJournal.WriteAsync();
        var (segment, batch) = journal.Segments.SelectMany(segment => journal.BatchesOf(segment).Select(batch => (segment, batch)))
            .Where(at => JournalCodec.Read(at.batch.Records).Any(entry => entry.Session is { MessageType: "Note" } note && journal.Records[StoredJournal.Open].Any(record => record.Contains($"\"{note.MessageId}\"", StringComparison.Ordinal)))).ElementAt(2);
        var folder = journal.With(segment, batch.End - 1, 1, last => (byte)~last);
        var (world, history) = journal.Live(folder);
        Assert.NotEmpty(history.Faults);
        var cursor = await world.SubscribeAsync(session: StoredJournal.Open);
        await Assert.ThrowsAsync<HistoryDamagedException>(() => Expect.ToEndAsync(cursor));
        await world.Runtime.DisposeAsync();
        history.Dispose();
    }
}
