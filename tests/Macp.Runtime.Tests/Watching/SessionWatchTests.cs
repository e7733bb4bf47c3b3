using Google.Protobuf.WellKnownTypes;
using Macp.Protocol;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime.Tests;

/// <summary>WatchSessions: what is open at first, then every change, to those who may read the session (decisions 18 and 24).</summary>
public sealed class SessionWatchTests
{
    const string Other = "session-1111111111111111", Fence = "session-9999999999999999";
    static readonly Identity Observer = new("olga") { IsObserver = true };

    readonly World _world = new();

    [Fact]
    public async Task Every_change_is_told_once_with_the_state_it_brought_about()
    {
        var watch = WatchAs(World.Bob);
        await _world.StartAsync();
        _world.Time.Advance(10);
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        await _world.Runtime.ResumeAsync(World.Ada, World.Session, "");
        Expect.Accepted(await _world.SendAsync(World.Ada, _world.Commitment()));
        await _world.StartAsync(Other);
        await _world.Runtime.CancelAsync(World.Ada, Other, "");
        await _world.Runtime.CancelAsync(World.Ada, Other, "again, which changes nothing");
        await _world.StartAsync(Fence, start => start.TtlMs = 5);
        _world.Time.Advance(7);
        await _world.Runtime.SweepAsync();
        var told = new List<SessionLifecycleEvent>();
        for (int i = 0; i < 8; i++) told.Add((await watch.NextAsync()).Event);

        Assert.Equal(
            [
                (World.Session, EventType.Created, SessionState.Open, FakeTime.Origin), (World.Session, EventType.Suspended, SessionState.Suspended, FakeTime.Origin + 10),
                (World.Session, EventType.Resumed, SessionState.Open, FakeTime.Origin + 10), (World.Session, EventType.Resolved, SessionState.Resolved, FakeTime.Origin + 10),
                (Other, EventType.Created, SessionState.Open, FakeTime.Origin + 10), (Other, EventType.Cancelled, SessionState.Cancelled, FakeTime.Origin + 10),
                (Fence, EventType.Created, SessionState.Open, FakeTime.Origin + 10), (Fence, EventType.Expired, SessionState.Expired, FakeTime.Origin + 17),
            ],
            told.Select(e => (e.Session.SessionId, e.EventType, e.Session.State, e.ObservedAtUnixMs)));
        Assert.All(told, e => Assert.Equal(("ada", NotesMode.Identifier), (e.Session.Initiator, e.Session.Mode)));
    }

    [Fact]
    public async Task What_is_open_or_suspended_comes_first_and_what_has_ended_does_not()
    {
        await _world.StartAsync(Other);
        await _world.Runtime.CancelAsync(World.Ada, Other, "");
        await _world.StartAsync();
        await _world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        await _world.StartAsync("session-2222222222222222");
        _world.Time.Advance(500);
        Assert.Equal(
            [(World.Session, EventType.Created, SessionState.Suspended), ("session-2222222222222222", EventType.Created, SessionState.Open)],
            (await ToldAsync(WatchAs(World.Bob))).Select(e => (e.Session.SessionId, e.EventType, e.Session.State)));
    }

    [Fact]
    public async Task Everybody_is_told_of_their_own_sessions_and_observers_of_all()
    {
        Identity[] watchers = [World.Ada, World.Bob, World.Cyd, World.Stranger, Observer];
        await _world.StartAsync();
        var watches = watchers.Select(WatchAs).ToList();
        await _world.StartAsync(Other, start =>
        {
            start.Participants.Clear();
            start.Participants.Add("cyd");
        });
        await _world.Runtime.SuspendAsync(World.Ada, Other, "");
        var told = new List<string>();
        foreach (var watch in watches) told.Add(string.Join(' ', (await ToldAsync(watch, includeAll: true)).Select(e => $"{e.Session.SessionId[^1]}{e.EventType}")));
        Assert.Equal(["0Created 1Created 1Suspended", "0Created", "1Created 1Suspended", "", "0Created 1Created 1Suspended"], told);
    }

    [Fact]
    public void Nobody_watches_without_an_identity()
    {
        Expect.Failed(FailureKind.Unauthenticated, _world.Runtime.WatchSessions(null));
        Expect.Failed(FailureKind.Unauthenticated, _world.Runtime.WatchSignals(null));
        Expect.Failed(FailureKind.Unauthenticated, _world.Runtime.Modes.Watch(null));
        Expect.Failed(FailureKind.Unauthenticated, _world.Runtime.Policies.Watch(null));
    }

