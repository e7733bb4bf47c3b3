using System.Net;
using Macp.Agents;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Samples;

/// <summary>
/// Cancel callback: an agent opens an HTTP endpoint while it takes part. Whoever runs the agents posts to it, and the agent, which started the session, cancels that
/// for everybody; the one that waits for work learns of it by its stream.
/// </summary>
static class CancelCallbackSample
{
    const string Secret = "shared-by-the-agent-and-whoever-runs-it";

    public static async Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        var opened = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SampleStage.PlayAsync(cancellationToken,
            token => stage.NarrateAsync(new DecisionSession(stage.Connect("agent"), new() { SessionId = id }), token, SessionState.Cancelled),
            token => AgentAsync(stage, id, opened, token),
            token => WorkerAsync(stage, id, token),
            token => ControlAsync(opened.Task, token)).ConfigureAwait(false);
        await stage.TellAsync("the callback took the secret, and nobody without it").ConfigureAwait(false);
    }

    static async Task AgentAsync(SampleStage stage, string id, TaskCompletionSource<Uri> opened, CancellationToken cancellationToken)
    {
        var agent = new MacpParticipant<DecisionSession>(new(stage.Connect("agent"), new() { SessionId = id }), new()
        {
            Initiator = new() { Start = new() { Intent = "a long run", Participants = ["agent", "worker"], TimeToLive = TimeSpan.FromMinutes(5) } },
            CancelCallback = new() { SharedSecret = Secret },
        });
        agent.On(MessageTypes.SessionStart, (_, _) =>
        {
            opened.SetResult(agent.CancelAddress!);
            return Task.CompletedTask;
        });
        var result = await agent.RunAsync(cancellationToken).ConfigureAwait(false);
        if (result.State is not SessionState.Cancelled) throw new MacpException($"the agent was to be cancelled, and its session is {result.State}");
    }

    /// <summary>Waits for work that never comes.</summary>
    static async Task WorkerAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var decision = new DecisionSession(stage.Connect("worker"), new() { SessionId = id });
        await decision.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            await decision.WaitForAsync(state => state.Proposals.Count > 0, cancellationToken).ConfigureAwait(false);
        }
        catch (MacpSessionEndedException e) when (e.State is SessionState.Cancelled)
        {
            // Nothing is left to do; an agent tidies up here.
        }
    }

    /// <summary>Whoever runs the agents, and gives this run up.</summary>
    static async Task ControlAsync(Task<Uri> opened, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var callback = await opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        var (stranger, control) = (await PostAsync("a guess").ConfigureAwait(false), await PostAsync(Secret).ConfigureAwait(false));
        if ((stranger, control) is not (HttpStatusCode.Unauthorized, HttpStatusCode.Accepted)) throw new MacpException($"the callback answered {stranger}, then {control}");

        async Task<HttpStatusCode> PostAsync(string secret)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, callback) { Content = new StringContent("""{"runId":"run-1","reason":"the budget is used up"}""") };
            request.Headers.Add(new CancelCallbackOptions().SecretHeader, secret);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.StatusCode;
        }
    }
}
