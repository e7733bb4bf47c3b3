using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>Sessions that have ended are held on the disk only, and nobody can tell.</summary>
public sealed class RecallTests
{
    [Fact]
    public async Task A_finished_session_leaves_memory_and_answers_as_before()
    {
        using var sessions = FinishedSessions.Begin();
        await sessions.World.StartAsync("session-fresh---------");
        await sessions.World.Runtime.CancelAsync(World.Ada, "session-fresh---------", "");
        await sessions.SweepAsync();
        var fresh = await sessions.LearnAsync("session-fresh---------");
        Assert.Equal(0, sessions.Recalls);

        await sessions.PlayAsync();
        Assert.Equal(fresh, await sessions.LearnAsync("session-fresh---------"));
        Assert.True(sessions.Recalls > 0);
        Assert.Empty(sessions.World.Faults);
        Assert.Empty(sessions.Failures);
    }

    [Fact]
    public async Task However_it_ended_and_wherever_its_records_stand_it_is_read_whole()
    {
        var held = FinishedSessions.Begin();
        await held.PlayAsync();
        foreach (bool isIndexed in new[] { true, false })
        {
            var folder = held.Folder.Crash(CacheLoss.None);
            if (!isIndexed)
                foreach (string index in folder.List().Where(name => name.EndsWith(".index", StringComparison.Ordinal))) folder.Delete(index);
            using var again = FinishedSessions.Begin(folder, held.World);
            again.World.Time.Advance(held.World.Time.NowMs - again.World.Time.NowMs);
            for (int i = 0; i < FinishedSessions.Ended.Count; i++)
            {
                string id = FinishedSessions.Ended[i];
                var learned = await again.LearnAsync(id);
                Assert.Equal(await held.LearnAsync(id), learned);
                string end = (i % 3) switch { 0 => "Resolved", 1 => "Cancelled", _ => "Expired" };
                Assert.Contains($"SESSION_STATE_{end.ToUpperInvariant()}", learned[0], StringComparison.Ordinal);
            }
            Assert.Empty(again.Faults);
            Assert.Empty(again.World.Faults);
        }
        held.Dispose();
    }

    [Fact]
    public async Task Ids_stay_taken_and_a_start_that_is_repeated_is_a_duplicate()
    {
        using var first = FinishedSessions.Begin();
        var start = first.World.Start(FinishedSessions.Ended[0]);
        await first.World.SendAsync(World.Ada, start);
        await first.World.Runtime.CancelAsync(World.Ada, FinishedSessions.Ended[0], "");
        for (int i = 0; i < 20; i++) await first.World.StartAsync($"session-other-{i:D8}");
        using var sessions = await first.RestartAsync();

        var repeated = await sessions.World.SendAsync(World.Ada, start.Clone());
        Assert.True(repeated is { Ok: true, Duplicate: true, SessionState: SessionState.Cancelled });
        Expect.Code(ErrorCode.SessionAlreadyExists, await sessions.World.SendAsync(World.Ada, sessions.World.Start(FinishedSessions.Ended[0])));
        // What is wrong with it is told first, as it is of any start.
        Expect.Code(ErrorCode.InvalidEnvelope, await sessions.World.SendAsync(World.Ada, sessions.World.Start(FinishedSessions.Ended[0], payload => payload.TtlMs = 0)));
    }

    [Fact]
    public async Task Lists_go_on_from_memory_to_the_disk_in_one_order_and_each_reader_sees_its_own()
    {
        using var sessions = FinishedSessions.Begin();
        await sessions.PlayAsync();
        for (int i = 0; i < 5; i++) await sessions.World.StartAsync($"session-dora-{i:D9}", start => start.Participants.Add("dora"));
        for (int i = 0; i < 3; i++) await sessions.World.Runtime.CancelAsync(World.Ada, $"session-dora-{i:D9}", "");

        string[] dora = [.. Enumerable.Range(0, 5).Select(i => $"session-dora-{i:D9}")];
        string[] all = [.. FinishedSessions.Ended.Append(FinishedSessions.Open).Concat(dora).Order(StringComparer.Ordinal)];
        Assert.Equal(all, await sessions.ListAsync(World.Ada));
        Assert.Equal(all, await sessions.ListAsync(new Identity("auditor") { IsObserver = true }));
        Assert.Equal(dora, await sessions.ListAsync(new Identity("dora")));
        Assert.Empty(await sessions.ListAsync(World.Stranger));
        Assert.True(sessions.Recalls > 24);
    }

    [Fact]
    public async Task Whoever_watches_is_told_of_an_end_although_the_session_has_left_memory()
    {
        using var sessions = FinishedSessions.Begin();
        Assert.True(sessions.World.Runtime.WatchSessions(World.Ada).Succeeded(out var watch, out _));
        await sessions.PlayAsync();
        var told = new List<SessionMetadata>();
        await foreach (var response in watch)
        {
            told.Add(response.Event.Session);
            if (told.Count == 1 + (2 * FinishedSessions.Ended.Count)) break;
        }
        foreach (string id in FinishedSessions.Ended)
        {
            var end = told.Last(metadata => metadata.SessionId == id);
            Assert.True(end.State is SessionState.Resolved or SessionState.Cancelled or SessionState.Expired);
            Assert.Equal(["ada", "bob"], end.Participants);
        }
    }

    [Fact]
    public async Task A_cursor_that_was_open_before_reads_on_to_the_end()
    {
        using var sessions = FinishedSessions.Begin();
        await sessions.World.StartAsync(FinishedSessions.Ended[0]);
        Assert.True((await sessions.World.Runtime.SubscribeAsync(World.Bob, FinishedSessions.Ended[0], 0, includeAnnotations: true)).Succeeded(out var cursor, out _));
        await sessions.World.Runtime.CancelAsync(World.Ada, FinishedSessions.Ended[0], "");
        for (int i = 0; i < 30; i++) await sessions.World.StartAsync($"session-other-{i:D8}");
        await sessions.SweepAsync();
        Assert.Equal("SessionStart SessionCancel", Expect.Types(await Expect.ToEndAsync(cursor)));
    }

    [Fact]
    public async Task What_cannot_be_read_now_is_told_and_its_id_stays_taken()
    {
        using var sessions = FinishedSessions.Begin();
        await sessions.PlayAsync();
        sessions.Folder.Plan = (_, operation) => operation is FileOperation.Read ? FileFault.BeforeAll : null;
        Assert.Equal(FailureKind.Internal, (await sessions.World.Runtime.GetSessionAsync(World.Ada, FinishedSessions.Ended[0])).Failure!.Kind);
        Expect.Code(ErrorCode.InternalError, await sessions.World.NoteAsync(World.Bob, "late", FinishedSessions.Ended[0]));
        Expect.Code(ErrorCode.InternalError, await sessions.World.SendAsync(World.Ada, sessions.World.Start(FinishedSessions.Ended[0])));
        Assert.NotEmpty(sessions.World.Faults);
        sessions.Folder.Plan = null;
        Assert.True((await sessions.World.Runtime.GetSessionAsync(World.Ada, FinishedSessions.Ended[0])).Succeeded(out _, out _));
    }
}
