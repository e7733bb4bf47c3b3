using Google.Protobuf;
using Macp.Grpc;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>WatchSignals: the ambient plane, from the watching's beginning on (runtime-semantics 1.8 and 3.6; decisions 18).</summary>
public sealed class WatchSignalsTests
{
    [Fact]
    public async Task A_signal_is_told_to_everybody_as_it_came_with_its_sender()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.AcceptsAsync("alice", Signal("before")); // nobody watches yet, and nothing is kept
        await using var own = await runtime.WatchAsync(Rpc.WatchSignals, "alice");
        await using var stranger = await runtime.WatchAsync(Rpc.WatchSignals, "mallory");
        var signal = Signal("s").With(e => e.TimestampUnixMs = -7);

        await runtime.AcceptsAsync("alice", signal);
        await runtime.AcceptsAsync("alice", signal); // there are no duplicates of what is not kept

        foreach (var watch in (Watch<WatchSignalsResponse>[])[own, own, stranger, stranger])
            Assert.Equal(new Envelope(signal) { Sender = "alice" }, (await watch.NextAsync()).Envelope);
    }

    [Fact]
    public async Task A_refused_signal_is_not_told_nor_is_anything_of_a_session()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSignals, "alice");
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Signal("x").With(e => e.SessionId = Envelopes.NewSession()));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "bob", Signal("x").With(e => e.Payload = new SignalPayload { SignalType = " " }.ToByteString()));
        await runtime.RefusesAsync("UNAUTHENTICATED", null, Signal("x"));
        await runtime.RefusesAsync("UNAUTHENTICATED", "bob", Signal("x").With(e => e.Sender = "alice"));
        await runtime.DeliberateAsync();

        Assert.Empty(await ToldAsync(runtime, watch));
    }

    [Theory]
    [InlineData("ini", true)]
    [InlineData("alice", true)]
    [InlineData("olga", true)]
    [InlineData("ops", false)]
    [InlineData("mallory", false)]
    public async Task The_progress_of_a_session_is_for_those_who_may_read_it(string watcher, bool isTold)
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());
        string session = await runtime.OpenAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSignals, watcher);

        await runtime.AcceptsAsync("bob", Envelopes.Of(session, "Progress", new ProgressPayload { Progress = 1 }, id: "p"));

        Assert.Equal(isTold ? ["p"] : [], await ToldAsync(runtime, watch));
    }

    [Theory]
    [InlineData("bob", true)]
    [InlineData("olga", true)]
    [InlineData("alice", false)]
    public async Task The_progress_of_a_session_that_nobody_knows_is_for_its_sender_and_observers(string watcher, bool isTold)
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());
        await using var watch = await runtime.WatchAsync(Rpc.WatchSignals, watcher);

        await runtime.AcceptsAsync("bob", Envelopes.Of(Envelopes.NewSession(), "Progress", id: "p"));

        Assert.Equal(isTold ? ["p"] : [], await ToldAsync(runtime, watch));
    }

    [Fact]
    public async Task Progress_that_came_on_a_stream_or_belongs_to_no_session_is_told_too()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSignals, "carol");
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(Envelopes.Of(session, "Progress", id: "streamed"));
        Assert.Equal("streamed", (await watch.NextAsync()).Envelope.MessageId);
        await runtime.AcceptsAsync("mallory", Envelopes.Of("", "Progress", mode: "", id: "ambient"));
        Assert.Equal("ambient", (await watch.NextAsync()).Envelope.MessageId);
    }

    [Theory]
    [InlineData(1_000_000, 1)]
    [InlineData(1, 1_000_000)] // nor may what stands around a payload fill the memory
    public async Task A_watcher_that_does_not_read_is_told_that_it_fell_behind(int payload, int messageId)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSignals, "alice");
        var large = new SignalPayload { SignalType = "large", Data = ByteString.CopyFrom(new byte[payload]) };
        for (int i = 0; i < 40; i++) await runtime.AcceptsAsync("bob", Envelopes.Of("", "Signal", large, id: new('x', messageId), mode: ""));

        await watch.BeforeAsync(_ => false).FailsWith(GrpcStatusCode.ResourceExhausted);
    }

    static Envelope Signal(string type) => Envelopes.Of("", "Signal", new SignalPayload { SignalType = type, Data = ByteString.CopyFrom(0, 255) }, mode: "");

    /// <summary>The ids of what was told up to now.</summary>
    static async Task<IEnumerable<string>> ToldAsync(TestRuntime runtime, Watch<WatchSignalsResponse> watch)
    {
        var fence = Signal("fence");
        await runtime.AcceptsAsync("bob", fence);
        return (await watch.BeforeAsync(told => told.Envelope.MessageId == fence.MessageId)).Select(told => told.Envelope.MessageId);
    }
}
