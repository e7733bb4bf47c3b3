using Macp.Client;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Cli.Tests.Live;

/// <summary>Sessions for the commands to look at, and the commands' way to their runtime.</summary>
static class Decisions
{
    public static Task<TestRuntime> HostAsync() => TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());

    public static Task<DecisionSession> StartAsync(this TestRuntime runtime, string initiator, params string[] participants) =>
        runtime.StartAsync(initiator, new SessionOptions(), participants);

    public static async Task<DecisionSession> StartAsync(this TestRuntime runtime, string initiator, SessionOptions options, params string[] participants)
    {
        var session = new DecisionSession(runtime.Connect(initiator), options);
        await session.StartAsync(new() { Intent = "test", Participants = participants, TimeToLive = TimeSpan.FromMinutes(5) });
        return session;
    }

    public static Task<MacpAck> CommitAsync(this DecisionSession session) =>
        session.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "test", Reason = "done" });

    public static Task<Invocation> RunAsync(this TestRuntime runtime, string name, params string[] args) => RunAsync(runtime.Endpoint, name, args);

    public static Task<Invocation> RunAsync(Uri runtime, string name, params string[] args) => Invocation.OfAsync([.. args, "--endpoint", runtime.Authority, "--token", name]);
}
