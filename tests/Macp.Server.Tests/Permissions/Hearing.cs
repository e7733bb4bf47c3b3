using Macp.Grpc;
using Macp.Wire.V1;
using Change = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Server.Tests;

/// <summary>What every caller is told of sessions that it did not ask for by name: by watches that began before them, by watches that begin late, and by lists.</summary>
sealed class Hearing : IAsyncDisposable
{
    public const string Listed = "listed", ListedFinished = "listed with what has ended", There = "there at first", Happened = "happened", Progress = "progress";

    readonly TestRuntime _runtime;
    readonly Dictionary<string, Watch<WatchSessionsResponse>> _changes = [];
    readonly Dictionary<string, Watch<WatchSignalsResponse>> _signals = [];
    readonly Dictionary<(string What, string Caller), HashSet<string>> _told = [];
    readonly Dictionary<(string What, string Caller), string> _refused = [];

    Hearing(TestRuntime runtime) => _runtime = runtime;

    public static async Task<Hearing> BeginAsync(TestRuntime runtime)
    {
        var hearing = new Hearing(runtime);
        foreach (string caller in Callers.All)
        {
            hearing._changes[caller] = await runtime.WatchAsync(Rpc.WatchSessions, Callers.Credential(caller));
            hearing._signals[caller] = await runtime.WatchAsync(Rpc.WatchSignals, Callers.Credential(caller));
        }
        return hearing;
    }

    /// <summary>Whether the caller was told, or the status that it had instead. A Signal is of the session "".</summary>
    public string Of(string what, string caller, string session) =>
        _refused.GetValueOrDefault((what, caller)) ?? (_told[(what, caller)].Contains(session) ? "told" : "not told");

    /// <summary>Says what there is to hear, and listens to the end of it.</summary>
    /// <param name="sessions">The sessions by their states.</param>
    public async Task EndAsync(IReadOnlyDictionary<string, string> sessions)
    {
        foreach (string session in sessions.Values) await _runtime.AcceptsAsync("t-participant", Envelopes.Of(session, "Progress"));
        await _runtime.AcceptsAsync("t-participant", Envelopes.Of("", "Signal", mode: ""));
        string last = await FenceAsync();

        foreach (string caller in Callers.All)
        {
            string credential = Callers.Credential(caller)!;
            await HearAsync(Listed, caller, async () => (await _runtime.PagesAsync(credential, 1000)).SelectMany(page => page));
            await HearAsync(ListedFinished, caller, async () => (await _runtime.PagesAsync(credential, 1000, ("macp-include-finished", "1"))).SelectMany(page => page));
            await HearAsync(Happened, caller, async () => (await _changes[caller].BeforeAsync(next => next.Event.Session.SessionId == last))
                .Where(next => sessions[StateOf(next.Event.EventType)] == next.Event.Session.SessionId).Select(next => next.Event.Session.SessionId));
            await HearAsync(There, caller, async () =>
            {
                await using var late = await _runtime.WatchAsync(Rpc.WatchSessions, credential);
                string next = await FenceAsync(); // what it finds is in no order, and comes before what happens
                return (await late.BeforeAsync(told => told.Event.Session.SessionId == next)).Select(told => told.Event.Session.SessionId);
            });
            await HearAsync(Progress, caller, async () => (await _signals[caller].BeforeAsync(next => next.Envelope.MessageType == "Signal")).Select(next => next.Envelope.SessionId).Append(""));
        }
    }

    /// <summary>Starts a session that everybody may read.</summary>
    async Task<string> FenceAsync()
    {
        string session = Envelopes.NewSession();
        await _runtime.AcceptsAsync("t-initiator", Stage.Start(session, "", Callers.Stranger, Callers.Committer, Callers.Manager));
        return session;
    }

    async Task HearAsync(string what, string caller, Func<Task<IEnumerable<string>>> listen)
    {
        try
        {
            _told[(what, caller)] = [.. await listen()];
        }
        catch (GrpcException e)
        {
            _refused[(what, caller)] = Answers.Of(e);
        }
    }

    static string StateOf(Change change) => change switch
    {
        Change.Created => States.Open,
        Change.Suspended => States.Suspended,
        Change.Resolved => States.Resolved,
        Change.Cancelled => States.Cancelled,
        _ => States.Expired,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _changes.Values) await watch.DisposeAsync();
        foreach (var watch in _signals.Values) await watch.DisposeAsync();
    }
}
