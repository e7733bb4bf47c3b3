using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime.Tests;

/// <summary>Watchers that come while sessions start, are suspended, resumed and end: none misses a change, and none is told one twice.</summary>
public sealed class HandOverTests
{
    const int Writers = 4, Sessions = 150, Watchers = 12;

    [Fact]
    public async Task Whoever_begins_to_watch_in_the_middle_of_changes_is_told_each_of_them_once()
    {
        var world = new World(history: new MemoryHistory());
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(world, writer))));
        var watching = new List<Task<List<SessionLifecycleEvent>>>();
        for (int i = 0; i < Watchers; i++)
        {
            watching.Add(Task.Run(() => WatchAsync(world)));
            await Task.Delay(4);
        }
        await Expect.SoonAsync(writing, "the writers");
        await world.StartAsync(Last);
        foreach (var told in await Expect.SoonAsync(Task.WhenAll(watching), "the watchers"))
            foreach (var session in told.GroupBy(e => e.Session.SessionId)) AssertIsLifecycle([.. session]);
    }

    const string Last = "session-last-0000000000000";

    /// <summary>Sessions that each go through all that a session can go through.</summary>
    static async Task WriteAsync(World world, int writer)
    {
        for (int i = 0; i < Sessions; i++)
        {
            string session = $"session-{writer}-{i:D14}";
            // So that watchers come in between.
            if (i % 8 == 0) await Task.Delay(1);
            await world.StartAsync(session);
            for (int round = 0; round < i % 4; round++)
            {
                Expect.Done(await world.Runtime.SuspendAsync(World.Ada, session, ""));
                Expect.Done(await world.Runtime.ResumeAsync(World.Ada, session, ""));
            }
            if (i % 3 == 0) Expect.Done(await world.Runtime.CancelAsync(World.Ada, session, ""));
            else if (i % 3 == 1) Expect.Accepted(await world.SendAsync(World.Ada, world.Commitment(session: session)));
        }
    }

    /// <summary>Reads slowly, so that sessions change while those that are there are told.</summary>
    static async Task<List<SessionLifecycleEvent>> WatchAsync(World world)
    {
        var watch = new Watch<WatchSessionsResponse>(world.Runtime.WatchSessions(World.Bob));
        var told = new List<SessionLifecycleEvent>();
        while ((await watch.NextAsync()).Event is var next && next.Session.SessionId != Last)
        {
            told.Add(next);
            if (told.Count % 16 == 0) await Task.Delay(1);
        }
        return told;
    }

    /// <summary>One creation, and from the state that it tells only what may follow, to the end that the writer gave it.</summary>
    static void AssertIsLifecycle(List<SessionLifecycleEvent> events)
    {
        string story = string.Join(' ', events.Select(e => $"{e.EventType}({e.Session.State})"));
        Assert.True(events[0].EventType is EventType.Created, story);
        var state = events[0].Session.State;
        foreach (var next in events.Skip(1))
        {
            bool follows = next.EventType switch
            {
                EventType.Suspended or EventType.Resolved => state is SessionState.Open,
                EventType.Resumed => state is SessionState.Suspended,
                EventType.Cancelled => state is SessionState.Open or SessionState.Suspended,
                _ => false,
            };
            Assert.True(follows, story);
            state = next.Session.State;
        }
        int number = int.Parse(events[0].Session.SessionId[^14..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(state == (number % 3) switch { 0 => SessionState.Cancelled, 1 => SessionState.Resolved, _ => SessionState.Open }, story);
    }
}
