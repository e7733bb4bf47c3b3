using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Agents.Tests;

public class ReconnectTests
{
    [Fact]
    public async Task Each_message_is_told_once_however_often_the_connection_breaks()
    {
        await using var decisions = await Decisions.StartAsync();
        await using var proxy = new CuttingProxy(decisions.Runtime.Endpoint);
        await using var client = new MacpClient(new() { Endpoint = proxy.Address, AllowInsecure = true, Auth = MacpAuth.DevAgent("bob") });
        var alice = decisions.Of("alice");
        await alice.StartAsync(Decisions.Start);
        var heard = new List<string>();
        var hasty = new FollowOptions { Reconnect = new FollowOptions().Reconnect with { BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(50) } };
        var bob = new MacpParticipant<DecisionSession>(new(client, new() { SessionId = decisions.SessionId }), new() { Follow = hasty })
            .OnAny((context, _) =>
            {
                lock (heard) heard.Add(context.Message.MessageId);
                return Task.CompletedTask;
            });
        var running = bob.RunAsync();
        bool HasHeard(int count)
        {
            lock (heard) return heard.Count == count;
        }

        for (int i = 1; i <= 20; i++)
        {
            await alice.ProposeAsync($"p{i}", $"option {i}");
            await Soon.Holds(() => running.IsCompleted || HasHeard(i + 1));
            if (running.IsCompleted) await running;
            // The next one is accepted while bob is away, or on his way back.
            proxy.Cut();
        }
        await alice.CommitAsync(Decisions.Outcome);

        Assert.Equal(SessionState.Resolved, (await running.Happens()).State);
        Assert.Equal(bob.Session.Projection.Transcript.Select(envelope => envelope.MessageId), heard);
        Assert.Equal(22, heard.Count);
    }
}

