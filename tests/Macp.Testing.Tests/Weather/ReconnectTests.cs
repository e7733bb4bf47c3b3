using Macp.Modes.Standard;
using Macp.Wire.V1;
using Macp.Client;
using Macp.Tests;

namespace Macp.Testing.Tests.Weather;

/// <summary>
/// Sessions by a connection that breaks at random points, of a live stream, of its replay and of calls under way: what the client shows is the history of the
/// runtime, each message once. MACP_RECONNECT_ROUNDS says how many sessions are played; MACP_RECONNECT_SEED repeats a run.
/// </summary>
public class ReconnectTests
{
    static readonly string[] Participants = ["lead", "ann", "bob", "eve"];

    // As impatient as the cuts are frequent.
    static readonly MacpRetryPolicy Stubborn = new() { MaxRetries = 200, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(20) };

    static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("MACP_RECONNECT_ROUNDS") ?? "15");
    static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("MACP_RECONNECT_SEED") ?? $"{Random.Shared.Next()}");

    [Fact]
    public async Task A_live_session_is_the_history_whatever_breaks()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var proxy = new CuttingProxy(runtime.Endpoint);
        int cuts = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var random = new Random(HashCode.Combine(Seed, round));
            try
            {
                cuts += await PlayAsync(runtime, proxy, random);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"MACP_RECONNECT_SEED={Seed}, round {round}: {e.Message}", e);
            }
        }

        // A run that was never disturbed has tested nothing.
        Assert.True(cuts > Rounds, $"only {cuts} cuts in {Rounds} rounds");
    }

    /// <returns>How often the connections were cut.</returns>
    static async Task<int> PlayAsync(TestRuntime runtime, CuttingProxy proxy, Random random)
    {
        await using var client = Connect(proxy.Endpoint, "lead");
        await using var session = new DecisionSession(client);
        await session.StartAsync(new() { Intent = "weather", Participants = Participants, TimeToLive = TimeSpan.FromMinutes(5) });
        int cuts = 0;
        using var over = new CancellationTokenSource();
        var weather = Task.Run(async () =>
        {
            for (; !over.IsCancellationRequested; cuts++)
            {
                await Task.Delay(random.Next(1, 12));
                proxy.CutAll();
            }
        });

        var follow = new FollowOptions { Reconnect = Stubborn with { StatusCodes = [Grpc.GrpcStatusCode.Unavailable, Grpc.GrpcStatusCode.ResourceExhausted] } };
        var attaching = session.AttachAsync(follow);
        int proposals = random.Next(1, 4), evaluations = random.Next(0, 30);
        for (int i = 0; i < proposals; i++) await session.ProposeAsync($"p{i}", "an option", call: As("lead"));
        await attaching;
        for (int i = 0; i < evaluations; i++) await session.EvaluateAsync($"p{random.Next(proposals)}", "APPROVE", 0.5, call: As(Participants[random.Next(4)]));
        foreach (string voter in Participants) await session.VoteAsync("p0", "APPROVE", call: As(voter));
        await session.WaitForAsync(projection => projection.Votes.Count > 0 && projection.Votes["p0"].Count == 4).WaitAsync(TimeSpan.FromSeconds(60));
        await session.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "weather", Reason = "all agree" }, As("lead"));
        Assert.Equal(SessionState.Resolved, await session.WaitForEndAsync().WaitAsync(TimeSpan.FromSeconds(60)));
        await over.CancelAsync();
        await weather;

        await using var direct = Connect(runtime.Endpoint, "ann");
        await using var truth = new DecisionSession(direct, new() { SessionId = session.SessionId });
        await truth.AttachAsync();
        await truth.WaitForEndAsync();
        var changes = await session.Changes.ToListAsync();
        Assert.Equal(1 + proposals + evaluations + 4 + 1, truth.Projection.Transcript.Count);
        Assert.Equal(truth.Projection.Transcript, session.Projection.Transcript);
        Assert.Equal(truth.Projection.ToJson(), session.Projection.ToJson());
        Assert.Empty(session.Projection.Anomalies);
        Assert.Equal(truth.Projection.Transcript, changes.Select(change => change.Envelope));
        Assert.Equal(Enumerable.Range(1, changes.Count).Select(i => (ulong?)i), changes.Select(change => ((SessionStreamItem.Accepted)change.Item).Ordinal));
        return cuts;
    }

    static MacpCallOptions As(string sender) => new() { Auth = MacpAuth.DevAgent(sender) };

    static MacpClient Connect(Uri endpoint, string name) =>
        new(new() { Endpoint = endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent(name), Retry = Stubborn });
}
