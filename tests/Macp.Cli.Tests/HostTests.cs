namespace Macp.Cli.Tests;

/// <summary>A host with a mode of its own has every command with that mode in it.</summary>
public sealed class HostTests : IDisposable
{
    const string Auction = """
        {
          "mode": "ext.auction.v1", "initiator": "auctioneer", "participants": ["ann", "bob"], "mode_version": "1.0.0", "configuration_version": "c", "ttl_ms": 60000,
          "messages": [
            { "sender": "ann", "message_type": "Bid", "payload_type": "example.auction.v1.BidPayload", "payload": { "lot": "x", "amount": 5 }, "expect": "accept" },
            { "sender": "bob", "message_type": "Bid", "payload_type": "example.auction.v1.BidPayload", "payload": { "amount": 6 }, "expect": "reject", "expected_error_code": "INVALID_ENVELOPE" }
          ],
          "expected_final_state": "Open", "expected_mode_state": { "phase": "Bidding", "bids": { "ann": 5 } }, "expect_resolution_present": false
        }
        """;

    readonly Scenario _scenario = new();

    [Fact]
    public async Task It_is_listed_and_shown_beside_the_built_in_ones()
    {
        var stock = await Invocation.OfAsync("modes");
        Assert.Equal(stock.Lines.Count + 1, (await HostAsync("modes")).Lines.Count);
        Assert.Contains("BidAsync", (await HostAsync("modes", "ext.auction.v1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_played_and_conforms()
    {
        string file = _scenario.Write("auction.json", Auction);

        Assert.Equal(0, (await HostAsync("play", file)).Status);
        Assert.Equal("PASS auction\n1 passed, 0 failed, 0 skipped\n", (await HostAsync("conform", file)).Output);
        Assert.Equal("SKIP auction: mode ext.auction.v1 is not hosted\n0 passed, 0 failed, 1 skipped\n", (await Invocation.OfAsync("conform", file)).Output);
        Assert.Equal((2, $"macp: {file}: mode ext.auction.v1 is not hosted\n"), await Invocation.OfAsync("play", file) is var stock ? (stock.Status, stock.Error) : default);
    }

    [Fact]
    public async Task A_mode_that_is_added_twice_is_told_without_a_stack_trace()
    {
        var twice = await Invocation.OfAsync(modes => modes.Add<AuctionMode>().Add<AuctionMode>(), ["modes"]);

        Assert.Equal((1, ""), (twice.Status, twice.Output));
        Assert.Contains("ext.auction.v1 1.0.0 is hosted already", twice.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _scenario.Dispose();

    static Task<Invocation> HostAsync(params string[] args) => Invocation.OfAsync(modes => modes.Add<AuctionMode>(), args);
}
