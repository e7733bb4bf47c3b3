using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Testing.Tests.Weather;

/// <summary>Sessions whose runtime is down at the start, goes away in the middle, and comes back with its journal.</summary>
public class RestartTests
{
    static readonly MacpRetryPolicy Patient = new() { MaxRetries = 1000, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(50) };
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_live_session_outlives_its_runtime()
    {
        await using var weather = await WatchedSessions.StartAsync();
        await using var client = Connect(weather.Proxy.Endpoint);
        await using var session = new DecisionSession(client, new() { SessionId = await weather.OpenAsync() });
        await session.AttachAsync(new() { Reconnect = Patient });

        await weather.StopAsync();
        var voting = session.ProposeAsync("p1", "said while nobody was there");
        var waiting = session.WaitForAsync(projection => projection.Proposals.ContainsKey("p1"));
        await weather.ComeBackAsync();

        Assert.True((await voting.WaitAsync(Patience)).Ok);
        await waiting.WaitAsync(Patience);
        await weather.Ann.CancelSessionAsync(session.SessionId);
        Assert.Equal(SessionState.Cancelled, await session.WaitForEndAsync().WaitAsync(Patience));
        Assert.Equal(session.Projection.Transcript.Select(envelope => envelope.MessageId).Distinct(), session.Projection.Transcript.Select(envelope => envelope.MessageId));
        Assert.Equal(session.Projection.Transcript.Count + 1, await session.Changes.CountAsync());
    }

    [Fact]
    public async Task A_runtime_that_is_not_there_is_told_and_an_agent_that_waits_for_it_begins_when_it_comes()
    {
        await using var weather = await WatchedSessions.StartAsync();
        string id = await weather.OpenAsync();
        await weather.StopAsync();
        await using var client = Connect(weather.Proxy.Endpoint);
        await using var hasty = new DecisionSession(client, new() { SessionId = id });
        await using var patient = new DecisionSession(client, new() { SessionId = id });

        await Assert.ThrowsAsync<MacpTransportException>(() => hasty.AttachAsync(new() { Reconnect = MacpRetryPolicy.None }));
        Assert.Equal(3, (await Assert.ThrowsAsync<MacpRetryException>(() => hasty.AttachAsync(new() { Reconnect = Patient with { MaxRetries = 2 } }))).Attempts);
        var attaching = patient.AttachAsync(new() { Reconnect = Patient });
        await weather.ComeBackAsync();
        await attaching.WaitAsync(Patience);

        Assert.Equal("ann", patient.Projection.Session!.Initiator);
    }

    [Fact]
    public async Task A_session_goes_on_across_restarts_of_its_runtime_and_each_message_is_told_once()
    {
        await using var sessions = await WatchedSessions.StartAsync();
        string id = await sessions.OpenAsync();
        await using var client = new MacpClient(new() { Endpoint = sessions.Proxy.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("bob") });
        await using var session = new DecisionSession(client, new() { SessionId = id });
        await session.AttachAsync(new() { StateCheck = Timeout.InfiniteTimeSpan, Reconnect = Patient });
        await sessions.Ann.SuspendSessionAsync(id);
        await sessions.Ann.ResumeSessionAsync(id);

        for (int restart = 0; restart < 3; restart++)
        {
            await sessions.StopAsync();
            await sessions.ComeBackAsync();
            await new DecisionSession(sessions.Ann, new() { SessionId = id }).ProposeAsync($"p{restart}", "an option", call: new() { MessageId = $"m{restart}" });
            await session.WaitForAsync($"m{restart}").WaitAsync(Patience);
        }
        await sessions.Ann.CancelSessionAsync(id);

        Assert.Equal(SessionState.Cancelled, await session.WaitForEndAsync().WaitAsync(Patience));
        Assert.Equal(
            ["SessionStart", "SessionSuspend", "SessionResume", "Proposal", "Proposal", "Proposal", "SessionCancel"],
            (await session.Changes.ToListAsync()).Select(change => change.Envelope.MessageType));
    }

    static MacpClient Connect(Uri endpoint) => new(new() { Endpoint = endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("ann"), Retry = Patient });
}
