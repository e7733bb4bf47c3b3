using Macp.Grpc;

namespace Macp.Client.Tests;

/// <summary>What is there, what changed, and what is told after a break, of policies, modes and roots; and the signals, of which none of this is known.</summary>
public class RegistryWatcherTests
{
    static readonly PolicyDescriptor One = new() { PolicyId = "one" }, Two = new() { PolicyId = "two" };

    [Fact]
    public async Task Policies_are_told_after_a_break_only_where_they_changed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        PolicyDescriptor[][][] streams = [[[One], [One, Two]], [[Two, One], [Two, One]], [[Two]], []];
        int opened = 0;
        runtime.OnWatchPolicies = async (responses, _) =>
        {
            foreach (var policies in streams[opened++]) await responses.WriteAsync(new() { Descriptors = { policies }, ObservedAtUnixMs = opened });
            throw new GrpcException(opened < streams.Length ? GrpcStatusCode.Unavailable : GrpcStatusCode.Unauthenticated, "bye");
        };
        var told = new List<PolicyChange>();

        await Assert.ThrowsAsync<MacpTransportException>(() => new PolicyWatcher(client).WatchAsync(told.Add));

        Assert.Equal(
            ["one: snapshot 1", "one two: change 1", "two one: change 2", "two: resynchronized 3"],
            told.Select(c => $"{string.Join(' ', c.Policies.Select(p => p.PolicyId))}: {Kind(c.IsSnapshot, c.IsResynchronized)} {c.ObservedAt!.Value.ToUnixTimeMilliseconds()}"));
    }

    [Fact]
    public async Task The_registry_of_modes_and_the_roots_tell_a_break_from_a_change()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, async (stream, tell, _) =>
        {
            await tell();
            if (stream is 1 or 3 or 4 or 6) await tell();
            throw new GrpcException(stream is 3 or 6 ? GrpcStatusCode.Unauthenticated : GrpcStatusCode.Unavailable, "bye");
        });
        List<string> modes = [], roots = [];

        await Assert.ThrowsAsync<MacpTransportException>(() => new ModeRegistryWatcher(client).WatchAsync(c => modes.Add(Kind(c.IsSnapshot, c.IsResynchronized))));
        await Assert.ThrowsAsync<MacpTransportException>(() => new RootsWatcher(client).WatchAsync(c => roots.Add(Kind(c.IsSnapshot, c.IsResynchronized))));

        Assert.Equal(["snapshot", "change", "resynchronized", "resynchronized", "change"], modes);
        Assert.Equal(modes, roots);
    }

    [Fact]
    public async Task A_break_before_anything_was_told_leaves_the_snapshot_a_snapshot()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, (stream, tell, _) => stream is 1 ? throw new GrpcException(GrpcStatusCode.Unavailable, "not yet") : tell());
        Assert.Equal((true, false), (await new PolicyWatcher(client).FirstAsync() is var c ? (c.IsSnapshot, c.IsResynchronized) : default));
    }

    [Fact]
    public async Task The_next_change_is_not_what_was_there()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        Watcher.Serve(runtime, async (_, tell, _) =>
        {
            await tell();
            await tell();
        });

        Assert.False((await new PolicyWatcher(client).NextAsync()).IsSnapshot);
        Assert.False((await new ModeRegistryWatcher(client).NextAsync()).IsSnapshot);
        Assert.False((await new RootsWatcher(client).NextAsync()).IsSnapshot);
        Assert.True((await new PolicyWatcher(client).FirstAsync()).IsSnapshot);
        Assert.Equal("Signal", (await new SignalWatcher(client).NextAsync()).Envelope.MessageType);
    }

    [Fact]
    public async Task Signals_are_heard_as_they_come_and_frames_without_one_are_nothing()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnWatchSignals = async (responses, _) =>
        {
            await responses.WriteAsync(new());
            await responses.WriteAsync(new() { Envelope = new() { MessageType = "Progress", Sender = "bob" } });
        };

        await foreach (var message in new SignalWatcher(client, new() { Call = new() { Auth = MacpAuth.DevAgent("carol"), Headers = new Dictionary<string, string> { ["x-trace"] = "t" } } }).Signals())
        {
            Assert.Equal("bob", message.Sender);
            break;
        }

        Assert.Equal("Bearer carol", Assert.Single(runtime.Credentials));
        Assert.Equal("t", Assert.Single(runtime.Headers).Get("x-trace"));
    }

    static MacpClient Connect(FakeRuntime runtime) => runtime.Connect(MacpAuth.DevAgent("alice"), o => o with { TimeProvider = new HastyTime() });

    static string Kind(bool isSnapshot, bool isResynchronized) => (isSnapshot, isResynchronized) switch
    {
        (true, false) => "snapshot",
        (false, true) => "resynchronized",
        (false, false) => "change",
        _ => "both",
    };
}
