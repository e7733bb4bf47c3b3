using Macp.Client;
using Macp.Modes.Standard;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Samples.Tests.Seeds;

/// <summary>The examples of "Session Classes API Reference", line by line.</summary>
public class SessionExampleTests
{
    [Fact]
    public async Task One_process_acts_on_behalf_of_several_agents_in_the_same_session()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var session = new DecisionSession(runtime.Connect("coordinator"));
        await session.StartAsync(new() { Intent = "deploy", Participants = ["coordinator", "alice"], TimeToLive = TimeSpan.FromMinutes(1) });
        await session.ProposeAsync("p1", "roll out");

        await session.VoteAsync(
            proposalId: "p1",
            vote: "approve",
            call: new()
            {
                Sender = "alice", // populate envelope.sender
                Auth = MacpAuth.DevAgent("alice"), // use alice's credentials for this call
            });

        Assert.Equal("alice", Assert.Single(session.Projection.Votes["p1"]).Key);
    }

    /// <summary>"start(input), mode-specific methods, commit(input)", "metadata(auth?)", "session.projection", with every field of the page.</summary>
    [Fact]
    public async Task Every_session_starts_goes_through_its_methods_and_commits()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var session = new DecisionSession(runtime.Connect("coordinator"), new()
        {
            SessionId = Guid.NewGuid().ToString(), // default: auto-generated UUIDv4
            ModeVersion = "1.0.0", // default: '1.0.0'
            ConfigurationVersion = "config.default", // default: 'config.default'
            PolicyVersion = "policy.default", // default: 'policy.default'
            Auth = MacpAuth.DevAgent("coordinator"), // default: uses client.auth
        });
        await session.StartAsync(new()
        {
            Intent = "deploy", // session purpose
            Participants = ["coordinator", "alice"], // participant identifiers
            TimeToLive = TimeSpan.FromMilliseconds(60_000), // time-to-live in milliseconds
            Context = "what the session is about", // optional bound context
            Roots = [new("https://example.com/releases/7", "release 7")], // optional coordination roots
        }, new() { Sender = "coordinator" /* optional sender override */ });
        await session.ProposeAsync("p1", "roll out");
        await session.CommitAsync(new()
        {
            Action = "deployment.approved", // outcome descriptor
            AuthorityScope = "release", // scope of authority
            Reason = "nobody objects", // auditable reason
            CommitmentId = Guid.NewGuid().ToString(), // default: auto-generated UUID
        }, new() { Sender = "coordinator", Auth = MacpAuth.DevAgent("coordinator") });

        Assert.Equal(SessionState.Resolved, (await session.MetadataAsync()).State);
        Assert.True(session.Projection.IsCommitted);
        Assert.Equal("deployment.approved", session.Projection.Commitment!.Action);
    }

    /// <summary>"throws MacpAckError on nack", "on success, applies the envelope to the projection", "rejected messages are never applied to the projection".</summary>
    [Fact]
    public async Task A_refused_message_is_thrown_and_never_applied()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var session = new DecisionSession(runtime.Connect("coordinator"));
        await session.StartAsync(new() { Intent = "deploy", Participants = ["coordinator", "alice"], TimeToLive = TimeSpan.FromMinutes(1) });
        await session.ProposeAsync("p1", "roll out");

        var refused = await Assert.ThrowsAsync<MacpNackException>(() => session.ProposeAsync("p1", "again"));

        Assert.Equal(Macp.Protocol.ErrorCode.InvalidEnvelope, refused.Code);
        Assert.Equal("roll out", Assert.Single(session.Projection.Proposals).Value.Option);
        Assert.Equal(2, session.Projection.Transcript.Count);
    }
}
