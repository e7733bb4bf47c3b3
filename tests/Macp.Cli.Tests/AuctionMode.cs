using Macp.Cli.Tests.Wire;
using Macp.Modes;

namespace Macp.Cli.Tests;

/// <summary>A mode such as a host brings along.</summary>
[Mode("ext.auction.v1", Title = "Auction Mode", Description = "The highest bid wins.")]
public sealed partial class AuctionMode
{
    public enum Phase { Bidding, Committed }

    public sealed partial class State
    {
        public Dictionary<string, int> Bids { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("Bid", During = [Phase.Bidding])]
    [Required(nameof(BidPayload.Lot))]
    static void Bidden(State state, BidPayload bid, MessageContext message) => state.Bids[message.Sender] = bid.Amount;

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? Sold(State state) => state.Bids.Count > 0 ? null : Rejection.InvalidEnvelope("nobody has bid");
}
