using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Lifecycle;

/// <summary>The first terminal message that is accepted determines the outcome; all that follow find the session not open (RFC-MACP-0001).</summary>
public sealed class TerminalRaceTests
{
    static readonly Dictionary<string, Func<World, Task<Ack>>> Ends = new()
    {
        [MessageTypes.Commitment] = world => world.SendAsync(World.Ada, world.Commitment()),
        [MessageTypes.SessionCancel] = async world => Expect.Done(await world.Runtime.CancelAsync(World.Ada, World.Session, "")),
        [MessageTypes.TtlExpired] = async world =>
        {
            world.Time.Advance(60_001);
            return Acknowledged(await world.MetadataAsync());
        },
    };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string first in Ends.Keys)
                foreach (string second in Ends.Keys) pairs.Add(first, second);
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Of_two_the_first_wins(string first, string second)
    {
        var world = new World();
        await world.StartAsync();
        var won = await Ends[first](world);
        var lost = await Ends[second](world);

        Assert.Equal(first, world.History.Of(World.Session)[^1].MessageType);
        Assert.Equal(2, world.History.Of(World.Session).Count);
        Assert.True(won.Ok);
        if (second == MessageTypes.Commitment) Expect.Code(ErrorCode.SessionNotOpen, lost);
        else Assert.Equal((true, won.SessionState), (lost.Ok, lost.SessionState)); // to cancel what has ended is no error, and tells how it ended
    }

    [Fact]
    public async Task Of_many_at_once_one_wins_and_the_others_are_told()
    {
        var won = new HashSet<string>();
        // Where the scheduler favours one, the others win in the end: later rounds give a start that nobody catches up with.
        for (int round = 0; round < Spinning || (won.Count < Ends.Count && round < 2 * Spinning); round++) won.Add(await RaceAsync(round));
        Assert.Equal(Ends.Keys.Order(), won.Order());
    }

    const int Spinning = 150;

    static async Task<string> RaceAsync(int round)
    {
        var world = new World();
        await world.StartAsync();
        world.Runtime.Start();
        var reading = Expect.ToEndAsync(await world.SubscribeAsync(annotations: true));
        using var barrier = new Barrier(6);
        var commitments = Enumerable.Range(0, 3).Select(i => AtOnce(i, Ends[MessageTypes.Commitment])).ToArray();
        var cancellation = AtOnce(3, Ends[MessageTypes.SessionCancel]);
        var expiry = AtOnce(4, async w =>
        {
            w.Time.Advance(60_001);
            await w.Runtime.SweepAsync();
            return new Ack();
        });
        barrier.SignalAndWait();
        var acks = await Task.WhenAll(commitments);
        var cancelled = await cancellation;
        await expiry;

        var records = await reading;
        await world.Runtime.DisposeAsync();
        string end = Assert.Single(records, r => r.EndsSession).MessageType;
        Assert.Equal(records, world.History.Of(World.Session));
        Assert.Equal(end == MessageTypes.Commitment ? 1 : 0, acks.Count(ack => ack.Ok));
        Assert.All(acks.Where(ack => !ack.Ok), ack => Expect.Code(ErrorCode.SessionNotOpen, ack));
        Assert.Equal((true, await world.StateAsync()), (cancelled.Ok, cancelled.SessionState));
        return end;

        // Each kind of end gets a start of its own now and then.
        Task<Ack> AtOnce(int number, Func<World, Task<Ack>> end) => Task.Factory.StartNew(() =>
        {
            barrier.SignalAndWait();
            if (Math.Max(0, number - 2) != round % Ends.Count) LetAStart();
            return end(world);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

        void LetAStart()
        {
            if (round < Spinning) Thread.SpinWait(round * 20);
            else Thread.Sleep(round - Spinning);
        }
    }

    static Ack Acknowledged(SessionMetadata metadata) => new() { Ok = metadata.State is not SessionState.Open, SessionState = metadata.State };
}