    [Fact]
    public async Task A_change_is_told_when_it_is_durable_and_never_when_it_was_lost()
    {
        var watch = WatchAs(World.Bob);
        _world.History.Holds = true;
        var started = _world.StartAsync();
        var next = watch.NextAsync();
        Assert.False(next.IsCompleted);
        _world.History.Release();
        Assert.Equal(EventType.Created, (await next).Event.EventType);
        await started;

        var suspended = _world.Runtime.SuspendAsync(World.Ada, World.Session, "").AsTask();
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, Expect.Done(await suspended));
        _world.History.Holds = false;
        Assert.Empty(await ToldAsync(watch));
        Expect.Done(await _world.Runtime.CancelAsync(World.Ada, World.Session, ""));
        Assert.Equal(EventType.Cancelled, (await watch.NextAsync()).Event.EventType);
    }

    [Fact]
    public async Task What_came_due_is_told_whoever_noticed_and_whatever_it_was_answered()
    {
        await _world.StartAsync(change: start => start.TtlMs = 5);
        var watch = WatchAs(World.Bob);
        await watch.NextAsync();
        _world.Time.Advance(6);
        // A start with this id that is refused before it is told that the session exists.
        var start = _world.Start(change: start => start.TtlMs = 0);
        Expect.Code(ErrorCode.InvalidEnvelope, await _world.SendAsync(World.Ada, start));
        Assert.Equal(EventType.Expired, (await watch.NextAsync()).Event.EventType);
    }

    [Fact]
    public async Task A_watcher_that_stalls_costs_nothing_and_must_begin_anew_once_too_much_has_happened()
    {
        var world = new World(history: new MemoryHistory());
        await world.StartAsync();
        var stalled = new Watch<WatchSessionsResponse>(world.Runtime.WatchSessions(World.Bob));
        await stalled.NextAsync();
        for (int i = 0; i < 40_000; i++)
        {
            await world.Runtime.SuspendAsync(World.Ada, World.Session, "");
            await world.Runtime.ResumeAsync(World.Ada, World.Session, "");
        }
        await Assert.ThrowsAsync<FellBehindException>(stalled.NextAsync);
        Assert.Equal(EventType.Created, (await new Watch<WatchSessionsResponse>(world.Runtime.WatchSessions(World.Bob)).NextAsync()).Event.EventType);
    }

    [Fact]
    public async Task A_session_is_told_whole_although_what_it_was_about_to_accept_is_lost_meanwhile()
    {
        await _world.StartAsync();
        var before = await _world.MetadataAsync();
        _world.History.Holds = true;
        var note = _world.NoteAsync(World.Bob, "lost");
        var next = WatchAs(World.Bob).NextAsync();
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, await note);
        Assert.Equal(before, (await next).Event.Session);
    }

    [Fact]
    public async Task A_session_of_which_nothing_more_can_be_said_is_told_with_its_time()
    {
        await _world.StartAsync();
        _world.History.IsUnreadable = true;
        Expect.Code(ErrorCode.InternalError, await _world.SendAsync(World.Bob, _world.Envelope(World.Bob, "Break", new StringValue { Value = "decide" })));
        _world.Time.Advance(500);
        var told = (await WatchAs(World.Bob).NextAsync()).Event;
        Assert.Equal((World.Session, FakeTime.Origin, FakeTime.Origin), (told.Session.SessionId, told.Session.StartedAtUnixMs, told.ObservedAtUnixMs));
    }

    [Fact]
    public async Task Any_number_of_changes_may_wait_for_the_history()
    {
        const int Changes = 15_000;
        await _world.StartAsync();
        var watch = WatchAs(World.Bob);
        await watch.NextAsync();
        _world.History.Holds = true;
        var changes = new List<Task>();
        // Little enough for whoever goes along what waits by calling itself.
        var sender = new Thread(() =>
        {
            for (int i = 0; i < Changes; i++)
                changes.Add((i % 2 == 0 ? _world.Runtime.SuspendAsync(World.Ada, World.Session, "") : _world.Runtime.ResumeAsync(World.Ada, World.Session, "")).AsTask());
        }, maxStackSize: 256 * 1024);
        sender.Start();
        sender.Join();
        _world.History.Release();
        await Expect.SoonAsync(Task.WhenAll(changes), "the changes");
        for (int i = 0; i < Changes; i++) Assert.Equal(i % 2 == 0 ? EventType.Suspended : EventType.Resumed, (await watch.NextAsync()).Event.EventType);
    }

    [Fact]
    public async Task No_session_is_looked_at_for_a_watcher_that_is_gone()
    {
        await _world.StartAsync();
        var told = _world.Runtime.WatchSessions(World.Bob).Value!.GetAsyncEnumerator(new(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await told.MoveNextAsync());
    }

    Watch<WatchSessionsResponse> WatchAs(Identity identity) => new(_world.Runtime.WatchSessions(identity));

    /// <summary>What was told so far.</summary>
    async Task<List<SessionLifecycleEvent>> ToldAsync(Watch<WatchSessionsResponse> watch, bool includeAll = false)
    {
        string fence = $"session-fence-{_world.NextId().PadLeft(16, '0')}";
        await _world.StartAsync(fence, start => start.Participants.Add(includeAll ? ["cyd", "mallory"] : []));
        return [.. (await watch.BeforeAsync(told => told.Event.Session.SessionId == fence)).Select(told => told.Event).Where(e => !e.Session.SessionId.StartsWith("session-fence", StringComparison.Ordinal))];
    }
}
