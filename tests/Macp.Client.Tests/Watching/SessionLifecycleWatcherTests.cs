using Macp.Grpc;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Client.Tests;

/// <summary>What a watcher of sessions tells of each, whatever happens while its stream is broken: created, suspended and resumed in turns, one end.</summary>
public class SessionLifecycleWatcherTests
{
    [Fact]
    public async Task What_is_there_is_told_apart_from_what_comes()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a");
        sessions.Put("b", SessionState.Suspended);
        sessions.Put("z", SessionState.Resolved);
        sessions.Stream(async () =>
        {
            sessions.Put("c"); // between the list and the stream
            await sessions.SnapshotAsync();
            sessions.Put("d");
            await sessions.TellAsync(EventType.Created, "d");
            await sessions.TellAsync(EventType.Resumed, "b");
            await sessions.TellAsync(EventType.Suspended, "a");
            await sessions.TellAsync(EventType.Cancelled, "a");
        });

        var told = await sessions.ToldAsync();

        Assert.StartsWith("=CREATED a, =CREATED b, =SUSPENDED b, CREATED c, CREATED d, RESUMED b, SUSPENDED a, CANCELLED a", told, StringComparison.Ordinal);
        Assert.Null(sessions.Runtime.Headers.First().Get("macp-include-finished"));
    }

    [Fact]
    public async Task The_next_change_is_not_what_was_there_and_the_first_is()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a", SessionState.Suspended);
        Func<Task> stream = async () =>
        {
            await sessions.SnapshotAsync();
            await sessions.TellAsync(EventType.Resumed, "a");
        };
        sessions.Stream(stream);
        sessions.Stream(stream);

        Assert.Equal("RESUMED a", ScriptedSessions.Describe(await new SessionLifecycleWatcher(sessions.Client).NextAsync()));
        Assert.Equal("=CREATED a", ScriptedSessions.Describe(await new SessionLifecycleWatcher(sessions.Client).FirstAsync()));
    }

    [Fact]
    public async Task After_a_break_a_session_is_not_created_again_and_what_became_of_it_is_told_once()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        foreach (string id in (string[])["a", "b", "c", "d"]) sessions.Put(id, started: -60);
        sessions.Put("e", SessionState.Suspended, -60);
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Become("b", SessionState.Resolved);
            sessions.Become("c", SessionState.Expired);
            sessions.Become("d", SessionState.Suspended);
            sessions.Become("e", SessionState.Open);
        });
        sessions.Stream(sessions.SnapshotAsync);
        sessions.Stream(sessions.SnapshotAsync);

        Assert.Equal(
            "=CREATED a, =CREATED b, =CREATED c, =CREATED d, =CREATED e, =SUSPENDED e, ~RESOLVED b, ~EXPIRED c, ~SUSPENDED d, ~RESUMED e", await sessions.ToldAsync());
    }

    [Fact]
    public async Task What_started_and_ended_in_the_break_is_told_and_what_had_ended_before_is_not()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("long ago", SessionState.Resolved, -60);
        sessions.Put("a");
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Become("a", SessionState.Resolved);
            await sessions.TellAsync(EventType.Resolved, "a", observed: 1);
            sessions.Put("short", SessionState.Cancelled, 2);
            sessions.Put("open", started: 2);
        });
        sessions.Stream(sessions.SnapshotAsync);
        sessions.Stream(sessions.SnapshotAsync);

        Assert.Equal("=CREATED a, RESOLVED a, ~CREATED short, ~CANCELLED short, CREATED open", await sessions.ToldAsync());
    }

    [Fact]
    public async Task Whoever_does_not_want_that_spares_the_runtime_its_history()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a");
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Become("a", SessionState.Resolved);
            sessions.Put("short", SessionState.Cancelled, 2);
        });
        sessions.Stream(sessions.SnapshotAsync);

        Assert.Equal("=CREATED a, ~RESOLVED a", await sessions.ToldAsync(new() { FindMissed = false }));
        Assert.All(sessions.Runtime.Headers, headers => Assert.Null(headers.Get("macp-include-finished")));
    }

    [Fact]
    public async Task An_end_between_the_stream_and_the_list_is_told_once()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a", started: -60);
        sessions.Put("b", started: -60);
        sessions.Stream(sessions.SnapshotAsync);
        sessions.Stream(async () =>
        {
            // The stream begins with both open; then a ends, and something comes and goes, and only then the list is answered. All that the stream tells, too.
            await sessions.SnapshotAsync();
            await sessions.TellAsync(EventType.Created, "c");
            await sessions.TellAsync(EventType.Resolved, "a", observed: 30);
            await sessions.TellAsync(EventType.Cancelled, "c", observed: 30);
            await sessions.TellAsync(EventType.Cancelled, "b", observed: 40);
        });
        var list = sessions.Runtime.OnListSessions;
        sessions.Runtime.OnListSessions = (request, call) =>
        {
            if (sessions.Opened > 0)
            {
                sessions.Become("a", SessionState.Resolved);
                sessions.Put("c", SessionState.Cancelled, 30);
            }
            return list(request, call);
        };
        sessions.Put("c", started: 30);
        sessions.Become("c", SessionState.Cancelled);

        var told = await sessions.ToldAsync();

        Assert.Equal("=CREATED a, =CREATED b, ~RESOLVED a, ~CREATED c, ~CANCELLED c, CANCELLED b", told);
    }

    [Fact]
    public async Task A_session_of_which_the_runtime_knows_nothing_any_more_is_gone()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a").Participants.Add("bob");
        sessions.Put("b");
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Remove("a");
        });
        sessions.Stream(sessions.SnapshotAsync);
        var told = new List<SessionChange>();

        await Assert.ThrowsAsync<MacpTransportException>(() => new SessionLifecycleWatcher(sessions.Client).WatchAsync(told.Add));

        var gone = told.Single(change => change.IsGone);
        Assert.Equal("~GONE a", ScriptedSessions.Describe(gone));
        Assert.True(gone.IsTerminal);
        Assert.Equal((SessionState.Unspecified, "bob"), (gone.Session.State, Assert.Single(gone.Session.Participants)));
        Assert.Null(gone.ObservedAt);
        Assert.Equal(3, told.Count);
    }

    [Fact]
    public async Task A_session_that_is_not_the_callers_any_more_is_gone_too()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a");
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Remove("a");
        });
        sessions.Stream(sessions.SnapshotAsync);
        sessions.Runtime.OnGetSession = (_, _) => throw new GrpcException(GrpcStatusCode.PermissionDenied, "not yours");
        Assert.Equal("=CREATED a, ~GONE a", await sessions.ToldAsync());
    }

    [Fact]
    public async Task Where_ended_sessions_are_not_listed_each_is_asked_for()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.ListsFinished = false;
        sessions.Put("a");
        sessions.Put("b");
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Become("a", SessionState.Expired);
        });
        sessions.Stream(sessions.SnapshotAsync);

        Assert.Equal("=CREATED a, =CREATED b, ~EXPIRED a", await sessions.ToldAsync());
        Assert.Equal("a", Assert.Single(sessions.Runtime.Requests.OfType<GetSessionRequest>()).SessionId);
    }

    [Fact]
    public async Task An_older_runtime_tells_of_ended_sessions_and_of_states_that_come_later()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.ListsAll = true;
        sessions.Put("ended", SessionState.Resolved, -1);
        sessions.Put("a");
        sessions.Put("s");
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Put("late", SessionState.Resolved, 1); // started and resolved before anybody was told
            await sessions.TellAsync(EventType.Created, "late");
            await sessions.TellAsync(EventType.Resolved, "late", observed: 1);
            sessions.Put("later", SessionState.Suspended, 1);
            await sessions.TellAsync(EventType.Created, "later");
            await sessions.TellAsync(EventType.Suspended, "later", observed: 1);
            sessions.Become("a", SessionState.Expired);
            await sessions.TellAsync(EventType.Expired, "a", observed: 1);
            await sessions.TellAsync(EventType.Expired, "a", observed: 1); // by a message and by the sweep
            sessions.Become("s", SessionState.Cancelled);
        });
        sessions.Stream(sessions.SnapshotAsync);

        Assert.Equal(
            "=CREATED a, =CREATED s, ~CREATED late, RESOLVED late, CREATED later, ~SUSPENDED later, EXPIRED a, ~CANCELLED s", await sessions.ToldAsync());
    }

    [Fact]
    public async Task A_change_without_its_session_is_looked_for()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a");
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Become("a", SessionState.Expired);
            await sessions.WriteAsync(new() { Event = new() { EventType = EventType.Expired } });
            await Task.Delay(Watcher.Patience);
        });
        sessions.Stream(sessions.SnapshotAsync);
        Assert.Equal("=CREATED a, ~EXPIRED a", await sessions.ToldAsync());
    }

    [Fact]
    public async Task A_cut_in_the_middle_of_what_is_there_loses_nothing()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        foreach (string id in (string[])["a", "b", "c"]) sessions.Put(id, started: -60);
        sessions.Stream(async () =>
        {
            await sessions.TellAsync(EventType.Created, "a");
            sessions.Become("b", SessionState.Resolved);
        });
        sessions.Stream(sessions.SnapshotAsync);
        Assert.Equal("=CREATED a, ~CREATED b, ~RESOLVED b, =CREATED c", await sessions.ToldAsync());
    }

    [Fact]
    public async Task A_look_that_fails_half_way_is_taken_again_and_tells_nothing_twice()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a", started: -60);
        sessions.Put("b", started: -60);
        sessions.Stream(async () =>
        {
            await sessions.SnapshotAsync();
            sessions.Become("a", SessionState.Resolved);
            sessions.Become("b", SessionState.Resolved);
        });
        for (int i = 0; i < 3; i++) sessions.Stream(() => Task.Delay(Watcher.Patience));
        sessions.Stream(sessions.SnapshotAsync);
        var list = sessions.Runtime.OnListSessions;
        int failures = 0;
        // The second page: gone with the runtime, stale on the one that came after it, too slow.
        GrpcStatusCode[] codes = [GrpcStatusCode.Unavailable, GrpcStatusCode.InvalidArgument, GrpcStatusCode.DeadlineExceeded];
        sessions.Runtime.OnListSessions = async (request, call) =>
        {
            if (request.PageToken.Length > 0) throw new GrpcException(codes[failures++], "no");
            var page = await list(request, call);
            if (sessions.Opened is > 1 and < 5)
            {
                page.Sessions.RemoveAt(1);
                page.NextPageToken = "two";
            }
            return page;
        };

        Assert.Equal("=CREATED a, =CREATED b, ~RESOLVED a, ~RESOLVED b", await sessions.ToldAsync());
        Assert.Equal(3, failures);
    }

    [Fact]
    public async Task The_first_list_is_part_of_the_first_attempt()
    {
        await using var sessions = await ScriptedSessions.StartAsync();
        sessions.Put("a");
        sessions.Stream(sessions.SnapshotAsync);
        var list = sessions.Runtime.OnListSessions;
        sessions.Runtime.OnListSessions = (request, call) => sessions.Runtime.Requests.Count == 1 ? throw new GrpcException(GrpcStatusCode.Unavailable, "not up yet") : list(request, call);
        Assert.Equal("=CREATED a", await sessions.ToldAsync());
    }
}
