using Google.Protobuf;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>A reader that takes nothing is just further back: no more is held for it than a little and a message.</summary>
public sealed class SlowReaderTests : IAsyncLifetime
{
    const int Size = 100_000, Gathered = 64 * 1024, Around = 1024;

    readonly BodyMeter _meter = new();
    TestRuntime _runtime = null!;

    [Fact]
    public async Task Of_a_large_history_a_stream_holds_one_message_and_a_little()
    {
        string session = await _runtime.OpenAsync();
        for (int i = 0; i < 40; i++) await _runtime.AcceptsAsync("alice", Large(session, i));
        await using var stream = _runtime.Stream("bob");
        await stream.SubscribeAsync(session);
        await _meter.BlocksAsync();
        for (int i = 40; i < 50; i++) await _runtime.Host.Runtime.SendAsync(new("alice"), Large(session, i));
        AssertBounded();

        await stream.CompleteAsync();
        Assert.Equal(51, (await stream.RestAsync()).Count); // and it comes all the same
        AssertBounded();
    }

    [Fact]
    public async Task Of_many_large_sessions_a_watch_holds_one()
    {
        for (int i = 0; i < 40; i++) await _runtime.OpenAsync(start => start.Participants.Add(Enumerable.Range(0, 900).Select(p => $"{p,100}".Replace(' ', 'x'))));
        await using var watch = await _runtime.WatchAsync(Rpc.WatchSessions, "bob");
        await _meter.BlocksAsync();
        AssertBounded();
    }

    [Fact]
    public async Task Of_many_large_signals_a_watch_holds_one()
    {
        await using var watch = await _runtime.WatchAsync(Rpc.WatchSignals, "bob");
        for (int i = 0; i < 40; i++)
        {
            var signal = new SignalPayload { SignalType = "large", Data = ByteString.CopyFrom(new byte[Size]) };
            await _runtime.Host.Runtime.SendAsync(new("alice"), Envelopes.Of("", "Signal", signal, mode: ""));
        }
        await _meter.BlocksAsync();
        AssertBounded();
    }

    public async Task InitializeAsync() => _runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IStartupFilter>(_meter));

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    static Envelope Large(string session, int number) =>
        Envelopes.Of(session, "Proposal", new ProposalPayload { ProposalId = $"p{number}", Option = new('x', Size) });

    void AssertBounded() => Assert.InRange(_meter.Most, Size / 2, Gathered + Size + Around);
}
