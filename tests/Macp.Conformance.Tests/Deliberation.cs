using Macp.Client;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Conformance.Tests;

/// <summary>A runtime, and a decision with three participants, each on a connection of its own.</summary>
sealed class Deliberation : IAsyncDisposable
{
    public const string Lead = "agent://lead", Security = "agent://security", Reliability = "agent://reliability";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly List<Task> _following = [];

    Deliberation(TestRuntime runtime) => Runtime = runtime;

    public TestRuntime Runtime { get; }

    public required DecisionSession AsLead { get; init; }
    public required DecisionSession AsSecurity { get; init; }
    public required DecisionSession AsReliability { get; init; }

    public IReadOnlyList<DecisionSession> Everybody => [AsLead, AsSecurity, AsReliability];

    /// <summary>Starts the session as the lead; the others join it by its id.</summary>
    public static async Task<Deliberation> BeginAsync(TestClock? clock = null, SessionOptions? options = null)
    {
        var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), clock);
        var lead = new DecisionSession(runtime.Connect(Lead), options);
        await lead.StartAsync(new() { Intent = "ship the release", Participants = [Lead, Security, Reliability], TimeToLive = TimeSpan.FromMinutes(5) });
        return new(runtime)
        {
            AsLead = lead,
            AsSecurity = new(runtime.Connect(Security), new() { SessionId = lead.SessionId }),
            AsReliability = new(runtime.Connect(Reliability), new() { SessionId = lead.SessionId }),
        };
    }

    /// <summary>Every participant follows the session from its start on.</summary>
    public Deliberation Followed()
    {
        _following.AddRange(Everybody.Select(FollowAsync));
        return this;
    }

    /// <summary>Completes when everybody has read the session to its end.</summary>
    public Task EndedAsync() => Task.WhenAll(_following).WaitAsync(Patience);

    public static CommitOptions Selected { get; } = new() { Action = "decision.selected", AuthorityScope = "release", Reason = "two approvals, no veto" };

    /// <summary>The state that the runtime's own history folds to, by the mode's handler.</summary>
    public Task<string> RuntimeStateAsync() => RuntimeFold.StateAsync(Runtime, Lead, AsLead.SessionId);

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();

    static async Task FollowAsync(DecisionSession session)
    {
        await foreach (var _ in session.FollowAsync()) { }
    }
}
