using System.Threading.Channels;
using Macp.Client;
using Macp.Grpc;
using Macp.Modes.Standard;

namespace Macp.Cli.Tests;

/// <summary>Whoever reads a session while its server is killed and started again reads everything once, in order: annotations too.</summary>
[Collection(JournalledServer.OneAtATime)]
public sealed class FollowingAcrossRestartTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Following_an_open_session_goes_on_by_itself()
    {
        await using var server = await JournalledServer.StartAsync();
        var decision = await DecideAsync(server);
        var following = new Following(server.Connect("bob"), decision.SessionId);
        Assert.Equal(["1 SessionStart", "2 Proposal"], await following.NextAsync(2));

        await server.DieAsync();
        await server.ComeBackAsync();
        await decision.VoteAsync("p1", "APPROVE");
        Assert.Equal(["3 Vote"], await following.NextAsync(1));
        await server.DieAsync();
        await server.ComeBackAsync();
        await decision.SuspendAsync("lunch");
        await decision.ResumeAsync("back");
        await CommitAsync(decision);

        Assert.Equal(["SessionSuspend", "SessionResume", "4 Commitment"], await following.ToEndAsync());
    }

    [Fact]
    public async Task Following_a_suspended_session_repeats_no_annotation()
    {
        await using var server = await JournalledServer.StartAsync();
        var decision = await DecideAsync(server);
        await decision.SuspendAsync("lunch");
        var following = new Following(server.Connect("bob"), decision.SessionId);
        Assert.Equal(["1 SessionStart", "2 Proposal", "SessionSuspend"], await following.NextAsync(3));

        await server.DieAsync();
        await server.ComeBackAsync();
        await decision.ResumeAsync("back");
        await decision.VoteAsync("p1", "APPROVE");
        await CommitAsync(decision);

        Assert.Equal(["SessionResume", "3 Vote", "4 Commitment"], await following.ToEndAsync());
    }

    [Fact]
    public async Task A_finished_session_is_read_on_from_any_ordinal()
    {
        await using var server = await JournalledServer.StartAsync();
        var decision = await DecideAsync(server);
        await decision.SuspendAsync("lunch");
        await decision.ResumeAsync("back");
        await decision.VoteAsync("p1", "APPROVE");
        await CommitAsync(decision);
        string[] whole = ["1 SessionStart", "2 Proposal", "SessionSuspend", "SessionResume", "3 Vote", "4 Commitment"];
        Assert.Equal(whole, await new Following(server.Connect("bob"), decision.SessionId).ToEndAsync());

        await server.DieAsync();
        await server.ComeBackAsync();
        int[] behind = [0, 1, 2, 5, 6];
        foreach (var (after, skipped) in behind.Index())
            Assert.Equal(whole.Skip(skipped), await new Following(server.Connect("bob"), decision.SessionId, (ulong)after).ToEndAsync());
    }

    [Fact]
    public async Task A_stream_says_that_the_server_is_gone_and_another_begins_behind_its_last_ordinal()
    {
        await using var server = await JournalledServer.StartAsync();
        var decision = await DecideAsync(server);
        var bob = server.Connect("bob");
        await using var stream = await bob.OpenStreamAsync();
        await stream.SubscribeAsync(decision.SessionId, 1);
        Assert.Equal("2 Proposal", Describe((await stream.ReadAsync(Patience))!));
        var waiting = stream.ReadAsync(Patience).AsTask();

        await server.DieAsync();
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<MacpTransportException>(() => waiting)).StatusCode);
        await server.ComeBackAsync();
        await using var again = await bob.OpenStreamAsync();
        await again.SubscribeAsync(decision.SessionId, stream.LastOrdinal!.Value);
        await decision.VoteAsync("p1", "APPROVE");

        Assert.Equal("3 Vote", Describe((await again.ReadAsync(Patience))!));
    }

    /// <summary>A decision of Ann's in which Bob may look on, with a proposal in it.</summary>
    static async Task<DecisionSession> DecideAsync(JournalledServer server)
    {
        var decision = new DecisionSession(server.Connect("ann"));
        await decision.StartAsync(new() { Intent = "choose", Participants = ["ann", "bob"], TimeToLive = TimeSpan.FromHours(1) });
        await decision.ProposeAsync("p1", "an option");
        return decision;
    }

    static Task CommitAsync(DecisionSession decision) =>
        decision.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "team", Reason = "all agree", OutcomePositive = true });

    static string Describe(SessionStreamItem item) => item switch
    {
        SessionStreamItem.Accepted accepted => $"{accepted.Ordinal} {accepted.Envelope.MessageType}",
        SessionStreamItem.Annotation annotation => annotation.Envelope.MessageType,
        _ => item.ToString(),
    };

    /// <summary>Somebody who follows a session from one end of its history to the other.</summary>
    sealed class Following
    {
        readonly Channel<string> _items = Channel.CreateUnbounded<string>();

        public Following(MacpClient client, string session, ulong after = 0) => _ = FollowAsync(client, session, after);

        public async Task<List<string>> NextAsync(int count)
        {
            var items = new List<string>();
            while (items.Count < count) items.Add(await _items.Reader.ReadAsync().AsTask().WaitAsync(Patience));
            return items;
        }

        public async Task<List<string>> ToEndAsync()
        {
            var items = new List<string>();
            while (await _items.Reader.WaitToReadAsync().AsTask().WaitAsync(Patience)) items.AddRange(await NextAsync(1));
            return items;
        }

        async Task FollowAsync(MacpClient client, string session, ulong after)
        {
            try
            {
                await foreach (var item in client.FollowSessionAsync(session, new() { AfterOrdinal = after })) _items.Writer.TryWrite(Describe(item));
                _items.Writer.Complete();
            }
            catch (MacpException e)
            {
                _items.Writer.Complete(e);
            }
        }
    }
}
