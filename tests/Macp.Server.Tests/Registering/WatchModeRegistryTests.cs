using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>WatchModeRegistry: once at first, and after each change (runtime-semantics 3.6; decisions 18).</summary>
public sealed class WatchModeRegistryTests
{
    [Fact]
    public async Task Who_watches_is_told_at_once_and_after_every_change()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchModeRegistry, "bob");
        await IsToldAsync(runtime, watch);
        foreach (var change in (Func<Task<bool>>[])
            [
                async () => (await runtime.RegisterAsync(Standup.Descriptor())).Ok,
                async () => (await runtime.UnregisterAsync(Standup.Mode)).Ok,
                async () => (await runtime.RegisterAsync(Standup.Descriptor())).Ok,
                async () => (await runtime.PromoteAsync(Standup.Mode, "")).Ok,
            ])
        {
            runtime.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await change());
            await IsToldAsync(runtime, watch);
        }
    }

    [Fact]
    public async Task A_refused_change_is_not_told_nor_is_anything_of_sessions_or_policies()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchModeRegistry, "bob");
        await IsToldAsync(runtime, watch);
        Assert.False((await runtime.RegisterAsync(new())).Ok);
        Assert.False((await runtime.UnregisterAsync(Envelopes.Mode)).Ok);
        Assert.False((await runtime.PromoteAsync("ext.unheard.v1", "")).Ok);
        await runtime.DeliberateAsync();

        runtime.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await runtime.RegisterAsync(Standup.Descriptor())).Ok);
        await IsToldAsync(runtime, watch);
    }

    [Fact]
    public async Task Watchers_do_not_take_each_others_news()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var watches = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => runtime.WatchAsync(Rpc.WatchModeRegistry, "bob"))).Happens();
        foreach (var watch in watches) await IsToldAsync(runtime, watch);
        runtime.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await runtime.RegisterAsync(Standup.Descriptor())).Ok);
        foreach (var watch in watches)
        {
            await IsToldAsync(runtime, watch);
            await watch.DisposeAsync();
        }
    }

    /// <summary>The next thing that is told is of now.</summary>
    static async Task IsToldAsync(TestRuntime runtime, Watch<WatchModeRegistryResponse> watch) =>
        Assert.Equal(new RegistryChanged { Registry = "modes", ObservedAtUnixMs = runtime.Time.NowMs }, (await watch.NextAsync()).Change);
}
