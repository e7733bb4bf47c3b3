using Macp.Protocol;

namespace Macp.Runtime.Tests;

/// <summary>Where it is asked for, finished sessions are removed whole when their time is over; their ids, and everything else, stay (decisions 22 and 23).</summary>
public sealed class RetentionTests
{
    const string Other = "session-other---------", Spanning = "session-spanning------";

    static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task What_is_not_asked_for_is_not_removed()
    {
        using var sessions = FinishedSessions.Begin();
        await EndAllAsync(sessions);
        sessions.World.Time.Advance(400_000_000_000);
        await sessions.SweepAsync();
        Assert.Empty(Removed(sessions.Folder));
        Assert.Contains("SESSION_STATE_RESOLVED", (await sessions.LearnAsync(FinishedSessions.Ended[0]))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_its_time_a_session_is_told_to_nobody_although_its_segment_stays_for_one_that_goes_on()
    {
        using var sessions = FinishedSessions.Begin(retention: Retention);
        await sessions.PlayAsync();
        Assert.Equal([.. FinishedSessions.Ended.Append(FinishedSessions.Open).Order(StringComparer.Ordinal)], await sessions.ListAsync(World.Ada));
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await sessions.SweepAsync();
        await AllGoneAsync(sessions);
        Assert.Equal([FinishedSessions.Open], await sessions.ListAsync(World.Ada));

        // Nor for a while after a restart.
        using var again = await sessions.RestartAsync(retention: Retention);
        await AllGoneAsync(again);
        Assert.Equal([FinishedSessions.Open], await again.ListAsync(World.Ada));
        Assert.Empty(again.Failures);
    }

    [Fact]
    public async Task Segments_go_with_the_last_session_in_them_and_what_is_left_says_so_for_ever()
    {
        var sessions = FinishedSessions.Begin(retention: Retention);
        await EndAllAsync(sessions);
        int segments = StoredJournal.SegmentsIn(sessions.Folder).Count;
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await sessions.SweepAsync();
        string[] removed = Removed(sessions.Folder);
        Assert.True(removed.Length > 5 && StoredJournal.SegmentsIn(sessions.Folder).Count == segments - removed.Length);
        for (int life = 0; life < 3; life++)
        {
            await AllGoneAsync(sessions);
            Assert.Equal([Other], await sessions.ListAsync(World.Ada));
            Expect.Accepted(await sessions.World.NoteAsync(World.Bob, "on", Other));
            Assert.Empty(sessions.Faults);
            Assert.Empty(sessions.Failures);
            Assert.Empty(sessions.World.Faults);
            // What was removed does not come back by asking for less.
            sessions = await sessions.RestartAsync(retention: life == 0 ? Retention : null);
        }
        sessions.Dispose();
    }

    [Fact]
    public async Task However_little_is_said_what_is_over_goes_from_the_disk_too()
    {
        using var sessions = FinishedSessions.Begin(retention: Retention);
        await sessions.World.StartAsync(Other);
        Assert.True(Expect.Done(await sessions.World.Runtime.CancelAsync(World.Ada, Other, "")).Ok);
        await sessions.SweepAsync();
        string segment = Assert.Single(StoredJournal.SegmentsIn(sessions.Folder));

        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await Expect.SoonAsync(SweepUntilGoneAsync(), "the end of the segment");
        Expect.Code(ErrorCode.SessionAlreadyExists, await sessions.World.SendAsync(World.Ada, sessions.World.Start(Other)));
        await sessions.World.StartAsync(Spanning);
        // Nothing of it is old: it stays, and so does its segment.
        await sessions.SweepAsync();
        await sessions.SweepAsync();
        Expect.Accepted(await sessions.World.NoteAsync(World.Bob, "on", Spanning));
        Assert.Single(StoredJournal.SegmentsIn(sessions.Folder));
        Assert.Empty(sessions.Failures);

        async Task SweepUntilGoneAsync()
        {
            while (sessions.Folder.List().Contains(segment))
            {
                await sessions.SweepAsync();
                await Task.Delay(10);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_reads_while_it_goes_is_told_that_it_is_gone(bool lists)
    {
        var sessions = FinishedSessions.Begin();
        await EndAllAsync(sessions);
        await sessions.World.Runtime.DisposeAsync();
        sessions.Dispose();

        var folder = new InterruptedFolder(sessions.Folder);
        using var history = JournalHistory.Open(folder);
        await history.WhenIndexedAsync();
        folder.BeforeOpen = name =>
        {
            if (!name.EndsWith(".index", StringComparison.Ordinal)) return;
            folder.BeforeOpen = null;
            history.RemoveFinishedBefore(sessions.World.Time.NowMs + 1);
            history.WhenIndexedAsync().Wait();
        };
        if (lists) Assert.Empty(history.FinishedAfter(null, ""));
        else Assert.Null(await history.RecallAsync(FinishedSessions.Ended[0], default));
        Assert.NotEmpty(Removed(sessions.Folder));
    }

    [Fact]
    public async Task A_session_stays_as_long_as_its_own_time_lasts_whatever_the_clock_does_meanwhile()
    {
        using var sessions = FinishedSessions.Begin(retention: Retention);
        await EndAllAsync(sessions);
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds - 1000);
        await sessions.SweepAsync();
        Assert.Contains("SESSION_STATE_CANCELLED", (await sessions.LearnAsync(FinishedSessions.Open))[0], StringComparison.Ordinal);
        sessions.World.Time.Advance(2000);
        await sessions.SweepAsync();
        await AllGoneAsync(sessions);
        string[] removed = Removed(sessions.Folder);
        sessions.World.Time.SetWallBack((long)Retention.TotalMilliseconds);
        await sessions.SweepAsync();
        await AllGoneAsync(sessions);
        Assert.Equal(removed, Removed(sessions.Folder));
    }

    [Fact]
    public async Task It_is_held_in_memory_no_longer_than_on_the_disk()
    {
        var folder = new FaultyFolder();
        using var history = JournalHistory.Open(folder, segmentBytes: 400);
        var world = new World(new() { MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue, HistoryRetention = Retention }, history);
        await world.StartAsync();
        await world.Runtime.CancelAsync(World.Ada, World.Session, "");
        await world.StartAsync(Other, start => start.TtlMs = 80_000_000);
        for (int i = 0; i < 5; i++) Expect.Accepted(await world.NoteAsync(World.Bob, new('x', 150), Other));
        world.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await history.WhenIndexedAsync();
        await world.Runtime.SweepAsync();
        Expect.Failed(FailureKind.HistoryUnavailable, await world.Runtime.GetSessionAsync(World.Ada, World.Session));
        await world.Runtime.DisposeAsync();
    }

    [Fact]
    public async Task Policies_and_modes_that_were_registered_in_a_removed_segment_stay()
    {
        var sessions = FinishedSessions.Begin(retention: Retention);
        await RegistryCall.RegisterPolicy("policy.kept").MakeAsync(sessions.World.Runtime);
        await EndAllAsync(sessions);
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await sessions.SweepAsync();
        Assert.Contains(SegmentIndex.NameOfRemoved(1), Removed(sessions.Folder));
        for (int life = 0; life < 2; life++)
        {
            sessions = await sessions.RestartAsync(retention: Retention);
            Assert.NotNull(sessions.World.Runtime.Policies.Get(World.Ada, "policy.kept").Value);
        }
        sessions.Dispose();
    }

    [Fact]
    public async Task The_id_of_a_session_whose_beginning_was_removed_stays_taken_when_the_index_of_its_end_is_lost()
    {
        using var sessions = await SpanAsync();
        var folder = sessions.Folder.Crash(CacheLoss.None);
        foreach (string index in folder.List().Where(name => name.EndsWith(".index", StringComparison.Ordinal))) folder.Delete(index);
        var before = sessions.World;
        for (int life = 0; life < 2; life++)
        {
            using var again = FinishedSessions.Begin(folder, before);
            before = again.World;
            Assert.Empty(again.Faults);
            Assert.Contains("HISTORY_UNAVAILABLE", (await again.LearnAsync(Spanning))[0], StringComparison.Ordinal);
            Expect.Code(ErrorCode.SessionAlreadyExists, await again.World.SendAsync(World.Ada, again.World.Start(Spanning)));
            Expect.Accepted(await again.World.NoteAsync(World.Bob, "on", Other));
        }
    }

    [Fact]
    public async Task What_is_left_of_a_removed_session_in_other_segments_is_no_session_to_whoever_looks()
    {
        using var sessions = await SpanAsync();
        var archive = JournalArchive.Open(sessions.Folder);
        var whole = archive.ReadSessions().ToList();
        Assert.DoesNotContain(whole, session => session.SessionId == Spanning);
        Assert.All(whole, session => Assert.True(session.IsWhole, session.SessionId));
        Assert.Empty(archive.Faults);
    }

    [Fact]
    public async Task Nor_is_one_whose_end_was_removed_and_whose_beginning_stays_for_another()
    {
        var sessions = FinishedSessions.Begin(retention: Retention);
        await sessions.World.StartAsync(FinishedSessions.Open, start => start.TtlMs = 80_000_000);
        await sessions.World.StartAsync(Spanning, start => start.TtlMs = 80_000_000);
        await sessions.FillAsync(Spanning);
        await sessions.World.Runtime.CancelAsync(World.Ada, Spanning, "");
        // So that its end stands with nothing of the other.
        sessions = await sessions.RestartAsync(retention: Retention);
        await sessions.World.StartAsync(Other, start => start.TtlMs = 80_000_000);
        await sessions.FillAsync(Other);
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await sessions.SweepAsync();
        Assert.DoesNotContain(new JournalReader(sessions.Folder).ReadAll(), entry => entry.Session is { Session: 2, MessageType: MessageTypes.SessionCancel });
        Assert.DoesNotContain(SegmentIndex.NameOfRemoved(1), Removed(sessions.Folder));
        Assert.Contains(SegmentIndex.NameOfRemoved(2), Removed(sessions.Folder));

        Assert.Equal([FinishedSessions.Open, Other], JournalArchive.Open(sessions.Folder).ReadSessions().Select(session => session.SessionId));
        for (int life = 0; life < 2; life++)
        {
            sessions = await sessions.RestartAsync(retention: Retention);
            Expect.Code(ErrorCode.SessionAlreadyExists, await sessions.World.SendAsync(World.Ada, sessions.World.Start(Spanning)));
            Assert.Equal([FinishedSessions.Open, Other], await sessions.ListAsync(World.Ada));
        }

        // And when the other has ended too, nothing of it is in the way.
        await sessions.World.Runtime.CancelAsync(World.Ada, FinishedSessions.Open, "");
        await sessions.FillAsync(Other);
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await sessions.SweepAsync();
        Assert.Contains(SegmentIndex.NameOfRemoved(1), Removed(sessions.Folder));
        Assert.Empty(sessions.Failures);
        sessions.Dispose();
    }

    [Fact]
    public async Task A_backup_knows_the_ids_of_everything_that_was_removed()
    {
        var sessions = FinishedSessions.Begin(retention: Retention);
        await EndAllAsync(sessions);
        await sessions.World.Runtime.CancelAsync(World.Ada, Other, "");
        // By a restart the last segment is closed too; then all of them go.
        sessions = await sessions.RestartAsync(retention: Retention);
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await sessions.SweepAsync();
        Assert.Empty(StoredJournal.SegmentsIn(sessions.Folder));

        var copy = new FaultyFolder();
        Assert.Empty(JournalCopy.Make(sessions.Folder, copy, default).Faults);
        Assert.Equal(Removed(sessions.Folder), Removed(copy));
        using var again = FinishedSessions.Begin(copy, sessions.World);
        foreach (string id in FinishedSessions.Ended) Expect.Code(ErrorCode.SessionAlreadyExists, await again.World.SendAsync(World.Ada, again.World.Start(id)));
        sessions.Dispose();
    }

    /// <summary>Plays, ends what went on, and goes on with another so that all of that stands in closed segments.</summary>
    internal static async Task EndAllAsync(FinishedSessions sessions)
    {
        await sessions.PlayAsync();
        await sessions.World.Runtime.CancelAsync(World.Ada, FinishedSessions.Open, "");
        await sessions.World.StartAsync(Other, start => start.TtlMs = 80_000_000);
        await sessions.FillAsync(Other);
        await sessions.SweepAsync();
    }

    /// <summary>A session in several segments, of which the first is removed, and the last stays for another that goes on.</summary>
    static async Task<FinishedSessions> SpanAsync()
    {
        var sessions = FinishedSessions.Begin(retention: Retention);
        await sessions.World.StartAsync(Spanning, start => start.TtlMs = 80_000_000);
        await sessions.FillAsync(Spanning);
        await sessions.World.StartAsync(Other, start => start.TtlMs = 80_000_000);
        await sessions.World.Runtime.CancelAsync(World.Ada, Spanning, "");
        await sessions.FillAsync(Other);
        sessions.World.Time.Advance((long)Retention.TotalMilliseconds + 1);
        await sessions.SweepAsync();
        Assert.Contains(SegmentIndex.NameOfRemoved(1), Removed(sessions.Folder));
        Assert.Contains(new JournalReader(sessions.Folder).ReadAll(), entry => entry.Session is { Session: 1, MessageType: MessageTypes.SessionCancel });
        return sessions;
    }

    internal static async Task AllGoneAsync(FinishedSessions sessions)
    {
        foreach (string id in FinishedSessions.Ended)
        {
            Expect.Failed(FailureKind.HistoryUnavailable, await sessions.World.Runtime.GetSessionAsync(World.Ada, id));
            Expect.Failed(FailureKind.HistoryUnavailable, await sessions.World.Runtime.SubscribeAsync(World.Bob, id, 0));
            Expect.Failed(FailureKind.HistoryUnavailable, await sessions.World.Runtime.CancelAsync(World.Ada, id, ""));
            Expect.Code(ErrorCode.SessionNotOpen, await sessions.World.NoteAsync(World.Bob, "late", id));
            Expect.Code(ErrorCode.SessionAlreadyExists, await sessions.World.SendAsync(World.Ada, sessions.World.Start(id)));
        }
    }

    internal static string[] Removed(FaultyFolder folder) => [.. folder.List().Where(name => SegmentIndex.RemovedNumberOf(name) is not null).Order(StringComparer.Ordinal)];
}
