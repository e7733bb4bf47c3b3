using Google.Protobuf;
using Macp.Grpc;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Client.Tests;

public class WatchTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    public static TheoryData<string, Func<MacpClient, CancellationToken, IAsyncEnumerable<object>>> Watches => new()
    {
        { "WatchSessions", (client, token) => client.WatchSessionsAsync(cancellationToken: token) },
        { "WatchSignals", (client, token) => client.WatchSignalsAsync(cancellationToken: token) },
        { "WatchModeRegistry", (client, token) => client.WatchModeRegistryAsync(cancellationToken: token) },
        { "WatchRoots", (client, token) => client.WatchRootsAsync(cancellationToken: token) },
    };

    [Fact]
    public async Task What_happens_to_sessions_is_told_in_words()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        EventType[] types = [EventType.Created, EventType.Resolved, EventType.Expired, EventType.Suspended, EventType.Resumed, EventType.Cancelled, (EventType)7];
        runtime.OnWatchSessions = async (responses, _) =>
        {
            await responses.WriteAsync(new() { Event = new() { EventType = EventType.Created } });
            await responses.WriteAsync(new());
            foreach (var type in types) await responses.WriteAsync(new() { Event = Happened(type) });
        };

        var changes = await AllAsync(client.WatchSessionsAsync());

        Assert.Equal(["CREATED", "RESOLVED", "EXPIRED", "SUSPENDED", "RESUMED", "CANCELLED", "7"], changes.Select(c => c.Type));
        Assert.Equal(
            [
                (true, false, false, false, false, false), (false, true, false, false, false, false), (false, false, true, false, false, false), (false, false, false, true, false, false),
                (false, false, false, false, true, false), (false, false, false, false, false, true), (false, false, false, false, false, false),
            ],
            changes.Select(c => (c.IsCreated, c.IsResolved, c.IsExpired, c.IsSuspended, c.IsResumed, c.IsCancelled)));
        Assert.Equal([false, true, true, false, false, true, false], changes.Select(c => c.IsTerminal));
        Assert.All(changes, c => Assert.Equal(("s", 9L), (c.Session.SessionId, c.ObservedAt!.Value.ToUnixTimeMilliseconds())));
        Assert.Equal(types.Select(Happened), changes.Select(c => c.Event));
        Assert.Equal("Bearer alice", Assert.Single(runtime.Credentials));

        static SessionLifecycleEvent Happened(EventType type) => new() { EventType = type, Session = new() { SessionId = "s" }, ObservedAtUnixMs = 9 };
    }

    [Fact]
    public async Task Signals_and_progress_are_read_and_nonsense_does_not_end_the_watch()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var signal = new MacpSignal("anomaly") { Data = ByteString.CopyFromUtf8("!"), Confidence = 0.5, CorrelationSessionId = "s" };
        var progress = new MacpProgress("build", 1, 3) { Message = "half", TargetMessageId = "m", SessionId = "s", Mode = "ext.notes.v1" };
        Envelope[] envelopes =
        [
            new() { MessageType = "Signal", Sender = "bob", Payload = signal.ToPayload().ToByteString() },
            new() { MessageType = "Signal", Sender = "eve", Payload = ByteString.CopyFrom(0xff) },
            new() { MessageType = "Signal", Sender = "bob" },
            new() { MessageType = "Progress", Sender = "carol", SessionId = "s", Mode = "ext.notes.v1", Payload = progress.ToPayload().ToByteString() },
            new() { MessageType = "Progress", Sender = "eve", Payload = ByteString.CopyFrom(0x0a, 0x7f) },
            new() { MessageType = "Other", Sender = "dan", Payload = signal.ToPayload().ToByteString() },
        ];
        runtime.OnWatchSignals = async (responses, _) =>
        {
            await responses.WriteAsync(new());
            foreach (var envelope in envelopes) await responses.WriteAsync(new() { Envelope = envelope });
        };

        var heard = await AllAsync(client.WatchSignalsAsync());

        Assert.Equal(envelopes, heard.Select(m => m.Envelope));
        Assert.Equal(["bob", "eve", "bob", "carol", "eve", "dan"], heard.Select(m => m.Sender));
        Assert.Equal([signal, null, null, null, null, null], heard.Select(m => m.Signal));
        Assert.Equal([null, null, null, progress, null, null], heard.Select(m => m.Progress));
    }

    [Fact]
    public async Task A_watch_of_a_registry_tells_what_is_there_from_what_changed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnWatchModeRegistry = async (responses, _) =>
        {
            await responses.WriteAsync(new() { Change = new() { Registry = "modes", ObservedAtUnixMs = 1 } });
            await responses.WriteAsync(new());
        };
        runtime.OnWatchRoots = async (responses, _) =>
        {
            await responses.WriteAsync(new() { Change = new() { ObservedAtUnixMs = 1 } });
            await responses.WriteAsync(new());
        };

        var one = DateTimeOffset.FromUnixTimeMilliseconds(1);
        Assert.Equal([new("modes", true, one), new("", false, null)], await AllAsync(client.WatchModeRegistryAsync()));
        Assert.Equal([new(true, one), new(false, null)], await AllAsync(client.WatchRootsAsync()));
        Assert.Equal(["Bearer alice", "Bearer alice"], runtime.Credentials);
    }

    [Theory]
    [MemberData(nameof(Watches))]
    public async Task Every_watch_needs_a_credential_and_says_how_it_broke(string name, Func<MacpClient, CancellationToken, IAsyncEnumerable<object>> watch)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        await using var nobody = runtime.Connect();
        Always(runtime, _ => throw new GrpcException(GrpcStatusCode.ResourceExhausted, "fell behind"));

        var failure = await Assert.ThrowsAsync<MacpTransportException>(() => AllAsync(watch(client, default)));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, failure.StatusCode);
        Assert.StartsWith(name, failure.Message, StringComparison.Ordinal);
        Assert.Contains("fell behind", failure.Message, StringComparison.Ordinal);
        Assert.Contains(name, (await Assert.ThrowsAsync<MacpConfigurationException>(() => AllAsync(watch(nobody, default)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Watches))]
    public async Task A_callers_token_ends_a_watch_and_the_call(string _, Func<MacpClient, CancellationToken, IAsyncEnumerable<object>> watch)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        Always(runtime, async call =>
        {
            call.CancellationToken.Register(ended.SetResult);
            begun.SetResult();
            await ended.Task;
        });
        using var stop = new CancellationTokenSource();

        var watching = AllAsync(watch(client, stop.Token));
        await begun.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        await ended.Task;
    }

    static void Always(FakeRuntime runtime, Func<GrpcServerCall, Task> answer)
    {
        runtime.OnWatchSessions = (_, call) => answer(call);
        runtime.OnWatchSignals = (_, call) => answer(call);
        runtime.OnWatchModeRegistry = (_, call) => answer(call);
        runtime.OnWatchRoots = (_, call) => answer(call);
    }

    static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items) all.Add(item);
        return all;
    }
}
