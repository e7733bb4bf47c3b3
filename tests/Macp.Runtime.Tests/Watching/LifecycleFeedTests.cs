using System.Runtime.CompilerServices;
using Macp.Modes;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime.Tests;

/// <summary>What is kept for watchers who are behind.</summary>
public sealed class LifecycleFeedTests
{
    [Theory]
    [InlineData(1, 16_384), InlineData(1000, 17)]
    public void It_is_so_many_changes_and_of_large_sessions_fewer(int participants, int changes)
    {
        var feed = new LifecycleFeed();
        var first = Announce(feed, participants);
        for (int i = 2; i < changes; i++) Announce(feed, participants);
        Assert.True(IsKept(first));

        for (int i = 0; i < 2; i++) Announce(feed, participants);

        Assert.False(IsKept(first));
    }

    static bool IsKept(WeakReference context)
    {
        GC.Collect();
        return context.IsAlive;
    }

    // By itself, so that nothing on the stack holds it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference Announce(LifecycleFeed feed, int participants)
    {
        var start = new SessionStartPayload();
        for (int i = 0; i < participants; i++) start.Participants.Add(new string('p', 1000));
        var context = new SessionContext(new() { SessionId = "s", Mode = "m", Sender = "i" }, start);
        feed.Announce(new(context, 0, EventType.Created, 0, 0));
        return new(context);
    }
}
