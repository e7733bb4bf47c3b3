using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>The runtime's roots, of which there are none (runtime-semantics 3.6 and 4.2, decisions 18).</summary>
public sealed class RootsTests
{
    static readonly GrpcMethod<ListRootsRequest, ListRootsResponse> ListRoots = Rpc.Of<ListRootsRequest, ListRootsResponse>("ListRoots");
    static readonly GrpcMethod<WatchRootsRequest, WatchRootsResponse> WatchRoots = Rpc.Of<WatchRootsRequest, WatchRootsResponse>("WatchRoots");

    [Theory]
    [InlineData("authorization", "Bearer alice")]
    [InlineData("authorization", "Basic alice")]
    [InlineData("x-none", "")]
    public async Task Anybody_is_told_that_there_are_none(string header, string value)
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.Equal(new ListRootsResponse(), await runtime.Channel.UnaryAsync(ListRoots, new(), Rpc.As(null, (header, value))).Happens());
    }

    [Fact]
    public async Task A_watch_tells_the_time_at_once_and_stays_open_until_its_client_ends_it()
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var client = new CancellationTokenSource();
        await using var watch = runtime.Channel.ServerStreaming(WatchRoots, new(), Rpc.As("alice")).GetAsyncEnumerator(client.Token);

        Assert.True(await watch.MoveNextAsync().Happens());
        Assert.Equal(new WatchRootsResponse { Change = new() { ObservedAtUnixMs = runtime.Time.NowMs } }, watch.Current);

        var next = watch.MoveNextAsync().AsTask();
        // Time, and calls on the same connection, make no change of it.
        runtime.Time.Advance(TimeSpan.FromDays(1));
        await runtime.OpenAsync();
        Assert.False(next.IsCompleted);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Happens());
    }

    [Fact]
    public async Task A_watch_ends_as_unavailable_when_the_server_stops()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = runtime.Channel.ServerStreaming(WatchRoots, new(), Rpc.As("alice")).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync().Happens());
        var next = watch.MoveNextAsync().AsTask();

        await runtime.Host.DisposeAsync().AsTask().Happens();

        await next.FailsWith(GrpcStatusCode.Unavailable);
    }

    [Theory]
    [InlineData("x-none", "")]
    [InlineData("authorization", "Basic alice")]
    [InlineData("authorization", "Bearer ")]
    public async Task Without_a_credential_that_is_right_nothing_is_watched(string header, string value)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = runtime.Channel.ServerStreaming(WatchRoots, new(), Rpc.As(null, (header, value))).GetAsyncEnumerator();
        Assert.StartsWith("UNAUTHENTICATED:", await watch.MoveNextAsync().AsTask().FailsWith(GrpcStatusCode.Unauthenticated), StringComparison.Ordinal);
    }
}
