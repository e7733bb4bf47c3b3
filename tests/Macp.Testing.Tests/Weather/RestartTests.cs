using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Testing.Tests.Weather;

/// <summary>A session that is followed while its runtime is stopped, as hosts stop it, and started again.</summary>
public class RestartTests
{
    static readonly FollowOptions Stubborn = new()
    {
        StateCheck = Timeout.InfiniteTimeSpan,
        Reconnect = new FollowOptions().Reconnect with { MaxRetries = 1000, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(50) },
    };

    [Fact]
    public async Task A_session_goes_on_across_restarts_of_its_runtime_and_each_message_is_told_once()
    {
        await using var sessions = await WatchedSessions.StartAsync();
        string id = await sessions.OpenAsync();
        await using var client = new MacpClient(new() { Endpoint = sessions.Proxy.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("bob") });
        await using var session = new DecisionSession(client, new() { SessionId = id });
        await session.AttachAsync(Stubborn);
        await sessions.Ann.SuspendSessionAsync(id);
        await sessions.Ann.ResumeSessionAsync(id);

        for (int restart = 0; restart < 3; restart++)
        {
            await sessions.StopAsync();
            await sessions.ComeBackAsync();
            await new DecisionSession(sessions.Ann, new() { SessionId = id }).ProposeAsync($"p{restart}", "an option", call: new() { MessageId = $"m{restart}" });
            await session.WaitForAsync($"m{restart}").WaitAsync(TimeSpan.FromSeconds(60));
        }
        await sessions.Ann.CancelSessionAsync(id);

        Assert.Equal(SessionState.Cancelled, await session.WaitForEndAsync().WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(
            ["SessionStart", "SessionSuspend", "SessionResume", "Proposal", "Proposal", "Proposal", "SessionCancel"],
            (await session.Changes.ToListAsync()).Select(change => change.Envelope.MessageType));
    }
}
