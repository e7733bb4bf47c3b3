using Auctions;
using Macp.Client;
using Macp.Testing;
using Macp.Tests;
using static Auctions.AuctionMode;

namespace Macp.Modes.Samples.Tests;

/// <summary>The auction, against a runtime. What the README tests of it is tested there.</summary>
public sealed class AuctionTests : IAsyncLifetime
{
    TestRuntime _runtime = null!;
    AuctionSession _auctioneer = null!, _ann = null!, _bob = null!;

    public async Task InitializeAsync()
    {
        _runtime = await TestRuntime.StartAsync(modes => modes.Add<AuctionMode>());
        await OpenAsync();
    }

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    [Fact]
    public async Task Of_equal_bids_the_one_that_was_sealed_first_wins()
    {
        await SealAsync(_bob, "bob", 100);
        await SealAsync(_ann, "ann", 100);
        await _auctioneer.CloseBiddingAsync();
        await _ann.RevealAsync(100, "nonce");
        await _bob.RevealAsync(100, "nonce");
        await CommitAsync(sold: true);

        Assert.Equal(new("bob", 100), (await WholeAsync()).WinningBid);
    }

    [Fact]
    public async Task A_bid_that_is_not_revealed_does_not_count()
    {
        await SealAsync(_ann, "ann", 100);
        await SealAsync(_bob, "bob", 200);
        await _auctioneer.CloseBiddingAsync();
        await _ann.RevealAsync(100, "nonce");
        await CommitAsync(sold: true);

        Assert.Equal(new("ann", 100), (await WholeAsync()).WinningBid);
    }

    [Fact]
    public async Task A_copied_seal_is_of_no_use_even_when_its_amount_and_nonce_are_known()
    {
        await SealAsync(_ann, "ann", 100);
        await _bob.BidAsync((await WholeAsync(stopAt: "Bid")).Seals["ann"]);
        await _auctioneer.CloseBiddingAsync();
        await _ann.RevealAsync(100, "nonce");

        await RefusedAsync("INVALID_ENVELOPE", "sealed no bid", () => _bob.RevealAsync(100, "nonce"));
    }

    [Theory]
    [InlineData(99, "nonce"), InlineData(101, "nonce"), InlineData(100, "Nonce"), InlineData(10, "0:nonce")]
    public async Task A_bid_is_revealed_as_it_was_sealed(long amount, string nonce)
    {
        await SealAsync(_ann, "ann", 100);
        await _auctioneer.CloseBiddingAsync();

        await RefusedAsync("INVALID_ENVELOPE", "sealed no bid", () => _ann.RevealAsync(amount, nonce));
        await RefusedAsync("INVALID_ENVELOPE", "sealed no bid", () => _bob.RevealAsync(amount, nonce));
    }

    [Fact]
    public async Task A_bid_is_sealed_once_and_revealed_once_each_in_its_phase()
    {
        await SealAsync(_ann, "ann", 100);
        await RefusedAsync("INVALID_ENVELOPE", "", () => SealAsync(_ann, "ann", 200));
        await RefusedAsync("INVALID_ENVELOPE", "", () => _ann.RevealAsync(100, "nonce"));
        await _auctioneer.CloseBiddingAsync();
        await RefusedAsync("INVALID_ENVELOPE", "", () => SealAsync(_bob, "bob", 300));
        await _ann.RevealAsync(100, "nonce");
        await RefusedAsync("INVALID_ENVELOPE", "", () => _ann.RevealAsync(100, "nonce"));
    }

    [Fact]
    public async Task The_auctioneer_runs_the_auction_and_the_participants_bid()
    {
        await RefusedAsync("FORBIDDEN", "", () => _ann.CloseBiddingAsync());
        await RefusedAsync("FORBIDDEN", "", () => SealAsync(_auctioneer, "auctioneer", 100));
        await RefusedAsync("FORBIDDEN", "", () => SealAsync(Of("eve"), "eve", 100));
    }

    [Fact]
    public async Task It_is_decided_after_the_bidding_and_by_what_was_revealed()
    {
        await SealAsync(_ann, "ann", 100);
        await RefusedAsync("INVALID_ENVELOPE", "the bidding is not closed", () => CommitAsync(sold: false));
        await _auctioneer.CloseBiddingAsync();
        await RefusedAsync("INVALID_ENVELOPE", "nobody has revealed", () => CommitAsync(sold: true));
        await _ann.RevealAsync(100, "nonce");
        await RefusedAsync("INVALID_ENVELOPE", "a bid to sell the lot to", () => CommitAsync(sold: false));
        await CommitAsync(sold: true);
    }

