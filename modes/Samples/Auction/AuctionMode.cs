using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Auctions.Wire;
using Macp.Modes;

namespace Auctions;

/// <summary>A sealed-bid auction of one lot. Everybody in a session reads every message, so a bid is a seal until the bidding is closed.</summary>
[Mode("com.example.mode.auction.v1", Title = "Sealed-Bid Auction", Description = "Bids are sealed, then revealed; the highest wins.",
    Rules = typeof(AuctionRules))]
public sealed partial class AuctionMode
{
    /// <summary>How far the auction has come.</summary>
    public enum Phase
    {
        /// <summary>Nothing is offered yet.</summary>
        Pending,

        /// <summary>Participants seal their bids.</summary>
        Bidding,

        /// <summary>Bidders reveal what they sealed.</summary>
        Revealing,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>A bid that was revealed.</summary>
    public sealed record Bid(string Bidder, long Amount);

    /// <summary>What the accepted history adds up to.</summary>
    public sealed partial class State
    {
        /// <summary>What is for sale; null until the auction is open.</summary>
        public string? Lot { get; internal set; }

        /// <summary>The seals by bidder.</summary>
        public Dictionary<string, string> Seals { get; } = new(StringComparer.Ordinal);

        /// <summary>The amounts that were revealed, by bidder, in cents.</summary>
        public Dictionary<string, long> Amounts { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("OpenAuction", From = Role.Initiator, During = [Phase.Pending], MovesTo = Phase.Bidding)]
    [Required(nameof(OpenAuctionPayload.Lot))]
    static void Opened(State state, OpenAuctionPayload auction) => state.Lot = auction.Lot;

    [Message<Phase>("Bid", During = [Phase.Bidding])]
    [Required(nameof(BidPayload.Seal)), OncePerSender(In = nameof(State.Seals))]
    static void Sealed(State state, BidPayload bid, MessageContext message) => state.Seals.Add(message.Sender, bid.Seal);

    [Message<Phase>("CloseBidding", From = Role.Initiator, During = [Phase.Bidding], MovesTo = Phase.Revealing)]
    static void Closed(State state, CloseBiddingPayload _)
    {
        // All that it means is the phase that follows.
    }

    [Message<Phase>("Reveal", During = [Phase.Revealing])]
    [InRange(nameof(RevealPayload.Amount), 1, 1_000_000_000), Required(nameof(RevealPayload.Nonce)), OncePerSender(In = nameof(State.Amounts))]
    static void Revealed(State state, RevealPayload bid, MessageContext message) => state.Amounts.Add(message.Sender, bid.Amount);

    [Guard("Reveal")] // what no attribute can say
    static Rejection? OpensTheSeal(State state, RevealPayload bid, MessageContext message) =>
        state.Seals.TryGetValue(message.Sender, out string? seal) && seal == SealOf(state.Lot!, message.Sender, bid.Amount, bid.Nonce) ? null
            : Rejection.InvalidEnvelope("the sender sealed no bid of this amount and nonce");

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? IsDecided(State state, AuctionRules rules, bool positive) =>
        state.Phase is not Phase.Revealing ? Rejection.InvalidEnvelope("the bidding is not closed")
        : positive && WinningBid(state) is null ? Rejection.InvalidEnvelope("nobody has revealed a bid")
        : !positive && CanBeSold(state, rules) ? Rejection.InvalidEnvelope("there is a bid to sell the lot to") : null;

    [Policy]
    static IEnumerable<string> Denials(State state, AuctionRules rules, bool positive)
    {
        if (!positive) yield break;
        if (state.Amounts.Count < rules.MinimumBids) yield return $"minimum_bids: {state.Amounts.Count} of {rules.MinimumBids} bids are revealed";
        if (WinningBid(state)?.Amount < rules.ReservePrice) yield return "reserve_price: the highest bid is below it";
    }

    /// <summary>The highest bid that was revealed, of equal ones the one that was sealed first; null when there is none.</summary>
    public static Bid? WinningBid(State state) => state.Seals.Keys
        .Where(state.Amounts.ContainsKey).Select(bidder => new Bid(bidder, state.Amounts[bidder])).MaxBy(bid => bid.Amount);

    /// <summary>The seal of a bid. The nonce is the bidder's secret until it reveals; a short one lets others try every amount.</summary>
    public static string SealOf(string lot, string bidder, long amount, string nonce) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{lot}:{bidder}:{amount}:{nonce}"))));

    static bool CanBeSold(State state, AuctionRules rules) => WinningBid(state) is not null && !Denials(state, rules, positive: true).Any();
}
