using Macp.Grpc;

namespace Macp.Client.Tests;

/// <summary>Each of the watchers, as what all of them can do.</summary>
public sealed class Watcher(
    string name, Func<MacpClient, WatchOptions?, CancellationToken, IAsyncEnumerable<object>> changes,
    Func<MacpClient, WatchOptions?, Func<object, CancellationToken, Task>, CancellationToken, Task> watch, Func<MacpClient, CancellationToken, Task<object>> next)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Watcher> All =>
    [
        Of("WatchSessions", (client, options) => new SessionLifecycleWatcher(client, options)), Of("WatchSignals", (client, options) => new SignalWatcher(client, options)),
        Of("WatchPolicies", (client, options) => new PolicyWatcher(client, options)), Of("WatchModeRegistry", (client, options) => new ModeRegistryWatcher(client, options)),
        Of("WatchRoots", (client, options) => new RootsWatcher(client, options)),
    ];

    public IAsyncEnumerable<object> Changes(MacpClient client, WatchOptions? options = null, CancellationToken cancellationToken = default) => changes(client, options, cancellationToken);

    public Task WatchAsync(MacpClient client, Func<object, CancellationToken, Task> handler, CancellationToken cancellationToken = default) => watch(client, null, handler, cancellationToken);

    public Task<object> NextAsync(MacpClient client, CancellationToken cancellationToken = default) => next(client, cancellationToken);

    public override string ToString() => name;

    /// <summary>The runtime serves every watch by this, given the number of the stream from 1 and what tells one thing.</summary>
    internal static void Serve(FakeRuntime runtime, Func<int, Func<Task>, GrpcServerCall, Task> serve)
    {
        int streams = 0, told = 0;
        runtime.OnWatchSessions = (responses, call) => serve(++streams, async () => await responses.WriteAsync(new()
        {
            Event = new() { EventType = SessionLifecycleEvent.Types.EventType.Created, Session = new() { SessionId = $"s{++told}", State = SessionState.Open } },
        }), call);
        runtime.OnWatchSignals = (responses, call) => serve(++streams, async () => await responses.WriteAsync(new() { Envelope = new() { MessageType = "Signal" } }), call);
        runtime.OnWatchPolicies = (responses, call) => serve(++streams, async () => await responses.WriteAsync(new() { Descriptors = { new PolicyDescriptor { PolicyId = $"p{++told}" } } }), call);
        runtime.OnWatchModeRegistry = (responses, call) => serve(++streams, async () => await responses.WriteAsync(new() { Change = new() { Registry = "modes" } }), call);
        runtime.OnWatchRoots = (responses, call) => serve(++streams, async () => await responses.WriteAsync(new() { Change = new() }), call);
        // Whatever was told of stays.
        runtime.OnGetSession = (request, _) => new(new GetSessionResponse { Metadata = new() { SessionId = request.SessionId, State = SessionState.Open } });
    }

    static Watcher Of<T>(string name, Func<MacpClient, WatchOptions?, MacpWatcher<T>> make)
        where T : class => new(
        name, (client, options, token) => make(client, options).Changes(token), (client, options, handler, token) => make(client, options).WatchAsync((told, t) => handler(told, t), token),
        async (client, token) => await make(client, null).NextAsync(token));
}