    [Fact]
    public async Task It_fails_when_nobody_reveals_a_bid()
    {
        await SealAsync(_ann, "ann", 100);
        await _auctioneer.CloseBiddingAsync();
        await CommitAsync(sold: false);

        var projection = await WholeAsync();
        Assert.Null(projection.WinningBid);
        Assert.False(projection.IsPositiveOutcome);
    }

    [Fact]
    public async Task A_policy_denies_a_sale_below_its_rules_with_every_reason_and_then_it_may_fail()
    {
        await OpenAsync("policy.example.auction");
        await SealAsync(_ann, "ann", 99_99);
        await _auctioneer.CloseBiddingAsync();
        await _ann.RevealAsync(99_99, "nonce");
        var denied = await RefusedAsync("POLICY_DENIED", "", () => CommitAsync(sold: true));
        await CommitAsync(sold: false);

        Assert.Equal(["minimum_bids: 1 of 2 bids are revealed", "reserve_price: the highest bid is below it"], denied.Reasons);
    }

    [Fact]
    public async Task What_a_policy_lets_be_sold_cannot_fail()
    {
        await OpenAsync("policy.example.auction");
        await SealAsync(_ann, "ann", 1_00);
        await SealAsync(_bob, "bob", 100_00);
        await _auctioneer.CloseBiddingAsync();
        await _ann.RevealAsync(1_00, "nonce");
        await _bob.RevealAsync(100_00, "nonce");

        await RefusedAsync("INVALID_ENVELOPE", "a bid to sell the lot to", () => CommitAsync(sold: false));
        await CommitAsync(sold: true);
    }

    [Fact]
    public void A_policy_asks_for_one_bid_at_least_and_for_no_negative_price()
    {
        Assert.Contains("minimum_bids", Assert.Throws<InvalidPolicyException>(() => AuctionPolicy.Create("policy.a", "", new() { MinimumBids = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("reserve_price", Assert.Throws<InvalidPolicyException>(() => AuctionPolicy.Create("policy.a", "", new() { ReservePrice = -1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scenario_goes_as_it_says()
    {
        var scenario = FixtureReader.ReadFile(Path.Combine(SharedFolder.Repository, "modes", "Samples", "Auction", "auction.json"));
        var events = new List<FixtureEvent>();
        await foreach (var happened in new FixtureRunner(new ModeCatalog().Add<AuctionMode>(), _runtime.Endpoint).PlayAsync(scenario)) events.Add(happened);

        Assert.Empty(Assert.IsType<FixtureEvent.Finished>(events[^1]).Failures);
    }

    async Task OpenAsync(string policy = "policy.default")
    {
        _auctioneer = new(_runtime.Connect("auctioneer"), new() { PolicyVersion = policy });
        (_ann, _bob) = (Of("ann"), Of("bob"));
        await _auctioneer.StartAsync(new() { Intent = "sell a painting", Participants = ["ann", "bob"], TimeToLive = TimeSpan.FromMinutes(5) });
        await _auctioneer.OpenAuctionAsync("painting");
    }

    AuctionSession Of(string name) => new(_runtime.Connect(name), new() { SessionId = _auctioneer.SessionId });

    static Task SealAsync(AuctionSession session, string bidder, long amount) => session.BidAsync(SealOf("painting", bidder, amount, "nonce"));

    Task CommitAsync(bool sold) => _auctioneer.CommitAsync(new() { Action = sold ? "auction.completed" : "auction.failed", AuthorityScope = "the painting", Reason = "as revealed" });

    /// <summary>The projection of the whole history, or of the history up to the first message of a type.</summary>
    async Task<AuctionProjection> WholeAsync(string stopAt = "Commitment")
    {
        var observer = Of("ann");
        await foreach (var item in observer.FollowAsync())
            if (item is SessionStreamItem.Accepted accepted && accepted.Envelope.MessageType == stopAt) break;
        return observer.Projection;
    }

    static async Task<MacpNackException> RefusedAsync(string code, string reason, Func<Task> send)
    {
        var refused = await Assert.ThrowsAsync<MacpNackException>(send);
        Assert.Equal(code, refused.Code.Value);
        Assert.Contains(reason, refused.Error.Message, StringComparison.Ordinal);
        return refused;
    }
}
