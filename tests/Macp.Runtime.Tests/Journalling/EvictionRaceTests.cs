using System.Collections.Concurrent;

namespace Macp.Runtime.Tests;

/// <summary>Sessions end, leave memory and are asked for at the same time: none is missed, and no id is taken twice.</summary>
public sealed class EvictionRaceTests
{
    [Fact]
    public async Task A_list_misses_no_session_that_leaves_memory_while_it_is_made()
    {
        const string Leaves = "session-x-000000000290";
        using var sessions = FinishedSessions.Begin(pageSize: 400);
        await sessions.World.StartAsync("session-first---------");
        await sessions.World.Runtime.CancelAsync(World.Ada, "session-first---------", "");
        await sessions.World.StartAsync(FinishedSessions.Open);
        for (int i = 0; i < 300; i++) await sessions.World.StartAsync($"session-x-{i:D12}");
        await sessions.SweepAsync();
        sessions.BeforeRecall = async () =>
        {
            sessions.BeforeRecall = () => Task.CompletedTask;
            await sessions.World.Runtime.CancelAsync(World.Ada, Leaves, "");
            await sessions.FillAsync();
            await sessions.SweepAsync();
        };
        var page = (await sessions.World.Runtime.ListSessionsAsync(World.Ada, new(), includeFinished: true)).Value!;
        Assert.Equal(302, page.Sessions.Select(session => session.SessionId).Distinct().Count());
        Assert.Contains(page.Sessions, session => session.SessionId == Leaves);
        Assert.True(sessions.Recalls > 1, "it has not left memory");
    }

    [Fact]
    public async Task Two_who_sweep_at_once_let_go_of_nothing_that_cannot_be_read_again()
    {
        var history = new TwoSessions();
        var world = new World(new() { MaxFinishedSessionsInMemory = 0 }, history);
        foreach (string id in (string[])[TwoSessions.Readable, TwoSessions.Unreadable])
        {
            await world.StartAsync(id);
            await world.Runtime.CancelAsync(World.Ada, id, "");
        }
        history.WhileLooking = () => Task.Run(() => world.Runtime.SweepAsync().AsTask()).Wait(500);
        await world.Runtime.SweepAsync();
        Assert.True((await world.Runtime.GetSessionAsync(World.Ada, TwoSessions.Unreadable)).Succeeded(out _, out _));
        await world.Runtime.DisposeAsync();
    }

    [Fact]
    public async Task An_id_is_taken_once_however_many_start_it_while_sessions_end_and_leave_memory()
    {
        const int Ids = 150;
        var taken = new ConcurrentBag<string>();
        using var sessions = FinishedSessions.Begin();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Ids; i++)
                for (int again = Math.Max(0, i - 3); again <= i; again++)
                {
                    string id = $"session-{again:D14}";
                    if (!(await sessions.World.SendAsync(World.Ada, sessions.World.Start(id))).Ok) continue;
                    taken.Add(id);
                    Assert.True(Expect.Done(await sessions.World.Runtime.CancelAsync(World.Ada, id, "")).Ok);
                    await sessions.World.Runtime.SweepAsync();
                }
        })));
        Assert.Equal(Ids, taken.Count);
        await sessions.SweepAsync();
        Assert.Equal([.. taken.Order(StringComparer.Ordinal)], await sessions.ListAsync(World.Ada));
        Assert.True(sessions.Recalls > 0);
        Assert.Empty(sessions.World.Faults);
    }

    /// <summary>A history in memory of which one session could be read again, as it says once somebody has looked at it.</summary>
    sealed class TwoSessions : IHistory
    {
        public const string Readable = "session-readable------", Unreadable = "session-unreadable----";

        readonly MemoryHistory _history = new();

        public Action WhileLooking { get; set; } = () => { };

        public ISessionHistory Create(string sessionId) => new One(this, _history.Create(sessionId), sessionId == Readable);

        sealed class One(TwoSessions all, ISessionHistory history, bool isReadable) : ISessionHistory
        {
            public bool CanBeRecalled
            {
                get
                {
                    var act = all.WhileLooking;
                    all.WhileLooking = () => { };
                    act();
                    return isReadable;
                }
            }

            public long Append(HistoryRecord record) => history.Append(record);

            public ValueTask WhenDurable(long ticket) => history.WhenDurable(ticket);

            public void DropLost() => history.DropLost();

            public IEnumerable<HistoryRecord> ReadAll() => history.ReadAll();

            public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken) => history.SeekAsync(ordinal, cancellationToken);

            public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken) => history.ReadAsync(position, into, cancellationToken);
        }
    }
}
