using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Testing.Tests;

/// <summary>A client that manages the modes of a runtime, and one that watches them.</summary>
public class ModeRegistryTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static readonly ModeDescriptor Chess = new()
    {
        Mode = "ext.chess.v1", ModeVersion = "1.0.0", Title = "Chess", MessageTypes = { "SessionStart", "Move", "Commitment" }, TerminalMessageTypes = { "Commitment" },
    };

    [Fact]
    public async Task An_extension_mode_comes_is_promoted_and_every_change_is_told()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        var client = runtime.Connect("ann");
        await using var watch = runtime.Connect("bob").WatchModeRegistryAsync().GetAsyncEnumerator();

        Assert.True(await NextIsSnapshotAsync(watch));
        await client.RegisterExtModeAsync(Chess);
        Assert.False(await NextIsSnapshotAsync(watch));
        Assert.Equal([Chess], await client.ListExtModesAsync());

        await client.PromoteModeAsync("ext.chess.v1", "com.example.mode.chess.v1");
        Assert.False(await NextIsSnapshotAsync(watch));
        Assert.Empty(await client.ListExtModesAsync());
        Assert.Equal(["macp.mode.decision.v1", "com.example.mode.chess.v1"], (await client.ListModesAsync()).Select(mode => mode.Mode));
    }

    [Fact]
    public async Task An_extension_mode_goes_and_what_cannot_be_is_refused()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        var client = runtime.Connect("ann");
        await client.RegisterExtModeAsync(Chess);

        Assert.Contains("already registered", (await Assert.ThrowsAsync<MacpNackException>(() => client.RegisterExtModeAsync(Chess))).Error.Message, StringComparison.Ordinal);
        Assert.Contains("reserved", (await client.PromoteModeAsync("ext.chess.v1", "macp.mode.chess.v1", new() { ThrowOnNack = false })).Error!.Message, StringComparison.Ordinal);
        await client.UnregisterExtModeAsync("ext.chess.v1");

        Assert.Empty(await client.ListExtModesAsync());
        Assert.Contains("not found", (await Assert.ThrowsAsync<MacpNackException>(() => client.UnregisterExtModeAsync("ext.chess.v1"))).Error.Message, StringComparison.Ordinal);
    }

    static async Task<bool> NextIsSnapshotAsync(IAsyncEnumerator<ModeRegistryChange> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Patience));
        Assert.Equal("modes", watch.Current.Registry);
        return watch.Current.IsSnapshot;
    }
}
