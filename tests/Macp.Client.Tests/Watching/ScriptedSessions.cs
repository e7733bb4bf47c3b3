using Macp.Grpc;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Client.Tests;

/// <summary>A runtime whose sessions and streams are written down by a test: what is listed, and what each stream tells before it breaks.</summary>
sealed class ScriptedSessions : IAsyncDisposable
{
    readonly FakeRuntime _runtime;
    readonly Dictionary<string, SessionMetadata> _sessions = new(StringComparer.Ordinal);
    readonly List<Func<Task>> _streams = [];
    IGrpcStreamWriter<WatchSessionsResponse> _responses = null!;

    ScriptedSessions(FakeRuntime runtime)
    {
        _runtime = runtime;
        Client = runtime.Connect(MacpAuth.DevAgent("alice"), o => o with { TimeProvider = Time });
        runtime.OnListSessions = (_, call) => new(new ListSessionsResponse { Sessions = { _sessions.Values.Where(s => IsListed(s, call)) } });
        runtime.OnGetSession = (request, _) => new(new GetSessionResponse
        {
            Metadata = _sessions.TryGetValue(request.SessionId, out var session) ? session : throw new GrpcException(GrpcStatusCode.NotFound, "unknown"),
        });
        runtime.OnWatchSessions = async (responses, _) =>
        {
            _responses = responses;
            if (Opened == _streams.Count) throw new GrpcException(GrpcStatusCode.Unauthenticated, "the script is over");
            await _streams[Opened++]();
            throw new GrpcException(GrpcStatusCode.Unavailable, "cut");
        };
    }

    public MacpClient Client { get; }

    public HastyTime Time { get; } = new();

    public FakeRuntime Runtime => _runtime;

    /// <summary>How many streams were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>An older runtime lists what is in memory, in every state, whatever it is asked for.</summary>
    public bool ListsAll { get; set; }

    /// <summary>Whether the list of ended sessions can be asked for.</summary>
    public bool ListsFinished { get; set; } = true;

    public static async Task<ScriptedSessions> StartAsync() => new(await FakeRuntime.StartAsync());

    /// <summary>A session, started so many minutes after the clock's present.</summary>
    public SessionMetadata Put(string id, SessionState state = SessionState.Open, double started = 0) =>
        _sessions[id] = new() { SessionId = id, State = state, StartedAtUnixMs = Time.GetUtcNow().AddMinutes(started).ToUnixTimeMilliseconds() };

    public void Become(string id, SessionState state) => (_sessions[id] = _sessions[id].Clone()).State = state;

    public void Remove(string id) => _sessions.Remove(id);

    /// <summary>What the next stream does before it breaks.</summary>
    public void Stream(Func<Task> tells) => _streams.Add(tells);

    /// <summary>The stream tells what is open or suspended, and on an older runtime everything.</summary>
    public async Task SnapshotAsync()
    {
        foreach (var session in _sessions.Values.Where(s => ListsAll || !HasEnded(s))) await TellAsync(EventType.Created, session.SessionId);
    }

    /// <summary>The stream tells a change, with the session as it is by now.</summary>
    public async Task TellAsync(EventType type, string id, double observed = 0) => await _responses.WriteAsync(new()
    {
        Event = new() { EventType = type, Session = _sessions[id], ObservedAtUnixMs = Time.GetUtcNow().AddMinutes(observed).ToUnixTimeMilliseconds() },
    });

    public async Task WriteAsync(WatchSessionsResponse response) => await _responses.WriteAsync(response);

    /// <summary>Everything that is told until the script is over: a letter before what was there (=) or found by itself (~).</summary>
    public async Task<string> ToldAsync(WatchOptions? options = null)
    {
        var told = new List<string>();
        var failure = await Assert.ThrowsAsync<MacpTransportException>(() => new SessionLifecycleWatcher(Client, options).WatchAsync(change => told.Add(Describe(change))));
        Assert.Equal(GrpcStatusCode.Unauthenticated, failure.StatusCode);
        return string.Join(", ", told);
    }

    public static string Describe(SessionChange change) =>
        $"{(change.IsSnapshot ? "=" : "")}{(change.IsResynchronized ? "~" : "")}{change.Type} {change.Session.SessionId}";

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _runtime.DisposeAsync();
    }

    bool IsListed(SessionMetadata session, GrpcServerCall call) =>
        ListsAll || !HasEnded(session) || (ListsFinished && call.Header("macp-include-finished") == "1");

    static bool HasEnded(SessionMetadata session) => session.State is not (SessionState.Open or SessionState.Suspended);
}
