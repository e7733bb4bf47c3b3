using Google.Protobuf;
using Macp.Grpc;
using Macp.Wire.V1;
using Macp.Server.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>What holds for every watch as a call: who may, how it begins, how it ends.</summary>
public sealed class WatchCallTests
{
    public static TheoryData<string> Methods => ["WatchSessions", "WatchSignals", "WatchModeRegistry", "WatchRoots", "WatchPolicies"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Nobody_watches(string method)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await WatchAsync(runtime, method, null);
        Assert.StartsWith("UNAUTHENTICATED:", await watch.EndsWithAsync(GrpcStatusCode.Unauthenticated), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Whoever_has_no_right_but_that_to_take_part_may_watch_and_hears_that_it_began_at_once(string method)
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());
        await using var watch = await WatchAsync(runtime, method, "apprentice"); // which waits for the headers
        Assert.NotNull(watch);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_watcher_that_goes_leaves_nothing_running(string method)
    {
        var calls = new OpenCalls();
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IStartupFilter>(calls));
        var watches = new List<Ended>();
        for (int i = 0; i < 20; i++) watches.Add(await WatchAsync(runtime, method, "bob"));
        await calls.BecomesAsync(20);
        foreach (var watch in watches) await watch.DisposeAsync();
        await calls.BecomesAsync(0);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Stopping_ends_a_watch_as_unavailable(string method)
    {
        var runtime = await TestRuntime.StartAsync();
        await using var watch = await WatchAsync(runtime, method, "bob");
        var stopped = runtime.Host.DisposeAsync().AsTask();
        await watch.EndsWithAsync(GrpcStatusCode.Unavailable);
        await stopped.Happens();
        runtime.Channel.Dispose();
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_watch_with_a_deadline_ends_with_it(string method)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await WatchAsync(runtime, method, "bob", TimeSpan.FromMinutes(5));
        runtime.Time.Advance(TimeSpan.FromMinutes(5)); // which is the server's word; the client would wait
        await watch.EndsWithAsync(GrpcStatusCode.DeadlineExceeded);
    }

    static Task<Ended> WatchAsync(TestRuntime runtime, string method, string? sender, TimeSpan? timeout = null)
    {
        var options = timeout is { } limit ? new GrpcCallOptions { Metadata = Rpc.As(sender).Metadata, Timeout = limit } : Rpc.As(sender);
        return method switch
        {
            "WatchSessions" => Of(Rpc.WatchSessions),
            "WatchSignals" => Of(Rpc.WatchSignals),
            "WatchModeRegistry" => Of(Rpc.WatchModeRegistry),
            "WatchRoots" => Of(Rpc.Of<WatchRootsRequest, WatchRootsResponse>(method)),
            _ => Of(Rpc.WatchPolicies),
        };

        async Task<Ended> Of<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> rpc)
            where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
            where TResponse : class, IMessage<TResponse>, IBufferMessage
        {
            var watch = await Watch<TResponse>.BeginAsync(runtime.Channel, rpc, options);
            return new(code => watch.BeforeAsync(_ => false).FailsWith(code), watch);
        }
    }

    /// <summary>A watch of which only the end counts.</summary>
    sealed class Ended(Func<GrpcStatusCode, Task<string>> endsWith, IAsyncDisposable call) : IAsyncDisposable
    {
        public Task<string> EndsWithAsync(GrpcStatusCode code) => endsWith(code);

        public ValueTask DisposeAsync() => call.DisposeAsync();
    }
}
