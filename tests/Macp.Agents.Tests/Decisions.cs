using Macp.Client;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Agents.Tests;

/// <summary>A runtime with a decision in it: alice starts it, alice and bob take part.</summary>
sealed class Decisions : IAsyncDisposable
{
    Decisions(TestRuntime runtime) => Runtime = runtime;

    public TestRuntime Runtime { get; }

    public string SessionId { get; } = Macp.Protocol.SessionIds.New();

    public static async Task<Decisions> StartAsync(TimeProvider? clock = null) => new(await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), clock));

    public static SessionStartOptions Start { get; } = new() { Intent = "choose a day", Participants = ["alice", "bob"], TimeToLive = TimeSpan.FromMinutes(5) };

    public static CommitOptions Outcome { get; } = new() { Action = "day.chosen", AuthorityScope = "the team", Reason = "agreed" };

    /// <summary>A session object of this participant, which is not attached.</summary>
    public DecisionSession Of(string participant) => new(Runtime.Connect(participant), new() { SessionId = SessionId });

    /// <summary>A participant that joins.</summary>
    public MacpParticipant<DecisionSession> Join(string participant, ParticipantOptions? options = null) => new(Of(participant), options);

    /// <summary>The session, started by alice, with one proposal in it.</summary>
    public async Task<DecisionSession> ProposedAsync()
    {
        var alice = Of("alice");
        await alice.StartAsync(Start);
        await alice.ProposeAsync("p1", "monday");
        return alice;
    }

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
