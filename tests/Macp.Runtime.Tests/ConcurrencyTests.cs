using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

public sealed class ConcurrencyTests
{
    const int Threads = 8, Each = 2048;

    [Fact]
    public async Task On_one_session_everything_is_accepted_once_and_everybody_reads_the_same_order()
    {
        var world = new World(history: new MemoryHistory());
        await world.StartAsync();
        var readers = Enumerable.Range(0, 3).Select(async _ => await ReadIdsAsync(await world.SubscribeAsync())).ToArray();

        var acks = await InParallelAsync(async thread =>
        {
            var sent = new List<Ack>();
            for (int i = 0; i < Each; i++)
            {
                var note = world.Note(thread % 2 == 0 ? World.Ada : World.Bob, $"{thread}/{i}");
                sent.Add(await world.SendAsync(new(note.Sender), note));
                // Delivery is at least once.
                if (i % 10 == 0) Assert.True((await world.SendAsync(new(note.Sender), note.Clone())).Duplicate);
            }
            return sent;
        });
        Expect.Accepted(await world.SendAsync(World.Ada, world.Commitment()));

        Assert.All(acks.SelectMany(a => a), Expect.Accepted);
        var orders = await Task.WhenAll(readers);
        Assert.Equal(Threads * Each + 2, orders[0].Count);
        Assert.Equal(Enumerable.Range(1, orders[0].Count).Select(i => (long)i), orders[0].Select(o => o.Ordinal));
        Assert.Equal(orders[0].Count, orders[0].Select(o => o.Id).Distinct().Count());
        Assert.Equal(orders[0], orders[1]);
        Assert.Equal(orders[0], orders[2]);
        // Each sender's own messages stand in the order in which it sent them.
        var place = orders[0].ToDictionary(o => o.Id, o => o.Ordinal);
        Assert.All(acks, sent => Assert.Equal(sent.Select(a => place[a.MessageId]).Order(), sent.Select(a => place[a.MessageId])));
    }

    [Fact]
    public async Task Many_sessions_at_once_do_not_mix()
    {
        var world = new World(history: new MemoryHistory());
        string[] sessions = [.. Enumerable.Range(0, 64).Select(i => $"session-{i:D16}")];
        foreach (string session in sessions) await world.StartAsync(session);

        await InParallelAsync(async thread =>
        {
            for (int i = 0; i < Each; i++) Expect.Accepted(await world.NoteAsync(World.Bob, "x", sessions[(thread * 7 + i) % sessions.Length]));
            return 0;
        });

        foreach (string session in sessions)
        {
            Expect.Accepted(await world.SendAsync(World.Ada, world.Commitment(session: session)));
            var read = await ReadIdsAsync(await world.SubscribeAsync(session: session));
            Assert.Equal(Threads * Each / sessions.Length + 2, read.Count);
            Assert.Equal(read.Count, read[^1].Ordinal);
        }
    }

    [Fact]
    public async Task Of_many_who_end_a_session_at_once_one_does()
    {
        for (int round = 0; round < 50; round++)
        {
            var world = new World();
            await world.StartAsync();
            var reading = ReadIdsAsync(await world.SubscribeAsync(annotations: true));
            await InParallelAsync(async thread => thread switch
            {
                0 => await world.SendAsync(World.Ada, world.Commitment()),
                1 => (await world.Runtime.CancelAsync(World.Ada, World.Session, "")).Value,
                2 => (await world.Runtime.SuspendAsync(World.Ada, World.Session, "")).Value,
                3 => (await world.Runtime.ResumeAsync(World.Ada, World.Session, "")).Value,
                _ => await world.NoteAsync(World.Bob, "x"),
            });
            await world.Runtime.CancelAsync(World.Ada, World.Session, "");
            await reading;
            Assert.Single(world.History.Of(World.Session), r => r.EndsSession);
            Assert.True(world.History.Of(World.Session)[^1].EndsSession);
        }
    }

    [Fact]
    public async Task Losses_amid_traffic_leave_what_was_acknowledged_and_nothing_else()
    {
        var world = new World();
        await world.StartAsync();
        world.History.Holds = true;
        using var stop = new CancellationTokenSource();
        var disk = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                if (i % 3 == 0) world.History.Lose();
                else world.History.Release();
                await Task.Yield();
            }
        });

        var acks = (await InParallelAsync(async _ =>
        {
            var sent = new List<Ack>();
            for (int i = 0; i < 200; i++) sent.Add(await world.NoteAsync(World.Bob, "x"));
            return sent;
        })).SelectMany(a => a).ToArray();
        await stop.CancelAsync();
        await disk;

        Assert.Contains(acks, a => a.Ok);
        Assert.Contains(acks, a => !a.Ok);
        var history = world.History.Of(World.Session);
        Assert.Equal(acks.Where(a => a.Ok).Select(a => a.MessageId).Order(), history.Skip(1).Select(r => r.Envelope.MessageId).Order());
        Assert.Equal(Enumerable.Range(1, history.Count).Select(i => (long)i), history.Select(r => r.Ordinal));
    }

    static async Task<T[]> InParallelAsync<T>(Func<int, Task<T>> work)
    {
        using var barrier = new Barrier(Threads);
        return await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
        {
            barrier.SignalAndWait();
            return work(thread);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }

    static async Task<List<(string Id, long Ordinal)>> ReadIdsAsync(SessionCursor cursor) =>
        [.. (await Expect.ToEndAsync(cursor)).Select(r => (r.Envelope.MessageId, r.Ordinal))];
}
