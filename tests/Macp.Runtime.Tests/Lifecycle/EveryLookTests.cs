using Macp.Protocol;

namespace Macp.Runtime.Tests.Lifecycle;

/// <summary>
/// Two looks at a session with an open offer, each at, before or after an instant at which something is due, of every kind and in every order, after no
/// suspension, one or two: the kernel does what the model says.
/// </summary>
public sealed class EveryLookTests
{
    static readonly Func<LifecyclePlay, Task>[] Looks =
    [
        play => play.SendAsync(new("ada", "HandoffContext", "c", "h")),
        play => play.SendAsync(new("bob", "HandoffDecline", "d", "h")),
        play => play.SendAsync(new("ada", "HandoffOffer", "o", "h")),
        play => play.SendAsync(new("dora", MessageTypes.Commitment, "+", "positive")),
        play => play.ReadAsync("bob"),
        play => play.SubscribeAsync("mallory"),
        play => play.CancelAsync("dora"),
        play => play.SuspendAsync("ada"),
        play => play.ResumeAsync("ada"),
        play => play.LoseAsync(new("ada", "HandoffContext", "l", "h")),
        play => play.SweepAsync(),
    ];

    static readonly Func<LifecyclePlay, Task>[] SecondLooks = [Looks[0], Looks[3], Looks[7], Looks[8], Looks[^1]];

    // With a time to live of a second, of which 300 milliseconds may be spent suspended: when it is suspended, and for how long.
    static readonly (int At, int For)[][] Suspensions = [[], [(200, 300)], [(200, 301)], [(200, 100), (600, 200)], [(200, 100), (600, 201)]];

    [Theory]
    [InlineData(400)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    public async Task The_kernel_does_what_the_model_says(int silence)
    {
        foreach (var suspensions in Suspensions)
            foreach (var first in Looks)
                foreach (var second in SecondLooks)
                    for (int offsets = 0; offsets < 9; offsets++)
                    {
                        var play = await ArrangeAsync(silence, suspensions);
                        play.AdvanceToNextInstant(offsets / 3 - 1);
                        await first(play);
                        play.AdvanceToNextInstant(offsets % 3 - 1);
                        await second(play);
                        await play.SweepAsync();
                        play.CompareReplay();
                    }
    }

    static async Task<LifecyclePlay> ArrangeAsync(int silence, (int At, int For)[] suspensions)
    {
        var play = await LifecyclePlay.StartAsync(new(Ttl: 1000, Cap: 300, silence, FakeTime.Origin));
        await play.SendAsync(new("ada", "HandoffOffer", "o", "h"));
        foreach (var (at, duration) in suspensions)
        {
            play.Advance(FakeTime.Origin + at - play.Now);
            await play.SuspendAsync("ada");
            play.Advance(duration);
            await play.ResumeAsync("dora");
        }
        return play;
    }
}
