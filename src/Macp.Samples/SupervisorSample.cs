using Macp.Client;
using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>
/// Supervisor: watches the sessions that it may read, across broken connections: those that it was invited to, as here, and for an observer all of them.
/// <c>macp sessions watch</c> is the same in a terminal.
/// </summary>
static class SupervisorSample
{
    public static async Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        // A runtime may have other sessions too.
        string[] ids = [SessionIds.New(), SessionIds.New(), SessionIds.New()];
        var watching = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = new DecisionSession(stage.Connect("worker"), new() { SessionId = ids[0] });
        await first.StartAsync(Start, cancellationToken: cancellationToken).ConfigureAwait(false);
        await SampleStage.PlayAsync(cancellationToken,
            token => SuperviseAsync(stage, ids, watching, token),
            token => WorkAsync(first, ids, watching.Task, token)).ConfigureAwait(false);
    }

    static SessionStartOptions Start { get; } = new() { Intent = "work", Participants = ["worker", "supervisor"], TimeToLive = TimeSpan.FromMinutes(5) };

    static async Task SuperviseAsync(SampleStage stage, string[] ids, TaskCompletionSource watching, CancellationToken cancellationToken)
    {
        await foreach (var change in new SessionLifecycleWatcher(stage.Connect("supervisor")).Changes(cancellationToken).ConfigureAwait(false))
        {
            int number = Array.IndexOf(ids, change.Session.SessionId) + 1;
            if (number == 0) continue;
            await stage.TellAsync($"session {number}  {change.Type}{(change.IsSnapshot ? ", there before the watch" : "")}").ConfigureAwait(false);
            watching.TrySetResult();
            if (change.IsTerminal && number == ids.Length) return;
        }
    }

    static async Task WorkAsync(DecisionSession decision, string[] ids, Task watching, CancellationToken cancellationToken)
    {
        // There when the supervisor came; it pauses, and is then done.
        await watching.WaitAsync(cancellationToken).ConfigureAwait(false);
        await decision.SuspendAsync("lunch", cancellationToken: cancellationToken).ConfigureAwait(false);
        await decision.ResumeAsync("work", cancellationToken: cancellationToken).ConfigureAwait(false);
        await decision.ProposeAsync("p1", "go", cancellationToken: cancellationToken).ConfigureAwait(false);
        await decision.CommitAsync(new() { Action = CommitmentActions.DecisionSelected, AuthorityScope = "the work", Reason = "nobody objects" }, cancellationToken: cancellationToken).ConfigureAwait(false);

        // Nobody goes on with this one.
        var abandoned = new TaskSession(decision.Client, new() { SessionId = ids[1] });
        await abandoned.StartAsync(Start, cancellationToken: cancellationToken).ConfigureAwait(false);
        await abandoned.CancelAsync("given up", cancellationToken: cancellationToken).ConfigureAwait(false);

        // And this one runs out of time.
        await new QuorumSession(decision.Client, new() { SessionId = ids[2] }).StartAsync(Start with { TimeToLive = TimeSpan.FromMilliseconds(50) }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
