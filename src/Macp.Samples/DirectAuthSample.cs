using Macp.Client;
using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>
/// Direct authentication: each agent comes with a credential of its own, and the runtime says whom that is for. The initiator and the worker take part; the observer
/// reads everything, and may say nothing. Each credential names whom it is for, so that a mix-up is refused before anything is sent.
/// </summary>
static class DirectAuthSample
{
    /// <summary>The tokens of the server: whom each is for, and what it may.</summary>
    public const string Tokens = """
        [
          { "token": "planner-secret", "sender": "planner" },
          { "token": "worker-secret", "sender": "worker", "can_start_sessions": false },
          { "token": "auditor-secret", "sender": "auditor", "can_start_sessions": false, "is_observer": true }
        ]
        """;

    public static Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        return SampleStage.PlayAsync(cancellationToken,
            token => InitiateAsync(stage, id, token),
            token => WorkAsync(stage, id, token),
            token => ObserveAsync(stage, id, token));
    }

    // A runtime in development mode would know nobody by these, and it has no observers: this sample needs one that has the tokens.
    static MacpAuth Credential(string name) => MacpAuth.Bearer($"{name}-secret", expectedSender: name);

    static async Task InitiateAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var task = new TaskSession(stage.Connect(Credential("planner")), new() { SessionId = id });
        try
        {
            // The identity guard: this credential is the planner's, so that nothing goes out in the worker's name.
            await task.StartAsync(Start, new() { Sender = "worker" }, cancellationToken).ConfigureAwait(false);
        }
        catch (MacpIdentityMismatchException e)
        {
            await stage.TellAsync($"guarded: {e.Message}").ConfigureAwait(false);
        }
        await task.StartAsync(Start, cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.RequestAsync("t1", "Rotate the keys", requestedAssignee: "worker", cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.WaitForAsync(state => state.IsComplete("t1"), cancellationToken).ConfigureAwait(false);
        await task.CommitAsync(new() { Action = CommitmentActions.TaskCompleted, AuthorityScope = "the keys", Reason = "they are rotated" },
            cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    static async Task WorkAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var task = new TaskSession(stage.Connect(Credential("worker")), new() { SessionId = id });
        await task.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.WaitForAsync(state => state.Task is not null, cancellationToken).ConfigureAwait(false);
        await task.AcceptTaskAsync("t1", cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.CompleteAsync("t1", summary: "done", cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    static async Task ObserveAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var task = new TaskSession(stage.Connect(Credential("auditor")), new() { SessionId = id });
        await task.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        await task.WaitForAsync(state => state.Task is not null, cancellationToken).ConfigureAwait(false);
        // The client would refuse this by itself; the runtime's answer is what counts here.
        var refused = await task.AcceptTaskAsync("t1", call: new() { ThrowOnNack = false, ValidateLocally = false }, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (refused.Ok) throw new MacpException("an observer could take part");
        await stage.TellAsync("the observer may not take part; it reads:").ConfigureAwait(false);
        await task.WaitForEndAsync(cancellationToken).ConfigureAwait(false);
        foreach (var message in task.Projection.Transcript) await stage.TellAsync($"{message.Sender,-10}  {message.MessageType}").ConfigureAwait(false);
    }

    static SessionStartOptions Start { get; } = new() { Intent = "rotate the keys", Participants = ["worker"], TimeToLive = TimeSpan.FromMinutes(5) };
}
